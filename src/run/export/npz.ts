// Writes NumPy arrays into an archive that numpy.load opens (NEP 1, PKWARE APPNOTE 6.3, without compression).
import { crc32 } from '../../shared/crc32';
import { sizeOfShape } from '../../shared/shape';

export interface NumpyArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** The bytes of a .npz file. Throws a RangeError beyond 4 GiB, which need another form of archive. */
export function encodeNpz(arrays: Readonly<Record<string, NumpyArray>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, array] of Object.entries(arrays)) {
    const file = Buffer.from(`${name}.npy`, 'latin1');
    const content = encodeNpy(array);
    if (at + content.length > 0xffff_ffff) throw new RangeError('an archive of more than 4 GiB');
    // Version, flags, method (stored), time and date (1 January 1980), checksum, two sizes, lengths of name and extras.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(file.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, file, content]);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, entry, file]));
    parts.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, central, end]);
}

/** A .npy file of version 1.0, in C order. */
function encodeNpy({ shape, data }: NumpyArray): Buffer {
  if (sizeOfShape(shape) !== data.length)
    throw new Error(`assertion failed: ${data.length} values of [${shape.join()}]`);
  const type = data instanceof Float32Array ? '<f4' : '<i4';
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${type}', 'fortran_order': False, 'shape': (${tuple}), }`;
  // The header has a length of a multiple of 64, with a line break at its end.
  const length = Math.ceil((dictionary.length + 11) / 64) * 64 - 10;
  const head = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1');
  head.writeUInt16LE(length, 8);
  return Buffer.concat([
    head,
    Buffer.from(`${dictionary.padEnd(length - 1)}\n`, 'latin1'),
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  ]);
}
