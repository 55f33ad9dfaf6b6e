// `earthmover evaluate`: metrics of the generator of a checkpoint, with the protocol of each number.
import path from 'node:path';
import { evaluationMetrics, featureRanges, type EvaluationMetricId } from '../../catalog';
import { protocolDifferences } from '../../protocol/metricProtocol';
import { readEvaluations, type MetricResult } from '../../run/evaluations';
import { clean, plural, significant } from '../../shared/text';
import { wholeNumber, type Arguments } from '../arguments';
import { taskWorker } from '../bundlePaths';
import { checkpointChoice } from '../checkpointChoice';
import { type CommandHandler, type Context } from '../command';
import { errors } from '../errors';
import { exitCode } from '../exitCodes';
import { alignColumns } from '../format';
import { onInterrupt } from '../interrupts';
import { toJson } from '../output';
import { runDirectory } from '../runDirectory';
import { type evaluateOptions } from './options';

export const evaluate: CommandHandler<typeof evaluateOptions> = async (context, { values, rest }) => {
  const { out, err } = context;
  const run = runDirectory(rest[0]);
  const other = values.compare === undefined ? undefined : runDirectory(values.compare);
  const request = requestOf(values);
  const { evaluateRun } = await import('../../trainer/train');
  const abort = new AbortController();
  const release = onInterrupt({ onFirst: () => abort.abort() });
  try {
    const { signal } = abort;
    const progress = (text: string): void => {
      if (out.terminal && !values.json) out.redraw(text);
    };
    const { notes, ...evaluation } = await evaluateRun({ ...request, run, taskWorker, signal, progress }).finally(() =>
      progress(''),
    );
    for (const note of notes) err.line(`warning: ${clean(note)}`);
    const { step, results } = evaluation;
    if (values.json) out.line(toJson({ event: 'evaluation', run, ...evaluation, notes }));
    const compared = other === undefined ? undefined : comparable(other, results);
    if (values.json) {
      if (compared) out.line(toJson({ event: 'compared', run: other, results: compared }));
    } else {
      out.line(`${out.style.bold(path.basename(run))}, step ${step}: ${describeSamples(results)}`);
      out.line();
      printTable(context, results, compared && { run: path.basename(other ?? ''), results: compared });
    }
    return exitCode.ok;
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    err.line('Interrupted. No numbers were recorded.');
    return exitCode.interrupted;
  } finally {
    release();
  }
};

const splits = ['held-out', 'training'] as const;

function requestOf(values: Arguments<typeof evaluateOptions>['values']) {
  const { features, layer, range } = values;
  for (const [name, value] of [
    ['layer', layer],
    ['range', range],
  ] as const)
    if (value !== undefined && features === undefined) throw errors.optionWithout(name, 'features');
  return {
    checkpoint: checkpointChoice(values),
    samples: wholeNumber('--samples', values.samples, { least: 1, example: '2500' }),
    seed: wholeNumber('--seed', values.seed, { least: 0, example: '1' }) ?? 0,
    split: values.split === undefined ? undefined : oneOf('--split', values.split, splits),
    metrics: values.metrics?.split(',').map((id) => oneOf('--metrics', id.trim(), metricIds)),
    features:
      features === undefined
        ? undefined
        : {
            file: features,
            layer,
            range: oneOf('--range', range ?? featureRanges[0], featureRanges),
            names: { file: '--features', layer: '--layer' },
          },
  };
}

const metricIds = Object.keys(evaluationMetrics) as EvaluationMetricId[];

function oneOf<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw errors.notOneOf(option, text, choices);
  return found;
}

/** The newest results of another run by the same metrics and protocols. Throws a UserError if there are none. */
function comparable(run: string, results: readonly MetricResult[]): MetricResult[] {
  const earlier = readEvaluations(run)
    .flatMap((evaluation) => evaluation.results)
    .reverse();
  const missing = results.filter(({ metric }) => !earlier.some((other) => other.metric === metric));
  if (missing.length > 0)
    throw errors.notEvaluated(
      run,
      missing.map(({ metric }) => metric),
    );
  return results.map(({ metric, protocol }) => {
    const same = earlier.filter((other) => other.metric === metric);
    const found = same.find((other) => protocolDifferences(protocol, other.protocol).length === 0);
    if (!found) throw errors.otherProtocol(run, metric, protocolDifferences(protocol, same[0].protocol));
    return found;
  });
}

function describeSamples(results: readonly MetricResult[]): string {
  const { split, seed, features } = results[0].protocol;
  const network = results.find(({ protocol }) => protocol.features)?.protocol.features ?? features;
  const origin = { training: 'the training split', 'held-out': 'the held-out split', distribution: 'the distribution' }[
    split
  ];
  const by = network
    ? `; features "${network.layer}" (${network.dimensions}) of ${network.sha256.slice(0, 12)}, ${network.input}`
    : '';
  return `real samples from ${origin}, seed ${seed}${by}`;
}

function printTable(
  { out }: Context,
  results: readonly MetricResult[],
  other?: { readonly run: string; readonly results: readonly MetricResult[] },
): void {
  const rows = results.flatMap(({ metric, values, protocol: { generated, real } }, k) => {
    const labels: Readonly<Record<string, { readonly label: string }>> =
      evaluationMetrics[metric as EvaluationMetricId].yields;
    const samples = real > 0 ? `${generated} generated, ${real} real` : plural(generated, 'sample');
    return Object.entries(values).map(([name, value]) => [
      labels[name].label,
      shown(value),
      ...(other ? [shown(other.results[k].values[name])] : []),
      samples,
    ]);
  });
  const [head, ...lines] = alignColumns([['metric', 'value', ...(other ? [other.run] : []), 'samples'], ...rows]);
  out.line(out.style.bold(head));
  for (const line of lines) out.line(line);
}

const shown = (value: number | undefined): string =>
  value === undefined ? '' : Number.isFinite(value) ? String(significant(value)) : 'NaN';
