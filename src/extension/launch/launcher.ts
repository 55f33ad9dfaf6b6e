// The interface of the launcher, apart from its code so that lazily loaded modules can use it.
import type * as vscode from 'vscode';
import type { Experiment } from '../../experiment';
import type { Change } from '../experiments/checkExperiment';

export interface Launched {
  /** Of the run; of the first one where the experiment asks for several seeds. */
  readonly directory: string;
  /** Of all runs that this training will make, one a seed, in their order. */
  readonly directories: readonly string[];
  readonly experiment: Experiment;
}

export interface Launcher {
  /** Trains an experiment file, with some settings changed. Undefined where nothing was started: the user has been told why. */
  train(file: vscode.Uri, change?: Change): Promise<Launched | undefined>;
  /** Goes on with a run that has ended, to `steps` in all where they are given. Whether a trainer was started. */
  resume(directory: string, steps?: number): Promise<boolean>;
  /** The experiment of a run that is being started and has not been written yet. */
  starting(directory: string): Experiment | undefined;
  /** Fires with the directory of a run that did not start, which is then gone. */
  readonly onDidNotStart: vscode.Event<string>;
}
