// Whether Slurm works on a sweep.
import { readdir } from 'node:fs/promises';
import { inside, readJsonAsync } from '../../run/diskAccess';
import { isRecord } from '../../shared/isRecord';

/** Whether Slurm has accepted trials of a sweep. */
export async function isSubmitted(directory: string): Promise<boolean> {
  const folder = inside(directory, 'submissions');
  for (const name of await readdir(folder).catch(() => [])) {
    const submission = await readJsonAsync(inside(folder, name), 1 << 28, '').catch(() => undefined);
    if (isRecord(submission) && typeof submission.job === 'string') return true;
  }
  return false;
}
