// A trainer that exited before its run began: reads the reason from its log and shows it.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { makeFolderAsync } from '../../files/folder';
import { replaceFileAsync } from '../../files/replace';
import { readTail } from '../../run/appendedLines';
import { runPaths } from '../../run/directory';
import type { Diagnostics, PlacedProblem } from '../experiments/diagnosticsInterface';
import { errors } from '../userErrors';
import type { Log } from '../log';
import { showProblem, showProblemAt } from '../notifications';
import { exitText, lastLogLine } from './exitReason';
import type { Exit } from './trainerProcess';
import { formatProblem, type Problem } from '../../experiment/problem';

interface StartupFailure {
  /** Such as 'Could not start ring'; the reason is appended. */
  readonly summary: string;
  readonly node: string;
  readonly exit: Exit;
  /** The output of the trainer, and the file that has it. */
  readonly output: string;
  readonly logFile: string;
}

/** Shows the problems as diagnostics, and the first error in a notification. */
export function reportStartupFailure(
  log: Log,
  diagnostics: Diagnostics,
  { summary, node, exit, output, logFile }: StartupFailure,
): void {
  if ('notStarted' in exit) return showProblem(log, errors.nodeMissing(node, exit.notStarted.message).message);
  const problems = parseProblems(output);
  diagnostics.show(problems);
  const first = problems.find(({ severity }) => severity === 'error');
  const fallback =
    output.trim() === '' ? vscode.l10n.t('its process exited ({0}).', exitText(exit)) : lastLogLine(output);
  if (first) showProblemAt(log, `${summary}: ${first.message}`, first);
  else showProblem(log, `${summary}: ${fallback}`, logFile);
}

/** Removes the directory of a run that never started; its log is kept in `logs`. */
export async function removeUnstartedRun(
  directory: string,
  logs: string,
): Promise<Pick<StartupFailure, 'output' | 'logFile'>> {
  const output = await readLog(directory);
  const logFile = path.join(logs, `${path.basename(directory)}.log`);
  await makeFolderAsync(logs);
  await replaceFileAsync(logFile, output);
  await rm(directory, { recursive: true, force: true });
  return { output, logFile };
}

/** What the trainers of a run have printed from the byte `from` of its log on, at most its last 256 KiB. */
export async function readLog(directory: string, from = 0): Promise<string> {
  try {
    return (await readTail(runPaths(directory).log, 1 << 18, from)).text;
  } catch {
    return '';
  }
}

/** The problems in a log, in order and without duplicates; other lines are skipped. The inverse of `formatProblem`. */
export function parseProblems(text: string): PlacedProblem[] {
  const found = text.split(/\r?\n/).flatMap((line) => {
    const match = problemLine.exec(line);
    if (match === null) return [];
    const [, file, row, column, severity, message, code] = match.map(unescaped);
    return [
      { file, line: Number(row), column: Number(column), severity: severity as Problem['severity'], message, code },
    ];
  });
  return found.filter((problem, index) => found.findIndex((other) => same(other, problem)) === index);
}

const problemLine = /^(.+?):(\d+):(\d+): (error|warning): (.*) \[([\w-]+)\]$/;

const same = (a: PlacedProblem, b: PlacedProblem): boolean => keyOf(a) === keyOf(b);
const keyOf = (problem: PlacedProblem): string =>
  formatProblem({ ...problem, endLine: problem.line, endColumn: problem.column, offset: 0, length: 0 });

/** `printable` escapes control characters as \u{a}; a diagnostic shows the original text. */
const unescaped = (text: string): string =>
  text.replace(/\\u\{([0-9a-f]{1,6})\}/g, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)));
