// Writes and reads TensorBoard's event files, one per attempt.
import { closeSync, fsyncSync } from 'node:fs';
import os from 'node:os';
import { type TensorboardEvent, type Histogram, decodeEvent, encodeEvent } from './tensorboardMessages';
import type { PngImage } from './images/pngImage';
import { errno } from '../files/errno';
import { openOrdinary, readOrdinary } from '../files/ordinaryFile';
import { writeAll } from '../files/readWrite';
import { inside, listFolder, onDisk } from './diskAccess';
import { decodeRecords, encodeRecord, type RecordsEnd } from './tensorboardRecords';

export type { TensorboardEvent, Histogram, SummaryValue } from './tensorboardMessages';

/** Every method writes one record before it returns. `wallTime` is in Unix seconds. */
export interface TensorboardWriter {
  readonly file: string;
  scalars(step: number, wallTime: number, values: Readonly<Record<string, number>>): void;
  image(step: number, wallTime: number, tag: string, image: PngImage): void;
  histograms(step: number, wallTime: number, histograms: Readonly<Record<string, Histogram>>): void;
  sync(): void;
  close(): void;
}

/**
 * Creates a new event file in `directory`. With `resumedFrom`, the step of the checkpoint, it starts with a SessionLog
 * START at the next step, which makes TensorBoard discard that step and later ones of earlier files.
 */
export function createTensorboardWriter(
  directory: string,
  options: { readonly resumedFrom?: number; readonly now?: number } = {},
): TensorboardWriter {
  const now = options.now ?? Date.now() / 1000;
  const { file, fd } = onDisk('create an event file in', directory, () => openNew(directory, Math.floor(now)));
  const write = (event: TensorboardEvent) =>
    onDisk('write', file, () => writeAll(fd, encodeRecord(encodeEvent(event)), null));
  write({ wallTime: now, step: 0, fileVersion: 'brain.Event:2' });
  if (options.resumedFrom !== undefined) write({ wallTime: now, step: options.resumedFrom + 1, sessionStart: true });
  return {
    file,
    scalars(step, wallTime, values) {
      write({ step, wallTime, summary: Object.entries(values).map(([tag, scalar]) => ({ tag, scalar })) });
    },
    image(step, wallTime, tag, image) {
      write({ step, wallTime, summary: [{ tag, image }] });
    },
    histograms(step, wallTime, histograms) {
      const summary = Object.entries(histograms).map(([tag, histogram]) => ({ tag, histogram }));
      write({ step, wallTime, summary });
    },
    sync: () => onDisk('write', file, () => fsyncSync(fd)),
    close: () => onDisk('close', file, () => closeSync(fd)),
  };
}

export interface TensorboardFile {
  /** The events before the first damaged record, or all. */
  readonly events: readonly TensorboardEvent[];
  readonly end: RecordsEnd;
  /** A message if the file is damaged. */
  readonly problem?: string;
}

/**
 * Reads an event file: a torn last record is skipped; reading ends at a damaged record, which is reported with its
 * offset.
 */
export function readTensorboardFile(file: string): TensorboardFile {
  const bytes = onDisk('read', file, () => readOrdinary(file, 2 ** 32));
  const { records: events, end } = decodeRecords(bytes, decodeEvent);
  if (end.kind !== 'damaged') return { events, end };
  const problem =
    `${file} is damaged: in the record at byte ${end.offset} ${end.problem}. ` +
    `The ${events.length} records before it are intact; metrics.bin has the complete curve.`;
  return { events, end, problem };
}

/** The event files of a run in the order TensorBoard reads them. */
export function tensorboardFiles(directory: string): readonly string[] {
  return listFolder(directory)
    .filter((name) => name.startsWith(prefix))
    .sort()
    .map((name) => inside(directory, name));
}

const prefix = 'events.out.tfevents.';

/** TensorBoard reads the files of a run in name order, so a new file gets a later time than all existing ones. */
function openNew(directory: string, now: number): { file: string; fd: number } {
  const times = tensorboardFiles(directory).map((file) => Number(/\.tfevents\.(\d+)\./.exec(file)?.[1] ?? 0));
  const seconds = times.reduce((latest, time) => Math.max(latest, time + 1), now);
  const host = os
    .hostname()
    .replace(/[^A-Za-z0-9-]/g, '-')
    .slice(0, 64);
  for (let n = 0; ; n++) {
    const file = inside(directory, `${prefix}${String(seconds).padStart(10, '0')}.${host}.${process.pid}.${n}`);
    try {
      return { file, fd: openOrdinary(file, 'new') };
    } catch (error) {
      if (errno(error) !== 'EEXIST') throw error;
    }
  }
}
