// The diagnostics, apart from their code.
import type * as vscode from 'vscode';
import type { Problem } from '../../experiment/problem';

/** A problem that a trainer reported. */
export interface PlacedProblem {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly severity: Problem['severity'];
  readonly message: string;
  readonly code: string;
}

export interface Diagnostics extends vscode.Disposable {
  /** Shows problems that a trainer reported, until their file is edited or trained again. */
  show(problems: readonly PlacedProblem[]): void;
  /** Removes the problems that trainers reported for these files. */
  forget(files: readonly string[]): void;
}
