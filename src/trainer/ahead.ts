// The feeder of a run: what its next updates draw is prepared by a thread of its own while the engine computes.
import os from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Content } from '../data';
import { drawsOf, type DrawPlan } from './draws';
import { createFeeder, type Feeder } from './feeds';
import type { Progress } from './loop';
import { createRing, takerOf, type Ring } from './ring';
import type { Session } from './session';

export interface Ahead {
  /** Path of the bundled worker, dist/feed-worker.cjs; null to draw between the updates. */
  readonly feedWorker: string | null;
  readonly from: Progress;
  /** Writes a line to the log. */
  readonly tell: (line: string) => void;
}

/** What the thread is given. */
export interface FeedWork {
  readonly plan: DrawPlan;
  readonly content: Content;
  readonly ring: Ring;
}

/**
 * Starts the thread, which does not keep the process alive; close it before the data, whose file it reads. Where it fails, the
 * feeder draws by itself from then on, and meets what ails the data.
 */
export function openFeeder(session: Session, ahead: Ahead): Feeder & { close(): Promise<void> } {
  const { experiment, data, critic, generator, validation } = session;
  const inputs = { critic: critic.inputs, generator: generator.inputs, validation: validation?.inputs ?? {} };
  const plan = { seed: experiment.seed, latent: experiment.latent, inputs };
  const draws = drawsOf(plan, data);
  const ring = createRing(draws, { critic: ahead.from.criticUpdates, generator: ahead.from.step + 1 });
  const thread = start({ plan, content: data.content, ring }, ahead);
  const taker = thread && takerOf(ring);
  return {
    ...createFeeder(experiment, data, inputs, draws, taker),
    close: async () => {
      if (!taker) return;
      await thread.terminate();
      const { asked, there } = taker.counts();
      ahead.tell(`feeds: ${there} of ${asked} were drawn ahead`);
    },
  };
}

/** Null on a machine with one core, where it could only take turns with the engine. */
function start(workerData: FeedWork, { feedWorker, tell }: Ahead): Worker | null {
  if (feedWorker === null || os.availableParallelism() === 1) return null;
  const failed = ({ message }: Error): void => tell(`feeds: drawn between the updates from here on: ${message}`);
  try {
    const thread = new Worker(feedWorker, { name: 'earthmover feeds', workerData });
    thread.unref();
    return thread.on('error', failed);
  } catch (error) {
    failed(error as Error);
    return null;
  }
}
