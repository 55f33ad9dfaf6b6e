// Why the last process that the editor started for a sweep failed: kept in the directory of the sweep, since its page
// shows it also after a reload.
import { rm } from 'node:fs/promises';
import { errno } from '../../files/errno';
import { replaceFileAsync } from '../../files/replace';
import { folderInsideAsync, inside, onDiskAsync, readJsonAsync } from '../../run/diskAccess';
import { isRecord } from '../../shared/isRecord';
import { startProblemName } from '../../sweep/sweepDirectory';
import { stampOf } from '../monitor/runFiles';

const hasLogs = async (directory: string) => (await stampOf(inside(directory, 'logs'))) !== 'ENOENT';

const fileOf = async (directory: string) => inside(await folderInsideAsync(directory, 'logs'), startProblemName);

/** Keeps a problem; null removes it. A sweep that was not planned has no directory, and no page to show it. */
export async function keepStartProblem(directory: string, message: string | null): Promise<void> {
  if (!(await hasLogs(directory))) return;
  const file = await fileOf(directory);
  if (message !== null)
    return onDiskAsync('write', file, () => replaceFileAsync(file, `${JSON.stringify({ message })}\n`));
  await rm(file).catch((error: unknown) => {
    if (errno(error) !== 'ENOENT') throw error;
  });
}

/** The problem that was kept; null if there is none. */
export async function readStartProblem(directory: string): Promise<string | null> {
  if (!(await hasLogs(directory))) return null;
  const found = await readJsonAsync(await fileOf(directory), 1 << 16, '').catch(() => undefined);
  return isRecord(found) && typeof found.message === 'string' ? found.message : null;
}
