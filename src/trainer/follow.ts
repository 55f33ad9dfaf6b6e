// Training at the ranks other than 0: the same steps with other rows of the batches. Rank 0 alone reads and writes the
// run, decides when to end and tells the state to start with.
import path from 'node:path';
import { createWorkerPool } from '../data';
import type { Experiment } from '../experiment';
import type { Communicator } from '../parallel/communicator';
import { openPrefetcher } from './prefetch/prefetcher';
import { shareStart, sharedHooks } from './rankProtocol';
import { openSession, type SessionContext } from './session';
import { trainingLoop, type LoopEnd } from './trainingLoop';
import { bundleModels } from './userModels/bundleModule';
import { readRunModels } from './userModels/runModels';
import type { TrainerTasks } from './workerTasks';

export interface FollowRequest extends Pick<SessionContext, 'source' | 'cores' | 'keepsPath'> {
  readonly experiment: Experiment;
  readonly ranks: Communicator;
  /** The run directory if a run is resumed: its model files are used. */
  readonly resumed: string | null;
  readonly useCurrentModel?: boolean;
  /** Path of the bundled task worker, dist/task-worker.cjs. */
  readonly taskWorker: string;
  /** Path of the bundled prefetch worker, dist/prefetch-worker.cjs; null to disable prefetching. */
  readonly prefetchWorker: string | null;
}

/** Trains along with rank 0. Resolves to how the training ended, there as here. */
export async function follow(request: FollowRequest): Promise<LoopEnd['reason']> {
  const { experiment, ranks, source, taskWorker, prefetchWorker, resumed, useCurrentModel } = request;
  const bundles =
    resumed === null
      ? await bundleModels(experiment, source)
      : (await readRunModels(resumed, experiment, source, useCurrentModel)).bundles;
  const workers = createWorkerPool<TrainerTasks>(taskWorker, 1);
  try {
    const session = await openSession(experiment, {
      ...request,
      ...{ bundles, workers, folder: path.dirname(path.resolve(source.path)) },
      // Rank 0 ends all.
      signal: new AbortController().signal,
      notice: () => {},
    });
    try {
      const from = await shareStart(ranks, session.state, { step: 0, criticUpdates: 0 });
      if (from === null) return 'finished';
      const inputs = openPrefetcher(session, { prefetchWorker, from, log: () => {} });
      try {
        const hooks = sharedHooks(ranks, session, null);
        // Rank 0 measures the estimate on held-out samples.
        return (await trainingLoop({ ...session, validation: null }, inputs, from, experiment.steps, hooks)).reason;
      } finally {
        await inputs.close();
      }
    } finally {
      await session.dispose();
    }
  } finally {
    await workers.close();
  }
}
