// The run that a command was given.
import type * as vscode from 'vscode';
import type { Run } from './readRuns';

/**
 * The argument of a command: a directory from a CodeLens, a run from a menu of the Runs view, nothing from the Command
 * Palette.
 */
export type RunArgument = string | vscode.Uri | Run | undefined;

/** The directory of the run; undefined if the user has to pick one. */
export const directoryOf = (argument: RunArgument): string | undefined =>
  typeof argument === 'string' ? argument : argument && 'directory' in argument ? argument.directory : undefined;
