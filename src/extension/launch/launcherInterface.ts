// The interface of the launcher, in a file of its own so that lazily loaded modules can import it without a cycle.
import type * as vscode from 'vscode';
import type { Experiment } from '../../experiment';
import type { Change } from '../experiments/checkExperiment';

export interface Launched {
  /** The run directory; of the first run if the experiment has several seeds. */
  readonly directory: string;
  /** The directories of all runs of this training, one per seed, in order. */
  readonly directories: readonly string[];
  readonly experiment: Experiment;
}

export interface Fork {
  /** The step of the checkpoint to begin with. */
  readonly step: number;
  /** The new total number of steps. */
  readonly steps: number;
  /** Changed settings, such as `optimizer.learningRate=0.0001`. */
  readonly assignments: readonly string[];
}

export interface Launcher {
  /**
   * Trains an experiment file, with some settings changed. Undefined if nothing was started, which has been reported to
   * the user.
   */
  train(file: vscode.Uri, change?: Change): Promise<Launched | undefined>;
  /**
   * Resumes a run that has ended, up to `steps` in total if given. Resolves when its attempt has begun, to true, or
   * when nothing was started or the trainer exited before, which has been reported to the user.
   */
  resume(directory: string, steps?: number): Promise<boolean>;
  /** Starts a fork of a run. Resolves to its directory; undefined if nothing was started. */
  fork(parent: string, fork: Fork): Promise<string | undefined>;
  /** The experiment of a run that is starting, before the trainer has written it. */
  starting(directory: string): Experiment | undefined;
  /** Fires with the directory of a run that did not start, which is removed. */
  readonly onDidNotStart: vscode.Event<string>;
}
