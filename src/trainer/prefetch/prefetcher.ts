// Provides the inputs of a run's steps; a worker thread prefetches their batches and random numbers while the engine
// computes.
import os from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SampleSet } from '../../data';
import type { Session } from '../session';
import type { Progress } from '../trainingLoop';
import { createRandomInputs, type InputPlan, type RandomInputs } from './randomInputs';
import { createConsumer, createRingBuffer, type Consumer, type RingBuffer } from './ringBuffer';
import { createStepInputs, type StepInputs } from './stepInputs';

export interface PrefetchOptions {
  /** Path of the bundled worker, dist/prefetch-worker.cjs; null to disable prefetching. */
  readonly prefetchWorker: string | null;
  readonly from: Progress;
  /** Writes a line to the log. */
  readonly log: (line: string) => void;
}

/** The data of the worker thread. */
export interface PrefetchJob {
  readonly plan: InputPlan;
  readonly samples: SampleSet;
  readonly ring: RingBuffer;
}

/**
 * Starts the worker thread, which does not keep the process alive; close it before the data, whose file it reads. If
 * the thread fails, inputs are drawn on this thread instead, which also throws the error of damaged data.
 */
export function openPrefetcher(session: Session, options: PrefetchOptions): StepInputs & { close(): Promise<void> } {
  const { experiment, data, critic, generator, validation } = session;
  const inputs = { critic: critic.inputs, generator: generator.inputs, validation: validation?.inputs ?? {} };
  const plan = { seed: experiment.seed, latent: experiment.latent, inputs };
  const randomInputs = createRandomInputs(plan, data);
  const thread = isWorthwhile(options) ? startThread(plan, data.sampleSet, randomInputs, options) : null;
  return {
    ...createStepInputs(experiment, data, inputs, randomInputs, thread),
    close: async () => {
      if (!thread) return;
      await thread.end();
      const { requested, ready } = thread.counts();
      options.log(`prefetch: the inputs of ${ready} of ${requested} updates were ready`);
    },
  };
}

/**
 * Prefetching gains most if the engine leaves a core idle (bench/RESULTS.md); on a single core it cannot gain anything.
 */
const isWorthwhile = (options: PrefetchOptions): options is PrefetchOptions & { readonly prefetchWorker: string } =>
  options.prefetchWorker !== null && os.availableParallelism() > 1;

interface PrefetchThread extends Consumer {
  end(): Promise<unknown>;
}

/** Null if the thread cannot be started. */
function startThread(
  plan: InputPlan,
  samples: SampleSet,
  randomInputs: RandomInputs,
  { prefetchWorker, from, log }: PrefetchOptions & { readonly prefetchWorker: string },
): PrefetchThread | null {
  const ring = createRingBuffer(randomInputs, { critic: from.criticUpdates, generator: from.step + 1 });
  const workerData: PrefetchJob = { plan, samples, ring };
  const onError = ({ message }: Error): void => log(`prefetch: disabled after an error: ${message}`);
  try {
    const worker = new Worker(prefetchWorker, { name: 'earthmover prefetch', workerData });
    worker.unref();
    worker.on('error', onError);
    return { ...createConsumer(ring), end: () => worker.terminate() };
  } catch (error) {
    onError(error as Error);
    return null;
  }
}
