// `earthmover graph`: prints the graph of a training step before and after optimization, and the cost after each pass.
import { shortOverride } from '../../experiment';
import { type CommandHandler } from '../command';
import { errors } from '../errors';
import { exitCode } from '../exitCodes';
import { usableExperiment } from '../experimentFile';
import { toJson } from '../output';
import { type graphOptions } from './options';
import { taskWorker } from '../bundlePaths';
import { clean, plural } from '../../shared/text';

const steps = ['critic', 'generator'] as const;

export const graph: CommandHandler<typeof graphOptions> = async (context, { values, rest }) => {
  const { out, err } = context;
  const step = steps.find((name) => name === (values.step ?? 'critic'));
  if (!step) throw errors.notOneOf('--step', values.step ?? '', steps);
  const device = values.device === undefined ? [] : [shortOverride('device', values.device)];
  const { experiment, source } = usableExperiment(context, rest[0], device);

  const { compileStepGraph } = await import('../../trainer/train');
  const note = (message: string): void => err.line(clean(message));
  const compiled = await compileStepGraph({ experiment, source, step, taskWorker, notice: note });
  const { runtime, threads, graph } = compiled;
  if (values.json) {
    out.line(toJson({ step, runtime, device: compiled.device, threads, ...graph }));
    return exitCode.ok;
  }
  const { bold, dim } = out.style;
  const section = (title: string, text: string): void => {
    out.line(bold(title));
    for (const line of text.split('\n')) out.line(clean(line));
    out.line();
  };
  section(`${step === 'critic' ? 'Critic' : 'Generator'} step as recorded`, graph.recorded);
  section('After optimization', graph.optimized);
  out.line(bold(`${runtime} on ${compiled.device}, ${plural(threads, 'thread')}`));
  for (const line of table(graph.passes)) out.line(line);
  out.line(dim('Each line includes the passes above it. MiB counts the bytes that all nodes read and write.'));
  return exitCode.ok;
};

/** One line per pass, in columns. */
function table(
  passes: readonly {
    readonly pass: string;
    readonly nodes: number;
    readonly flops: number;
    readonly bytes: number;
  }[],
): string[] {
  const rows = [
    ['after pass', 'nodes', 'GFLOP', 'MiB'],
    ...passes.map(({ pass, nodes, flops, bytes }) => [
      pass,
      String(nodes),
      (flops / 1e9).toPrecision(4),
      (bytes / 2 ** 20).toFixed(1),
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column] + 3)))
      .join(''),
  );
}
