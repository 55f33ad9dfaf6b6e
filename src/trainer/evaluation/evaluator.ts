// The trainer's side of the evaluator process: starts it, sends it generated images, and receives their metrics.
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { evaluationMetrics, isEvaluated, metrics, type EvaluatedMetricId } from '../../catalog';
import { identifyData, type DataSource } from '../../data';
import type { Experiment } from '../../experiment';
import { packageVersion } from '../../files/packageVersion';
import type { Protocol } from '../../protocol/metricProtocol';
import { plural } from '../../shared/text';
import { UserError } from '../../shared/userError';
import { settingError, type ExperimentSource } from '../inputErrors';
import type { Row } from '../trainerEvents';
import { dataProtocol } from './dataProtocol';
import type { EvaluatorReply, EvaluatorRequest, LabeledBytes } from './evaluatorMessages';
import { classifierData, classifierProtocol, type ClassifierData } from './imageClassifier';
import { collectSamples, sampleBytes } from './sampleArray';

export interface Evaluator {
  readonly metrics: readonly EvaluatedMetricId[];
  /** Number of generated images that it needs. */
  readonly samples: number;
  /** How each metric is computed. */
  readonly protocols: Readonly<Record<string, Protocol>>;
  /** The metrics of images, as bytes [samples, ...shape]. Rejects if the process ended or a metric fails. */
  measure(generated: Uint8ClampedArray): Promise<Row>;
  close(): void;
}

export interface EvaluatorContext {
  readonly data: DataSource;
  readonly source: ExperimentSource;
  /** Path of the bundled process, dist/evaluator-process.cjs. */
  readonly evaluatorProcess: string;
  readonly signal: AbortSignal;
}

/**
 * Starts the evaluator of an experiment; null if none of its metrics needs one. Throws an InputError if the feature
 * network or the data cannot be used.
 */
export async function openEvaluator(experiment: Experiment, context: EvaluatorContext): Promise<Evaluator | null> {
  const ids = experiment.metrics.filter(isEvaluated);
  if (ids.length === 0) return null;
  const { data, source, signal } = context;
  const refuse = (at: readonly (string | number)[], message: string): Error =>
    settingError(source, 'evaluation', at, message);
  const at = (id: EvaluatedMetricId) => ['metrics', experiment.metrics.indexOf(id)];
  const labeled = ids.includes('classes') ? classifierData(data) : null;
  if (ids.includes('classes') && !labeled)
    throw refuse(
      at('classes'),
      'The metric "classes" needs images with classes, and the classes of this data are not known. Remove the metric.',
    );

  const hasHeldOut = experiment.data.validation > 0 && data.validationSize > 0;
  const split = hasHeldOut ? 'held-out' : 'training';
  const { samples, features, layer, range } = experiment.evaluation;
  const real = Math.min(samples, hasHeldOut ? data.validationSize : data.size);
  const tooFew = ids.find(
    (id) => Math.min(samples, metrics[id].needs === 'labels' ? samples : real) < metrics[id].least,
  );
  if (tooFew)
    throw refuse(
      at(tooFew),
      `The metric "${tooFew}" needs at least ${metrics[tooFew].least} real samples, but there are only ${plural(real, `${split} sample`)}. Add samples, or remove the metric.`,
    );
  if (sampleBytes(samples + real, data.shape) > maxBytes)
    throw refuse(
      ['evaluation', 'samples'],
      `evaluation.samples is ${samples}, too many samples of [${data.shape.join(', ')}] for the memory. Lower it.`,
    );

  const needsFeatures = ids.some((id) => metrics[id].needs === 'features');
  const realSamples = needsFeatures ? await drawReal(experiment, data, hasHeldOut, real) : new Uint8ClampedArray(0);
  const child = startProcess(context.evaluatorProcess, signal);
  try {
    const opened = await child.ask({
      kind: 'open',
      metrics: ids,
      shape: data.shape,
      seed: experiment.seed,
      features:
        needsFeatures && features !== null
          ? {
              file: path.resolve(path.dirname(source.path), features),
              ...(layer === null ? {} : { layer }),
              range,
              names: { file: 'evaluation.features', layer: 'evaluation.layer' },
              threads: 1,
            }
          : null,
      real: realSamples,
      labeled: labeled && labeledBytes(labeled),
    });
    const common = {
      split,
      data: dataProtocol(experiment, await identifyData(data.files)),
      shape: data.shape,
      seed: experiment.seed,
      version: packageVersion(),
    } as const;
    const protocolOf = (id: EvaluatedMetricId): Protocol => {
      const { most, needs } = evaluationMetrics[id];
      const counted = { ...common, generated: Math.min(most, samples) };
      return needs === 'labels' && labeled
        ? { ...counted, real: 0, classifier: classifierProtocol(labeled) }
        : {
            ...counted,
            real: Math.min(most, real),
            ...(opened.kind === 'opened' && opened.features ? { features: opened.features } : {}),
          };
    };
    return {
      metrics: ids,
      samples,
      protocols: Object.fromEntries(ids.map((id) => [id, protocolOf(id)])),
      measure: async (generated) => {
        const measured = await child.ask({ kind: 'measure', generated });
        return measured.kind === 'measured' ? measured.values : {};
      },
      close: child.close,
    };
  } catch (error) {
    child.close();
    signal.throwIfAborted();
    throw error instanceof UserError ? refuse(['evaluation', 'features'], error.message) : error;
  }
}

