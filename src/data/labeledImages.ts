// Images of a data source with their classes, which training does not use.
import { permutation } from '../math/random';
import { sampleReader } from './cache/sampleStorage';
import type { DataSource } from './dataSource';

export interface LabeledImages {
  /** Row-major [n, height · width · channels], in [0, 1]. */
  readonly values: Float32Array;
  readonly classes: Uint8Array;
}

/**
 * At most `most` images of both splits in random order, each content once, in memory that threads share; null if the
 * classes are not known.
 */
export function labeledImages({ sampleSet, labels }: DataSource, most: number, seed: number): LabeledImages | null {
  if (sampleSet.kind !== 'images' || !labels) return null;
  const { storage, slots, copyOf } = sampleSet;
  const order = permutation(slots.length, { seed, stream: 'labeled', step: 0 });
  const chosen = order.filter((sample) => !copyOf || copyOf[sample] === sample).subarray(0, most);
  const values = new Float32Array(new SharedArrayBuffer(4 * chosen.length * storage.length));
  const read = sampleReader(storage);
  chosen.forEach((sample, i) => {
    const bytes = read(slots[sample]);
    for (let k = 0; k < storage.length; k++) values[i * storage.length + k] = bytes[k] / 255;
  });
  return { values, classes: Uint8Array.from(chosen, (sample) => labels.classes[sample]) };
}
