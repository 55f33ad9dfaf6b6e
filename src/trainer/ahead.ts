// The feeder of a run: what its next updates draw is prepared by a thread of its own while the engine computes.
import os from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Content } from '../data';
import { drawsOf, type DrawPlan, type Draws } from './draws';
import { createFeeder, type Feeder } from './feeds';
import type { Progress } from './loop';
import { createRing, takerOf, type Ring, type Taker } from './ring';
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
  const thread = isWorth(ahead) ? start(plan, data.content, draws, ahead) : null;
  return {
    ...createFeeder(experiment, data, inputs, draws, thread),
    close: async () => {
      if (!thread) return;
      await thread.end();
      const { asked, there } = thread.counts();
      ahead.tell(`feeds: ${there} of ${asked} were drawn ahead`);
    },
  };
}

/** Measured to gain most where the engine leaves a core, and little where it takes all (bench/RESULTS.md); on one it could only take turns. */
const isWorth = (ahead: Ahead): ahead is Ahead & { readonly feedWorker: string } =>
  ahead.feedWorker !== null && os.availableParallelism() > 1;

interface Thread extends Taker {
  end(): Promise<unknown>;
}

/** Null where there cannot be another thread. */
function start(
  plan: DrawPlan,
  content: Content,
  draws: Draws,
  { feedWorker, from, tell }: Ahead & { readonly feedWorker: string },
): Thread | null {
  const ring = createRing(draws, { critic: from.criticUpdates, generator: from.step + 1 });
  const workerData: FeedWork = { plan, content, ring };
  const failed = ({ message }: Error): void => tell(`feeds: drawn between the updates from here on: ${message}`);
  try {
    const worker = new Worker(feedWorker, { name: 'earthmover feeds', workerData });
    worker.unref();
    worker.on('error', failed);
    return { ...takerOf(ring), end: () => worker.terminate() };
  } catch (error) {
    failed(error as Error);
    return null;
  }
}
