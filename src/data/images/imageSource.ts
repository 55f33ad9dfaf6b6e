// Images stored as bytes as a data source, and their batches of numbers in [-1, 1].
import { fillIntegers, substream } from '../../math/random';
import { closeStorage, sampleReader, type ReadAhead, type SampleReader } from '../cache/sampleStorage';
import type { Batches, DataSource, Labels } from '../dataSource';
import { epochs, splitWithCopies } from '../epochs';
import type { ImageSamples } from '../sampleSet';

interface ImageSourceOptions extends Omit<ImageSamples, 'kind'> {
  /** Reads slots of the next batch in advance, if the samples are in a file. */
  readonly readAhead?: ReadAhead;
  readonly notes: readonly string[];
  /** The class of every slot. */
  readonly labels?: Labels;
}

/** The value of each byte: b / 127.5 − 1. */
const values = Float32Array.from({ length: 256 }, (_, b) => b / 127.5 - 1);

export function createImageSource({ readAhead, notes, labels, ...samples }: ImageSourceOptions): DataSource {
  const sampleSet = { kind: 'images', ...samples } as const;
  const { slots, storage, shape } = samples;
  const allSlots = slots.length === labels?.classes.length;
  return {
    shape,
    labels: labels && {
      ...labels,
      classes: allSlots ? labels.classes : Uint8Array.from(slots, (slot) => labels.classes[slot]),
    },
    notes,
    sampleSet,
    ...imageBatches(sampleSet, readAhead),
    close: () => closeStorage(storage),
  };
}

export function imageBatches(
  { storage, shape, slots, copyOf, flip, validation, seed }: ImageSamples,
  readAhead?: ReadAhead,
): Batches {
  const { length } = storage;
  const parts = splitWithCopies(slots.length, validation, seed, copyOf);
  const slotsOf = (samples: Uint32Array) => samples.map((sample) => slots[sample]);
  const batchFiller = (ofSplit: Uint32Array): Batches['batch'] => {
    const indices = epochs(ofSplit);
    const nextIndices = readAhead && epochs(ofSplit);
    const copy = imageCopier(sampleReader(storage), shape);
    let mirrored = new Uint32Array(0);
    return (key, out) => {
      const batch = indices(key, out.length / length);
      if (mirrored.length !== batch.length) mirrored = new Uint32Array(batch.length);
      if (flip) fillIntegers(mirrored, 2, substream(key, 'flip'));
      for (let i = 0; i < batch.length; i++) copy(batch[i], out, i, mirrored[i] === 1);
      if (nextIndices) readAhead?.(nextIndices({ ...key, step: key.step + 1 }, batch.length));
    };
  };
  return {
    size: parts.training.length,
    validationSize: parts.validation.length,
    batch: batchFiller(slotsOf(parts.training)),
    validationBatch: batchFiller(slotsOf(parts.validation)),
  };
}

/** Copies the image of a slot to a row of a batch. */
function imageCopier(read: SampleReader, [height, width, channels]: ImageSourceOptions['shape']) {
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
