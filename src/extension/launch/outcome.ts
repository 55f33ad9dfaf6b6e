// A trainer that ended before its run began: what it said is read, kept and told.
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { runPaths } from '../../run/directory';
import type { Diagnostics } from '../diagnostics';
import { errors } from '../errors';
import type { Log } from '../log';
import { lastWords, loggedProblems } from './startupProblems';
import { tell } from './tell';
import type { Exit } from './trainer';

export interface Outcome {
  /** 'ring did not start': the reason follows. */
  readonly what: string;
  readonly node: string;
  readonly exit: Exit;
  /** What the trainer wrote, and the file where the user can read it. */
  readonly said: string;
  readonly logFile: string;
}

/** Shows the problems at their place, and the first of them in a notification. */
export function explain(log: Log, diagnostics: Diagnostics, { what, node, exit, said, logFile }: Outcome): void {
  if ('notStarted' in exit) return tell(log, errors.nodeMissing(node, exit.notStarted.message).message);
  const problems = loggedProblems(said);
  diagnostics.show(problems);
  const first = problems.find(({ severity }) => severity === 'error');
  const otherwise = said.trim() === '' ? vscode.l10n.t('its process ended ({0}).', exitText(exit)) : lastWords(said);
  tell(log, `${what}: ${first?.message ?? otherwise}`, logFile, first);
}

/** Removes the folder of a run that never began; its log is kept in `logs`. */
export function removeUnbegun(directory: string, logs: string): Pick<Outcome, 'said' | 'logFile'> {
  const said = readLog(directory);
  const logFile = path.join(logs, `${path.basename(directory)}.log`);
  fs.mkdirSync(logs, { recursive: true });
  fs.writeFileSync(logFile, said);
  fs.rmSync(directory, { recursive: true, force: true });
  return { said, logFile };
}

/** What a run's trainers wrote so far. */
export function readLog(directory: string): string {
  try {
    return fs.readFileSync(runPaths(directory).log, 'utf8');
  } catch {
    return '';
  }
}

export function exitText(exit: Exit): string {
  if ('notStarted' in exit) return exit.notStarted.message;
  return 'code' in exit ? vscode.l10n.t('exit code {0}', exit.code) : vscode.l10n.t('ended by {0}', exit.signal);
}
