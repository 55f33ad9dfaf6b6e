// notices.jsonl and log.txt: what happened, a line each, for programs and for people; samples by step.
import fs from 'node:fs';
import type { Appender } from '../files/append';
import { inside, onDisk, openAppender, replaceFile } from './files';
import { runPaths } from './directory';

/** A health event or a note. `wallTime` is in Unix seconds. */
export interface Notice {
  readonly step: number;
  readonly wallTime: number;
  readonly level: 'info' | 'warning' | 'error';
  /** A short id of what kind of thing it is, such as 'checkpoint' or 'nan'. */
  readonly kind: string;
  readonly message: string;
}

/** Opens notices.jsonl to append to it. */
export function openNotices(directory: string): Appender<Notice> {
  const lines = openAppender(runPaths(directory).notices);
  return { append: (note) => lines.append(`${JSON.stringify(note)}\n`), close: lines.close };
}

/** Opens log.txt to append text to it. */
export const openLog = (directory: string): Appender<string> => openAppender(runPaths(directory).log);

/** The notes of a run; lines that are torn or are none are left out. */
export function readNotices(directory: string): readonly Notice[] {
  const file = runPaths(directory).notices;
  const text = onDisk('read', file, () => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''));
  return text.split('\n').flatMap(parseNote);
}

/** Puts a picture where the samples of a step are, whole, and returns its path. */
export function saveSampleImage(directory: string, step: number, png: Uint8Array): string {
  const file = inside(runPaths(directory).samples, `step-${step}.png`);
  replaceFile(file, png);
  return file;
}

/** The same for real samples, which are drawn once. */
export const saveRealSampleImage = (directory: string, png: Uint8Array): void =>
  replaceFile(inside(runPaths(directory).samples, 'real.png'), png);

/** The steps that have a picture, rising, of the names in a run's folder of samples. */
export const sampleSteps = (names: readonly string[]): number[] =>
  names
    .flatMap((name) => /^step-(\d{1,15})\.png$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);

/** Forgets the samples and notes of later steps than `step`: a resume from there makes them again. */
export function rewindRun(directory: string, step: number): void {
  const { samples, notices } = runPaths(directory);
  onDisk('clear', samples, () => {
    for (const name of fs.existsSync(samples) ? fs.readdirSync(samples) : [])
      if (sampleSteps([name]).some((drawn) => drawn > step)) fs.rmSync(inside(samples, name));
  });
  const kept = readNotices(directory).filter((note) => note.step <= step);
  if (fs.existsSync(notices))
    replaceFile(notices, kept.map((note) => `${JSON.stringify(note)}\n`).join(''), { sync: true });
}

function parseNote(line: string): Notice[] {
  try {
    const note = JSON.parse(line) as Notice | null;
    return typeof note?.message === 'string' && Number.isFinite(note.step) ? [note] : [];
  } catch {
    return [];
  }
}
