// Encodes and decodes the protocol-buffer messages of TensorBoard's event files.
// Source: tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto, including the field numbers.
import Pbf from 'pbf';
import type { PngImage } from './images/pngImage';

/** A histogram: counts[i] values are above limits[i - 1] (or at least min) and at most limits[i]. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

export type SummaryValue = { readonly tag: string } & (
  | { readonly scalar: number }
  | { readonly image: PngImage }
  | { readonly histogram: Histogram }
);

/** One record. `wallTime` is in Unix seconds. */
export type TensorboardEvent = { readonly wallTime: number; readonly step: number } & (
  | { readonly fileVersion: string }
  /**
   * A process resumed from a checkpoint: TensorBoard discards the events of this step and later ones in earlier files.
   */
  | { readonly sessionStart: true }
  | { readonly summary: readonly SummaryValue[] }
);

export function encodeEvent(event: TensorboardEvent): Uint8Array {
  const pbf = new Pbf();
  pbf.writeDoubleField(1, event.wallTime);
  pbf.writeVarintField(2, event.step);
  if ('fileVersion' in event) pbf.writeStringField(3, event.fileVersion);
  else if ('sessionStart' in event) pbf.writeMessage(7, writeSessionStart, undefined);
  else pbf.writeMessage(5, writeSummary, event.summary);
  return pbf.finish();
}

/** Decodes what `encodeEvent` writes; unknown fields are skipped. */
export function decodeEvent(payload: Uint8Array): TensorboardEvent {
  // A copy, because Pbf reads numbers from the start of a view's buffer.
  const read: PartialEvent = { wallTime: 0, step: 0 };
  new Pbf(new Uint8Array(payload)).readFields(readEventField, read);
  const { wallTime, step, fileVersion, sessionStart, summary } = read;
  if (fileVersion !== undefined) return { wallTime, step, fileVersion };
  if (sessionStart) return { wallTime, step, sessionStart };
  return { wallTime, step, summary: summary ?? [] };
}

type PartialEvent = {
  wallTime: number;
  step: number;
  fileVersion?: string;
  sessionStart?: true;
  summary?: SummaryValue[];
};
type PartialValue = { tag: string; scalar?: number; image?: PngImage; histogram?: Histogram };
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

const writeSessionStart = (_: undefined, pbf: Pbf): void => pbf.writeVarintField(1, 1); // SessionLog.status = START

function writeSummary(values: readonly SummaryValue[], pbf: Pbf): void {
  for (const value of values) pbf.writeMessage(1, writeValue, value);
}

function writeValue(value: SummaryValue, pbf: Pbf): void {
  pbf.writeStringField(1, value.tag);
  if ('scalar' in value) pbf.writeFloatField(2, value.scalar);
  else if ('image' in value) pbf.writeMessage(4, writeImage, value.image);
  else pbf.writeMessage(5, writeHistogram, value.histogram);
}

function writeImage({ width, height, png }: PngImage, pbf: Pbf): void {
  pbf.writeVarintField(1, height);
  pbf.writeVarintField(2, width);
  pbf.writeBytesField(4, png);
}

function writeHistogram(histogram: Histogram, pbf: Pbf): void {
  pbf.writeDoubleField(1, histogram.min);
  pbf.writeDoubleField(2, histogram.max);
  pbf.writeDoubleField(3, histogram.num);
  pbf.writeDoubleField(4, histogram.sum);
  pbf.writeDoubleField(5, histogram.sumSquares);
  pbf.writePackedDouble(6, [...histogram.limits]);
  pbf.writePackedDouble(7, [...histogram.counts]);
}

function readEventField(tag: number, event: PartialEvent, pbf: Pbf): void {
  if (tag === 1) event.wallTime = pbf.readDouble();
  else if (tag === 2) event.step = pbf.readVarint(true);
  else if (tag === 3) event.fileVersion = pbf.readString();
  else if (tag === 5) event.summary = pbf.readMessage(readSummaryField, event.summary ?? []);
  else if (tag === 7) event.sessionStart = pbf.readMessage(readSessionField, { start: false }).start ? true : undefined;
}

function readSessionField(tag: number, session: { start: boolean }, pbf: Pbf): void {
  if (tag === 1) session.start = pbf.readVarint() === 1;
}

function readSummaryField(tag: number, values: SummaryValue[], pbf: Pbf): void {
  if (tag !== 1) return;
  const { tag: name, scalar, image, histogram } = pbf.readMessage(readValueField, { tag: '' } as PartialValue);
  if (scalar !== undefined) values.push({ tag: name, scalar });
  else if (image) values.push({ tag: name, image });
  else if (histogram) values.push({ tag: name, histogram });
}

function readValueField(tag: number, value: PartialValue, pbf: Pbf): void {
  if (tag === 1) value.tag = pbf.readString();
  else if (tag === 2) value.scalar = pbf.readFloat();
  else if (tag === 4) value.image = pbf.readMessage(readImageField, { width: 0, height: 0, png: new Uint8Array() });
  else if (tag === 5) value.histogram = pbf.readMessage(readHistogramField, { ...emptyHistogram });
}

function readImageField(tag: number, image: Writable<PngImage>, pbf: Pbf): void {
  if (tag === 1) image.height = pbf.readVarint();
  else if (tag === 2) image.width = pbf.readVarint();
  else if (tag === 4) image.png = pbf.readBytes();
}

function readHistogramField(tag: number, histogram: Writable<Histogram>, pbf: Pbf): void {
  if (tag === 1) histogram.min = pbf.readDouble();
  else if (tag === 2) histogram.max = pbf.readDouble();
  else if (tag === 3) histogram.num = pbf.readDouble();
  else if (tag === 4) histogram.sum = pbf.readDouble();
  else if (tag === 5) histogram.sumSquares = pbf.readDouble();
  else if (tag === 6) histogram.limits = pbf.readPackedDouble();
  else if (tag === 7) histogram.counts = pbf.readPackedDouble();
}

const emptyHistogram: Histogram = { min: 0, max: 0, num: 0, sum: 0, sumSquares: 0, limits: [], counts: [] };
