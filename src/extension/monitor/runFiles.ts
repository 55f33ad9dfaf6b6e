// Reads the sample images, the notices and the end of the log of a run directory for the monitor's page.
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { MonitorNotice, MonitorSample, MonitorSamples, SampleName } from '../../protocol/monitor';
import { errno } from '../../files/errno';
import { readNotices } from '../../run/notices';
import { sampleSteps } from '../../run/sampleImages';

/** The URI under which the page may load an image; `version` changes with the image. */
export type PictureUri = (file: string, version: string) => string;

/** Content with the stamp of its file or folder; the same object until that changes. */
export interface Stamped<T> {
  readonly content: T;
  readonly stamp: string;
}

const absent = 'ENOENT';

export const empty = <T>(content: T): Stamped<T> => ({ content, stamp: absent });

export async function readSamples(
  folder: string,
  before: Stamped<MonitorSamples>,
  uriOf: PictureUri,
): Promise<Stamped<MonitorSamples>> {
  // Images are renamed into place, which changes the folder's modification time.
  const stamp = await stampOf(folder);
  if (stamp === before.stamp) return before;
  const names = stamp === absent ? [] : await readdir(folder);
  const uri = async (sample: SampleName) => {
    const file = samplePath(folder, sample);
    return uriOf(file, await stampOf(file));
  };
  const ofStep = async (step: number): Promise<MonitorSample> => ({ step, uri: await uri(step) });
  const samples = await Promise.all(sampleSteps(names).map(ofStep));
  return { content: { samples, real: names.includes('real.png') ? await uri('real') : null }, stamp };
}

/** The path of an image in a run's samples folder. */
export const samplePath = (folder: string, sample: SampleName): string =>
  path.join(folder, sample === 'real' ? 'real.png' : sample === 'live' ? '../live/live.png' : `step-${sample}.png`);

export async function notesOf(
  directory: string,
  file: string,
  before: Stamped<readonly MonitorNotice[]>,
): Promise<Stamped<readonly MonitorNotice[]>> {
  const stamp = await stampOf(file);
  if (stamp === before.stamp) return before;
  // A newer trainer may use levels that this page has no icon for.
  const known = (level: string): MonitorNotice['level'] => (level === 'warning' || level === 'error' ? level : 'info');
  const content = readNotices(directory).map(({ step, level, message }) => ({
    step: Math.max(0, Math.round(step)),
    level: known(level),
    message,
  }));
  return { content, stamp };
}

const logLines = 200;
const logBytes = 1 << 16;

/** The last lines of a log, without terminal colors; of a line that was overwritten, only the final text. */
export async function readLogTail(
  file: string,
  before: Stamped<readonly string[]>,
): Promise<Stamped<readonly string[]>> {
  const stamp = await stampOf(file);
  if (stamp === before.stamp) return before;
  if (stamp === absent) return empty([]);
  const { text, whole } = await tailOf(file, logBytes);
  const lines = stripVTControlCharacters(text)
    .split(/\r?\n/)
    .map((line) => line.slice(line.lastIndexOf('\r') + 1))
    .slice(whole ? 0 : 1);
  if (lines.at(-1) === '') lines.pop();
  return { content: lines.slice(-logLines), stamp };
}

async function tailOf(file: string, most: number): Promise<{ readonly text: string; readonly whole: boolean }> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, most);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return { text: buffer.toString('utf8', 0, bytesRead), whole: length === size };
  } finally {
    await handle.close();
  }
}

/** Changes with the file or folder; 'ENOENT' if there is none. */
export async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return `${mtimeMs}-${size}-${ino}`;
  } catch (error) {
    const code = errno(error);
    if (code === absent) return code;
    throw error;
  }
}
