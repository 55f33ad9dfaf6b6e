// A sweep in the Runs view, and the list of them.
import type * as vscode from 'vscode';

export interface SweepSummary {
  readonly kind: 'sweep';
  readonly directory: string;
  readonly name: string;
  /** Trials of the plan, and those of them in each state; `failed` includes those that exited unexpectedly. */
  readonly trials: number;
  readonly ended: number;
  /** Those that resuming the sweep trains: they have not ended, or were stopped. */
  readonly left: number;
  readonly running: number;
  readonly failed: number;
  readonly diverged: number;
}

export const isSweepSummary = (value: unknown): value is SweepSummary =>
  typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'sweep';

export interface Sweeps extends vscode.Disposable {
  /** By name, as of the last look. */
  readonly all: readonly SweepSummary[];
  readonly onDidChange: vscode.Event<void>;
  /** Keeps the list up to date until the result is disposed. */
  watch(): vscode.Disposable;
  /** Reads the sweeps again. */
  refresh(): Promise<void>;
  /** Lists the sweeps in a folder from now on, also after a reload, wherever it is. */
  remember(folder: string): void;
}
