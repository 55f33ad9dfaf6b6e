// Starts and stops the reproduction of a study: the command line in a process that outlives this window.
import path from 'node:path';
import type * as vscode from 'vscode';
import type { StudyId } from '../../catalog';
import { stopFile } from '../../protocol/reproductions';
import { readTail } from '../../run/appendedLines';
import { inside, onDiskAsync } from '../../run/diskAccess';
import { replaceFileAsync } from '../../files/replace';
import { exitText, lastLogLine } from '../launch/exitReason';
import { packagesFolder, startTrainer } from '../launch/trainerProcess';
import type { Log } from '../log';
import { nodePath } from '../settings';
import { errors } from '../userErrors';
import { readProgress, studyFolder } from './readReproductions';

/** Runs or continues a study. Resolves when its process has exited: to null, or to why it failed. */
export async function runStudyProcess(
  context: vscode.ExtensionContext,
  log: Log,
  root: string,
  study: StudyId,
): Promise<StudyFailure | null> {
  const node = nodePath() || process.execPath;
  const script = context.asAbsolutePath('dist/cli.cjs');
  const logFile = path.join(context.logUri.fsPath, `reproduce-${study}.log`);
  const options = { node, script, cwd: root, packages: packagesFolder(context), log: logFile };
  const { pid, exited } = await startTrainer({ ...options, args: ['reproduce', study] });
  log.info(`Reproduction ${pid ?? '(not started)'}: ${[node, script, 'reproduce', study].join(' ')}`);
  const exit = await exited;
  log.info(`Reproduction ${pid ?? ''} of ${study}: ${exitText(exit)}`);
  if ('notStarted' in exit) return { message: errors.nodeMissing(node, exit.notStarted.message).message };
  if ('code' in exit && (exit.code === 0 || exit.code === interrupted)) return null;
  const { text } = await readTail(logFile, 1 << 16);
  return { message: text.trim() === '' ? exitText(exit) : lastLogLine(text), logFile };
}

interface StudyFailure {
  readonly message: string;
  /** Absent if the process could not be started. */
  readonly logFile?: string;
}

/** The exit code of an interrupted reproduction. */
const interrupted = 130;

/** Asks the process of a study to save a checkpoint and end. It may be between two trainings, or of another window. */
export async function stopStudy(root: string, study: StudyId): Promise<void> {
  const folder = await studyFolder(root, study);
  const progress = await readProgress(folder);
  if (progress?.state !== 'training') return;
  const file = inside(folder, stopFile);
  await onDiskAsync('write', file, () => replaceFileAsync(file, ''));
}
