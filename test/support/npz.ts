// Reads .npz files without compression, from the NumPy and zip formats alone.
import { readFileSync } from 'node:fs';

export interface ReadArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** The arrays by name, found through the central directory as numpy.load finds them. */
export function readNpyMembers(file: string): Record<string, ReadArray> {
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf('PK\x05\x06');
  const arrays: Record<string, ReadArray> = {};
  let at = bytes.readUInt32LE(end + 16);
  for (let k = 0; k < bytes.readUInt16LE(end + 10); k++) {
    const [length, nameLength, local] = [
      bytes.readUInt32LE(at + 24),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt32LE(at + 42),
    ];
    const name = bytes.toString('latin1', at + 46, at + 46 + nameLength);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    arrays[name.replace(/\.npy$/, '')] = readNpy(bytes.subarray(start, start + length));
    at += 46 + nameLength;
  }
  return arrays;
}

function readNpy(bytes: Buffer): ReadArray {
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, start);
  const shape = /'shape': \(([^)]*)\)/
    .exec(header)![1]
    .split(',')
    .filter((each) => each.trim() !== '')
    .map(Number);
  // Copied, since typed arrays must be aligned.
  const { buffer } = Uint8Array.from(bytes.subarray(start));
  return { shape, data: header.includes("'<f4'") ? new Float32Array(buffer) : new Int32Array(buffer) };
}
