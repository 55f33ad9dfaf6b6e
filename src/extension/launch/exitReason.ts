// Why a process exited, in words.
import * as vscode from 'vscode';
import type { Exit } from './trainerProcess';

export function exitText(exit: Exit): string {
  if ('notStarted' in exit) return exit.notStarted.message;
  return 'code' in exit ? vscode.l10n.t('exit code {0}', exit.code) : vscode.l10n.t('signal {0}', exit.signal);
}

/** The last line of a log, which says why a trainer could not start, shortened for a notification. */
export function lastLogLine(text: string): string {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  const last = lines.findLast((line) => !line.startsWith('This is a bug')) ?? 'no output';
  return last.replace(/^error\s+/, '').slice(0, 400);
}