/** Bytes of the samples of both sets. */
const maxBytes = 2 ** 30;
/** Real samples that are drawn at once. */
const realBatch = 64;

/** The first real samples of the split, the same for each step, as bytes. */
async function drawReal(
  { seed }: Experiment,
  data: DataSource,
  isHeldOut: boolean,
  count: number,
): Promise<Uint8ClampedArray> {
  const fill = isHeldOut ? data.validationBatch : data.batch;
  const drawn = await collectSamples(
    count,
    data.shape,
    Math.min(realBatch, count),
    (k, out) => fill({ seed, stream: 'evaluate/real', step: k }, out),
    () => {
      throw new Error('assertion failed: images are numbers');
    },
  );
  // Memory that threads share cannot be sent to a process.
  return Uint8ClampedArray.from(drawn.stored);
}

function labeledBytes({ training, held, classCount, realClasses }: ClassifierData): LabeledBytes {
  const bytes = ({ values, classes }: ClassifierData['held']) => ({
    bytes: Uint8ClampedArray.from(values, (value) => value * 255),
    classes: Uint8Array.from(classes),
  });
  return { training: bytes(training), held: bytes(held), classCount, realClasses: Uint8Array.from(realClasses) };
}

interface Answering {
  /** Sends a request when the earlier ones are answered. */
  ask(request: EvaluatorRequest): Promise<EvaluatorReply>;
  close(): void;
}

function startProcess(file: string, signal: AbortSignal): Answering {
  const child = fork(file, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
  const ended = new Promise<never>((_, reject) => {
    child.on('error', reject);
    child.on('exit', (code, killedBy) =>
      reject(
        new UserError('evaluator', `The process that computes it exited unexpectedly (${killedBy ?? `code ${code}`}).`),
      ),
    );
  });
  // It may end while nothing is asked.
  ended.catch(() => {});
  const close = (): void => void child.kill('SIGKILL');
  if (signal.aborted) close();
  else signal.addEventListener('abort', close, { once: true });
  let last: Promise<unknown> = Promise.resolve();
  return {
    ask: (request) => {
      const reply = last.then(() => Promise.race([answered(child, request), ended]));
      last = reply.catch(() => {});
      return reply;
    },
    close,
  };
}

/** The exit of a process follows the end of its channel within this time, on a busy machine too. */
const exitMs = 5000;

function answered(child: ChildProcess, request: EvaluatorRequest): Promise<EvaluatorReply> {
  return new Promise((resolve, reject) => {
    child.once('message', (reply: EvaluatorReply) => {
      if (reply.kind !== 'failed') resolve(reply);
      else reject(reply.isUserError ? new UserError('evaluator', reply.message) : new Error(reply.message));
    });
    // The channel of a process that was killed closes before its exit is known, which says why.
    child.send(request, (error) => {
      if (error) setTimeout(() => reject(error), exitMs).unref();
    });
  });
}
