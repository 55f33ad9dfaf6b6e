// What can be done with a sweep.
import type * as vscode from 'vscode';

export interface SweepActions {
  /** Starts the sweep of a file, after saving it, and opens its page. */
  start(file: vscode.Uri): Promise<void>;
  open(directory: string, name: string): void;
  /** Restores a page after a reload. */
  restore(panel: vscode.WebviewPanel, state: unknown): void;
  /** Trains the trials that have not ended; with `failed`, also those that have failed. */
  resume(directory: string, failed?: boolean): Promise<void>;
  cancel(directory: string): Promise<void>;
  openLog(directory: string): Promise<void>;
  reveal(directory: string): Promise<void>;
  /** Opens a new experiment file with the settings of a trial; without one, with the best settings. */
  copyTrial(directory: string, trial?: number): Promise<void>;
  /** Moves a sweep to the trash, after a confirmation. */
  remove(directory: string): Promise<void>;
}
