// Finds images that occur more than once in a data set, byte for byte after resizing.
import { createHash } from 'node:crypto';
import { checksum, sampleReader, type SampleStorage } from '../cache/sampleStorage';

/** Bytes that are compared first. */
const probeBytes = 256;

/**
 * For each position in `slots` the position of the first image with the same content, which is its own if there is no
 * earlier one; undefined if all images differ.
 */
export function findCopies(storage: SampleStorage, slots: Uint32Array): Uint32Array | undefined {
  const read = sampleReader(storage);
  const { length } = storage;
  const stride = Math.max(1, Math.floor(length / probeBytes));
  const probe = new Uint8Array(Math.ceil(length / stride));
  const groups = new Map<number, number[]>();
  for (const [position, slot] of slots.entries()) {
    const hash = 'checksums' in storage ? storage.checksums[slot] : checksum(spread(read(slot), stride, probe));
    const group = groups.get(hash);
    if (group) group.push(position);
    else groups.set(hash, [position]);
  }
  const first = Uint32Array.from(slots.keys());
  let found = false;
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    const seen = new Map<string, number>();
    for (const position of group) {
      const content = createHash('sha256').update(read(slots[position])).digest('base64');
      const earlier = seen.get(content);
      if (earlier === undefined) seen.set(content, position);
      else {
        first[position] = earlier;
        found = true;
      }
    }
  }
  return found ? first : undefined;
}

function spread(bytes: Uint8Array, stride: number, out: Uint8Array): Uint8Array {
  for (let i = 0; i < out.length; i++) out[i] = bytes[i * stride];
  return out;
}
