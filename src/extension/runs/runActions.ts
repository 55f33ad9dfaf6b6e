// What can be done with a run.
import type { CommandRequest, SimpleCommandKind } from '../../protocol/control';

export interface RunActions {
  /** Sends a command to the trainer, which acknowledges it in its status by the id to which this resolves. */
  control(directory: string, asked: CommandRequest | SimpleCommandKind): Promise<string>;
  /** Toggles slow motion at two updates per second. */
  toggleSlow(directory: string): Promise<void>;
  /** Resumes a run that is paused or has ended. Resolves to whether it trains again. */
  resume(directory: string): Promise<boolean>;
  openMonitor(directory: string): void;
  openExperiment(directory: string): Promise<void>;
  openLog(directory: string): Promise<void>;
  openFile(file: string): Promise<void>;
  reveal(directory: string): Promise<void>;
  /** Moves runs to the trash, after one confirmation. */
  remove(directories: readonly string[]): Promise<void>;
  /** Opens a comparison; of a single run, with the other seeds of its experiment. */
  compare(directories: readonly string[]): void;
  /** Opens a comparison with the run of the same experiment before it. */
  compareWithPrevious(directory: string): void;
}
