// Images held as bytes, given out as batches of numbers in [-1, 1].
import { fillIntegers, substream } from '../math/random';
import { epochs, split } from './epochs';
import type { DataSource, Labels } from './source';
import type { Store } from './store';

/** Images as bytes. */
export interface Pixels {
  /** Each sample row-major [height, width, channels]; 0 is -1, 255 is 1. */
  readonly store: Store;
  /** [height, width, channels]. */
  readonly shape: readonly [number, number, number];
  /** The slots that hold an image, where not all do. */
  readonly slots: Uint32Array;
  /** Mirrors left to right with probability one half, by the key. */
  readonly flip: boolean;
  /** Share held out. */
  readonly validation: number;
  readonly seed: number;
  readonly notes: readonly string[];
  /** The class of every slot. */
  readonly labels?: Labels;
}

/** The value of each byte: b / 127.5 − 1. */
const values = Float32Array.from({ length: 256 }, (_, b) => b / 127.5 - 1);

/** The data source of such images. */
export function openPixels(of: Pixels): DataSource {
  const { store, shape, slots, flip, validation: share, seed, labels, notes } = of;
  const parts = split(slots.length, share, seed);
  const slotsOf = (samples: Uint32Array) => samples.map((sample) => slots[sample]);
  const filler = (samples: Uint32Array): DataSource['batch'] => {
    const indices = epochs(samples);
    const next = store.ahead && epochs(samples);
    const copy = copier(store, shape);
    let mirrored = new Uint32Array(0);
    return (key, out) => {
      const batch = indices(key, out.length / store.length);
      if (mirrored.length !== batch.length) mirrored = new Uint32Array(batch.length);
      if (flip) fillIntegers(mirrored, 2, substream(key, 'flip'));
      for (let i = 0; i < batch.length; i++) copy(batch[i], out, i, mirrored[i] === 1);
      if (next) store.ahead?.(next({ ...key, step: key.step + 1 }, batch.length));
    };
  };
  return {
    shape,
    size: parts.training.length,
    validationSize: parts.validation.length,
    labels: labels && {
      ...labels,
      of: slots.length === store.slots ? labels.of : Uint8Array.from(slots, (slot) => labels.of[slot]),
    },
    notes,
    batch: filler(slotsOf(parts.training)),
    validationBatch: filler(slotsOf(parts.validation)),
    close: () => store.close(),
  };
}

/** Copies the image of one slot to one row of a batch. */
function copier(store: Store, [height, width, channels]: Pixels['shape']) {
  const line = width * channels;
  const size = height * line;
  return (slot: number, out: Float32Array, row: number, mirrored: boolean): void => {
    const bytes = store.read(slot);
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
