// Reads the sample images, the notices and the end of the log of a run directory for the monitor's page.
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { MonitorNotice, MonitorSample, MonitorSamples, SampleName } from '../../protocol/monitor';
import { errno } from '../../files/errno';
import { type LinePosition, noPosition, readAppendedLines, readTail } from '../../run/appendedLines';
import { parseNotice } from '../../run/notices';
import { listSamples } from '../../run/sampleImages';

/** The URI under which the page may load an image; `version` changes with the image. */
export type PictureUri = (file: string, version: string) => string;

/** Content with the stamp of its file or folder; the same object until that changes. */
export interface Stamped<T> {
  readonly content: T;
  readonly stamp: string;
}

const absent = 'ENOENT';

export const empty = <T>(content: T): Stamped<T> => ({ content, stamp: absent });

/**
 * The sample images in `folder`. `version` becomes a part of their URIs: it changes if they may have been drawn again.
 * Images that were listed before are the same objects.
 */
export async function readSamples(
  folder: string,
  before: Stamped<MonitorSamples>,
  version: string,
  uriOf: PictureUri,
): Promise<Stamped<MonitorSamples>> {
  // Images are renamed into place, which changes the folder's modification time.
  const stamp = `${version} ${await stampOf(folder)}`;
  if (stamp === before.stamp) return before;
  const { steps, hasReal } = await listSamples(folder);
  const known = before.stamp.startsWith(`${version} `) ? before.content.samples : [];
  const samples = steps.map(
    (step, i): MonitorSample =>
      known[i]?.step === step ? known[i] : { step, uri: uriOf(samplePath(folder, step), version) },
  );
  return { content: { samples, real: hasReal ? uriOf(samplePath(folder, 'real'), version) : null }, stamp };
}

/** The change from one list to another: the index at which they begin to differ, and the items from there. */
export function changeOf<T>(
  before: readonly T[],
  now: readonly T[],
): { readonly from: number; readonly items: readonly T[] } {
  let from = 0;
  while (from < now.length && now[from] === before[from]) from++;
  return { from, items: now.slice(from) };
}

/** The path of an image in a run's samples folder. */
export const samplePath = (folder: string, sample: SampleName): string =>
  path.join(folder, sample === 'real' ? 'real.png' : sample === 'live' ? '../live/live.png' : `step-${sample}.png`);

/** The notices read so far; the same object until there are more. */
export interface ReadNotices {
  readonly content: readonly MonitorNotice[];
  readonly position: LinePosition;
}

export const noNotices: ReadNotices = { content: [], position: noPosition };

/** The latest are kept: nobody reads more. */
const maxNotices = 1000;
const maxNoticeBytes = 1 << 20;

/** Reads the notices appended since `before`, or the whole file if it was replaced. */
export async function readNewNotices(file: string, before: ReadNotices): Promise<ReadNotices> {
  const read = await readAppendedLines(file, before.position, maxNoticeBytes);
  if (read === null) return before;
  // A newer trainer may use levels that this page has no icon for.
  const known = (level: string): MonitorNotice['level'] => (level === 'warning' || level === 'error' ? level : 'info');
  const found = read.lines.flatMap(parseNotice).map(({ step, level, message }) => ({
    step: Math.max(0, Math.round(step)),
    level: known(level),
    message,
  }));
  const content = [...(read.restarted ? [] : before.content), ...found].slice(-maxNotices);
  return { content, position: read.position };
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
  const { text, whole } = await readTail(file, logBytes);
  const lines = stripVTControlCharacters(text)
    .split(/\r?\n/)
    .map((line) => line.slice(line.lastIndexOf('\r') + 1))
    .slice(whole ? 0 : 1);
  if (lines.at(-1) === '') lines.pop();
  return { content: lines.slice(-logLines), stamp };
}

/** Changes with the file or folder; 'ENOENT' if there is none. */
export async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await lstat(file);
    return `${mtimeMs}-${size}-${ino}`;
  } catch (error) {
    const code = errno(error);
    if (code === absent) return code;
    throw error;
  }
}
