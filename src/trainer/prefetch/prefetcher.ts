// The feeder of a run: what its next updates draw is prepared by a thread of its own while the engine computes.
import os from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SampleSet } from '../../data';
import { createRandomInputs, type InputPlan, type RandomInputs } from './randomInputs';
import { createStepInputs, type StepInputs } from './stepInputs';
import type { Progress } from '../trainingLoop';
import { createRingBuffer, createConsumer, type RingBuffer, type Consumer } from './ringBuffer';
import type { Session } from '../session';

export interface PrefetchOptions {
  /** Path of the bundled worker, dist/prefetch-worker.cjs; null to draw between the updates. */
  readonly prefetchWorker: string | null;
  readonly from: Progress;
  /** Writes a line to the log. */
  readonly log: (line: string) => void;
}

/** What the thread is given. */
export interface PrefetchJob {
  readonly plan: InputPlan;
  readonly content: SampleSet;
  readonly ring: RingBuffer;
}

/**
 * Starts the thread, which does not keep the process alive; close it before the data, whose file it reads. Where it fails, the
 * feeder draws by itself from then on, and meets what ails the data.
 */
export function openPrefetcher(session: Session, ahead: PrefetchOptions): StepInputs & { close(): Promise<void> } {
  const { experiment, data, critic, generator, validation } = session;
  const inputs = { critic: critic.inputs, generator: generator.inputs, validation: validation?.inputs ?? {} };
  const plan = { seed: experiment.seed, latent: experiment.latent, inputs };
  const draws = createRandomInputs(plan, data);
  const thread = isWorth(ahead) ? start(plan, data.sampleSet, draws, ahead) : null;
  return {
    ...createStepInputs(experiment, data, inputs, draws, thread),
    close: async () => {
      if (!thread) return;
      await thread.end();
      const { asked, there } = thread.counts();
      ahead.log(`feeds: ${there} of ${asked} were drawn ahead`);
    },
  };
}

/** Measured to gain most where the engine leaves a core, and little where it takes all (bench/RESULTS.md); on one it could only take turns. */
const isWorth = (ahead: PrefetchOptions): ahead is PrefetchOptions & { readonly prefetchWorker: string } =>
  ahead.prefetchWorker !== null && os.availableParallelism() > 1;

interface Thread extends Consumer {
  end(): Promise<unknown>;
}

/** Null where there cannot be another thread. */
function start(
  plan: InputPlan,
  content: SampleSet,
  draws: RandomInputs,
  { prefetchWorker, from, log }: PrefetchOptions & { readonly prefetchWorker: string },
): Thread | null {
  const ring = createRingBuffer(draws, { critic: from.criticUpdates, generator: from.step + 1 });
  const workerData: PrefetchJob = { plan, content, ring };
  const failed = ({ message }: Error): void => log(`feeds: drawn between the updates from here on: ${message}`);
  try {
    const worker = new Worker(prefetchWorker, { name: 'earthmover feeds', workerData });
    worker.unref();
    worker.on('error', failed);
    return { ...createConsumer(ring), end: () => worker.terminate() };
  } catch (error) {
    failed(error as Error);
    return null;
  }
}
