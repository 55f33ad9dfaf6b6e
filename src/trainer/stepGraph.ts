// The graphs of an experiment's steps, as they are compiled: for people who want to know what is computed, and what it costs.
import path from 'node:path';
import type { Role } from '../catalog';
import { createWorkerPool } from '../data';
import type { TrainerTasks } from './workerTasks';
import type { Step } from '../engine/engine';
import type { Experiment } from '../experiment';
import type { ExperimentSource } from './inputErrors';
import { openSession } from './session';

export interface GraphRequest {
  readonly experiment: Experiment;
  readonly source: ExperimentSource;
  /** Whose step. */
  readonly step: Role;
  /** Path of the bundled task worker, dist/task-worker.cjs. */
  readonly taskWorker: string;
  /** Told what a user should know meanwhile. */
  readonly note: (message: string) => void;
}

export interface StepGraph {
  /** What runs it: engine, device and version. */
  readonly runtime: string;
  readonly device: string;
  readonly threads: number;
  readonly graph: ReturnType<Step<string, string>['print']>;
}

/** Compiles a step as a training would, without beginning one. Throws an InputError for what the user can mend. */
export async function compileStepGraph({
  experiment,
  source,
  step,
  taskWorker,
  note,
}: GraphRequest): Promise<StepGraph> {
  const workers = createWorkerPool<TrainerTasks>(taskWorker, 1);
  try {
    const folder = path.dirname(path.resolve(source.path));
    const { signal } = new AbortController();
    const session = await openSession(experiment, { source, folder, workers, signal, note });
    try {
      session.engineNotes.forEach(note);
      const { print, threads } = session[step];
      return { runtime: session.engine.runtime, device: session.engine.device, threads, graph: print() };
    } finally {
      await session.dispose();
    }
  } finally {
    await workers.close();
  }
}
