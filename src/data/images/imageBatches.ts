// Images held as bytes, given out as batches of numbers in [-1, 1].
import { fillIntegers, substream } from '../../math/random';
import type { ImageSamples } from '../sampleSet';
import { epochs, split } from '../epochs';
import type { Batches, DataSource, Labels } from '../dataSource';
import { closeStorage, sampleReader, type ReadAhead, type SampleReader } from '../cache/sampleStorage';

/** What there is to say of images as bytes, beside their content. */
export interface ImageSourceOptions extends Omit<ImageSamples, 'kind'> {
  /** Told which slots will be read next, where samples are read from a file. */
  readonly ahead?: ReadAhead;
  readonly notes: readonly string[];
  /** The class of every slot. */
  readonly labels?: Labels;
}

/** The value of each byte: b / 127.5 − 1. */
const values = Float32Array.from({ length: 256 }, (_, b) => b / 127.5 - 1);

/** The data source of such images. */
export function createImageSource({ ahead, notes, labels, ...of }: ImageSourceOptions): DataSource {
  const content = { kind: 'images', ...of } as const;
  const { slots, storage: samples } = of;
  return {
    shape: of.shape,
    labels: labels && {
      ...labels,
      classes:
        slots.length === labels.classes.length
          ? labels.classes
          : Uint8Array.from(slots, (slot) => labels.classes[slot]),
    },
    notes,
    sampleSet: content,
    ...imageBatches(content, ahead),
    close: () => closeStorage(samples),
  };
}

export function imageBatches(
  { storage: samples, shape, slots, flip, validation, seed }: ImageSamples,
  ahead?: ReadAhead,
): Batches {
  const { length } = samples;
  const parts = split(slots.length, validation, seed);
  const slotsOf = (samples: Uint32Array) => samples.map((sample) => slots[sample]);
  const filler = (of: Uint32Array): Batches['batch'] => {
    const indices = epochs(of);
    const next = ahead && epochs(of);
    const copy = copier(sampleReader(samples), shape);
    let mirrored = new Uint32Array(0);
    return (key, out) => {
      const batch = indices(key, out.length / length);
      if (mirrored.length !== batch.length) mirrored = new Uint32Array(batch.length);
      if (flip) fillIntegers(mirrored, 2, substream(key, 'flip'));
      for (let i = 0; i < batch.length; i++) copy(batch[i], out, i, mirrored[i] === 1);
      if (next) ahead?.(next({ ...key, step: key.step + 1 }, batch.length));
    };
  };
  return {
    size: parts.training.length,
    validationSize: parts.validation.length,
    batch: filler(slotsOf(parts.training)),
    validationBatch: filler(slotsOf(parts.validation)),
  };
}

/** Copies the image of one slot to one row of a batch. */
function copier(read: SampleReader, [height, width, channels]: ImageSourceOptions['shape']) {
  const line = width * channels;
  const size = height * line;
  return (slot: number, out: Float32Array, row: number, mirrored: boolean): void => {
    const bytes = read(slot);
    const to = row * size;
    if (!mirrored) {
      for (let k = 0; k < size; k++) out[to + k] = values[bytes[k]];
      return;
    }
    for (let y = 0; y < size; y += line) {
      for (let x = 0; x < width; x++) {
        const source = y + (width - 1 - x) * channels;
        const target = to + y + x * channels;
        for (let c = 0; c < channels; c++) out[target + c] = values[bytes[source + c]];
      }
    }
  };
}
