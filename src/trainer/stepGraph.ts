// The compiled graph of a training step, to show what is computed and what it costs.
import path from 'node:path';
import type { Role } from '../catalog';
import { createWorkerPool } from '../data';
import type { TrainerTasks } from './workerTasks';
import type { Step } from '../engine/engine';
import type { Experiment } from '../experiment';
import type { ExperimentSource } from './inputErrors';
import { openSession } from './session';
import { bundleModels } from './userModels/bundleModule';

export interface GraphRequest {
  readonly experiment: Experiment;
  readonly source: ExperimentSource;
  /** The network whose training step is compiled. */
  readonly step: Role;
  /** Path of the bundled task worker, dist/task-worker.cjs. */
  readonly taskWorker: string;
  /** Receives progress and notices for the user. */
  readonly notice: (message: string) => void;
}

export interface StepGraph {
  /** Engine, device and version. */
  readonly runtime: string;
  readonly device: string;
  readonly threads: number;
  readonly graph: ReturnType<Step<string, string>['print']>;
}

/** Compiles a step as training would, without training. Throws an InputError for problems of the experiment. */
export async function compileStepGraph({
  experiment,
  source,
  step,
  taskWorker,
  notice,
}: GraphRequest): Promise<StepGraph> {
  const workers = createWorkerPool<TrainerTasks>(taskWorker, 1);
  try {
    const folder = path.dirname(path.resolve(source.path));
    const { signal } = new AbortController();
    const bundles = await bundleModels(experiment, source);
    const session = await openSession(experiment, { source, bundles, folder, workers, signal, notice, ranks: null });
    try {
      session.engineNotices.forEach(notice);
      const { print, threads } = session[step];
      return { runtime: session.engine.runtime, device: session.engine.device, threads, graph: print() };
    } finally {
      await session.dispose();
    }
  } finally {
    await workers.close();
  }
}
