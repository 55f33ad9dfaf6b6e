// Reads NumPy arrays from a file or from a member of an archive: the header, and the samples one by one in either
// axis order.
import { sizeOfShape } from '../../../shared/shape';
import { badFile, isDataError } from '../../errors';
import { fileInfo, openByteStream, type ByteStream, type ByteStreamOptions } from '../byteStream';
import { expectKind } from '../fileKind';

/** The type of the numbers: NumPy's letter for its kind, and the size in bytes. */
interface Dtype {
  readonly kind: 'u' | 'i' | 'f' | 'b';
  readonly size: 1 | 2 | 4 | 8;
  readonly littleEndian: boolean;
}

/** A Python dictionary after a magic number and a version (NumPy enhancement proposal 1). */
interface NpyHeader {
  readonly dtype: Dtype;
  /** Whether the first axis varies fastest. */
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Position of the first value. */
  readonly start: number;
}

/** NumPy's own limit is 10,000 characters, unless a caller raises it. */
const maxHeaderLength = 1 << 16;

/** Reads the header at the start of a stream. Throws an Error whose message is a clause. */
async function readNpyHeader(bytes: ByteStream): Promise<NpyHeader> {
  const magic = Buffer.from(await bytes.read(8));
  if (magic.toString('latin1', 0, 6) !== '\x93NUMPY')
    throw new Error('it does not begin with the magic number of NumPy arrays (\\x93NUMPY)');
  const [version] = [magic[6]];
  if (version < 1 || version > 3)
    throw new Error(`its format version is ${version}, but only 1, 2 and 3 are supported`);
  const width = version === 1 ? 2 : 4;
  const lengthBytes = Buffer.from(await bytes.read(width));
  if (lengthBytes.length < width) throw new Error('it ends inside its header');
  const length = lengthBytes.readUIntLE(0, width);
  if (length > maxHeaderLength) throw new Error(`its header claims ${length} bytes, more than any header has`);
  const text = Buffer.from(await bytes.read(length));
  if (text.length < length) throw new Error('it ends inside its header');
  return { ...parse(text.toString(version === 3 ? 'utf8' : 'latin1')), start: 8 + width + length };
}

function parse(text: string): Omit<NpyHeader, 'start'> {
  const descr = /'descr':\s*('([^']{1,20})'|\[)/.exec(text);
  const fortran = /'fortran_order':\s*(True|False)/.exec(text);
  const shape = /'shape':\s*\(([\d\s,L]{0,400})\)/.exec(text);
  if (!descr || !fortran || !shape) throw new Error('its header lacks "descr", "fortran_order" or "shape"');
  const parts = /^([<>|=]?)([uifb])([1248])$/.exec(descr[2] ?? '');
  const [, order, kind, size] = parts ?? [];
  const known = parts && !(kind === 'f' && size === '1') && !(kind === 'b' && size !== '1');
  if (!known) {
    const type = descr[2] === undefined ? 'records with several fields' : `of type "${descr[2]}"`;
    throw new Error(
      `its values are ${type}, not plain numbers${descr[2] === undefined ? ' (numpy.lib.recfunctions.structured_to_unstructured(x) makes them)' : ''}`,
    );
  }
  const axes = shape[1]
    .split(',')
    .flatMap((axis) => (axis.trim() === '' ? [] : [Number(axis.trim().replace(/L$/, ''))]));
  if (axes.length > 32 || axes.some((axis) => !Number.isSafeInteger(axis)))
    throw new Error(`its shape is (${shape[1]})`);
  const dtype: Dtype = {
    kind: kind as Dtype['kind'],
    size: Number(size) as Dtype['size'],
    littleEndian: order !== '>',
  };
  return { dtype, fortran: fortran[1] === 'True', shape: axes };
}

/** A function that reads value i of a view. */
function numberReader({ kind, size, littleEndian: le }: Dtype): (view: DataView, i: number) => number {
  const readers: Readonly<Record<string, (view: DataView, i: number) => number>> = {
    u1: (view, i) => view.getUint8(i),
    b1: (view, i) => view.getUint8(i),
    i1: (view, i) => view.getInt8(i),
    u2: (view, i) => view.getUint16(2 * i, le),
    i2: (view, i) => view.getInt16(2 * i, le),
    u4: (view, i) => view.getUint32(4 * i, le),
    i4: (view, i) => view.getInt32(4 * i, le),
    u8: (view, i) => Number(view.getBigUint64(8 * i, le)),
    i8: (view, i) => Number(view.getBigInt64(8 * i, le)),
    f2: (view, i) => float16(view.getUint16(2 * i, le)),
    f4: (view, i) => view.getFloat32(4 * i, le),
    f8: (view, i) => view.getFloat64(8 * i, le),
  };
  return readers[`${kind}${size}`];
}

/** An IEEE 754 half: one sign bit, five exponent bits, ten fraction bits. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The bytes of an array in a file. */
interface NpyLocation extends Pick<ByteStreamOptions, 'from' | 'to' | 'compression'> {
  readonly file: string;
  /** Upper bound of the uncompressed size. */
  readonly maxBytes: number;
}

export interface NpyArray extends NpyHeader {
  readonly location: NpyLocation;
  /** Samples along the first axis, as the header claims, but no more than the file has room for. */
  readonly count: number;
  /** Number of values in a sample. */
  readonly length: number;
  /** Bytes after the last value. */
  readonly excess: number;
}

/** The largest number of values in a sample. */
const maxValues = 1 << 26;
/** The largest array in Fortran order in bytes, since it is read several times. */
const maxFortranBytes = 2 ** 31;

/** Opens the array of a .npy file; `identity` changes with the file. Throws DataError. */
export async function openNpyFile(file: string): Promise<{ readonly array: NpyArray; readonly identity: unknown }> {
  try {
    await expectKind(file, 'npy');
    const { size, mtimeMs } = (await fileInfo(file)) ?? { size: 0, mtimeMs: 0 };
    return { array: await openNpyArray({ file, maxBytes: size }), identity: [file, size, mtimeMs] };
  } catch (error) {
    if (isDataError(error)) throw error;
    throw badFile(
      file,
      (error as Error).message,
      'Save the array again with numpy.save(file, x), as uint8 or float32.',
    );
  }
}

/** Opens an array. Throws an Error whose message is a clause. */
export async function openNpyArray(location: NpyLocation): Promise<NpyArray> {
  const bytes = openByteStream(location.file, location);
  let header: NpyHeader;
  try {
    header = await readNpyHeader(bytes);
  } finally {
    bytes.close();
  }
  const { shape, dtype, start } = header;
  const [claimed = 0, ...inner] = shape;
  const length = sizeOfShape(inner);
  if (shape.length < 1 || claimed < 1 || length < 1) throw new Error(`its shape (${shape.join(', ')}) is empty`);
  if (length > maxValues) throw new Error(`its shape is (${shape.join(', ')}): a sample would have ${length} values`);
  const count = Math.min(claimed, Math.floor((location.maxBytes - start) / (length * dtype.size)));
  if (count < 1) throw new Error('it ends inside its first sample');
  // In Fortran order every sample has values near the end. The size of a compressed member is only bounded.
  if (count < claimed && header.fortran && location.compression === undefined) {
    const [has, needs] = [location.maxBytes - start, claimed * length * dtype.size];
    throw new Error(`it is cut off (${has} of ${needs} bytes), and in Fortran order, so that no sample is complete`);
  }
  // In an archive, the size of a member is only bounded.
  const excess = location.to === undefined ? location.maxBytes - start - claimed * length * dtype.size : 0;
  return { ...header, location, count, length, excess };
}

/** The samples in order, each valid until the next; fewer if the file is truncated. */
export async function* readNpySamples(array: NpyArray, signal?: AbortSignal): AsyncIterable<Float64Array> {
  yield* array.fortran ? byColumns(array, signal) : byRows(array, signal);
}

async function openValues({ location, start }: NpyArray, signal?: AbortSignal): Promise<ByteStream> {
  const bytes = openByteStream(location.file, { ...location, signal });
  await bytes.read(start);
  return bytes;
}

async function* byRows(array: NpyArray, signal?: AbortSignal): AsyncIterable<Float64Array> {
  const { count, length, dtype } = array;
  const numberAt = numberReader(dtype);
  const sample = new Float64Array(length);
  const bytes = await openValues(array, signal);
  try {
    for (let n = 0; n < count; n++) {
      const piece = await bytes.read(length * dtype.size);
      if (piece.length < length * dtype.size) return;
      const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
      for (let k = 0; k < length; k++) sample[k] = numberAt(view, k);
      yield sample;
    }
  } finally {
    bytes.close();
  }
}

/** Bytes of samples in memory while an array in Fortran order is read: the file is read once for each such block. */
const fortranBlock = 128 << 20;
const pieceSize = 1 << 20;

/** The first axis varies fastest, then the second: value (n, a, b, ...) is at n + N (a + A (b + ...)). */
async function* byColumns(array: NpyArray, signal?: AbortSignal): AsyncIterable<Float64Array> {
  const { shape, length, dtype } = array;
  const [n, ...axes] = shape;
  const size = n * length * dtype.size;
  const clause =
    `it is in Fortran order and has ${size} bytes, ` + `more than the ${maxFortranBytes} that such an array may have`;
  if (size > maxFortranBytes) throw new Error(`${clause}; save numpy.ascontiguousarray(x) instead`);
  const block = Math.min(n, Math.max(1, Math.floor(fortranBlock / (length * dtype.size))));
  const values = new Uint8Array(block * length * dtype.size);
  const view = new DataView(values.buffer);
  const numberAt = numberReader(dtype);
  const offsets = fortranOffsets(axes);
  const sample = new Float64Array(length);
  for (let first = 0; first < n; first += block) {
    const rows = Math.min(block, n - first);
    if (!(await readColumns(array, first, rows, block, values, signal))) return;
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < length; k++) sample[k] = numberAt(view, i + block * offsets[k]);
      yield sample;
    }
  }
}

/** Rows [first, first + rows) of every column, each at a multiple of `block`; false if the file is cut off. */
async function readColumns(
  array: NpyArray,
  first: number,
  rows: number,
  block: number,
  out: Uint8Array,
  signal?: AbortSignal,
): Promise<boolean> {
  const { shape, length, dtype } = array;
  const bytes = await openValues(array, signal);
  const transfer = async (count: number, at?: number): Promise<boolean> => {
    for (let done = 0; done < count; ) {
      const piece = await bytes.read(Math.min(pieceSize, count - done));
      if (piece.length === 0) return false;
      if (at !== undefined) out.set(piece, at + done);
      done += piece.length;
    }
    return true;
  };
  const [before, after] = [first * dtype.size, (shape[0] - first - rows) * dtype.size];
  try {
    for (let k = 0; k < length; k++) {
      const complete =
        (await transfer(before)) &&
        (await transfer(rows * dtype.size, k * block * dtype.size)) &&
        (await transfer(after));
      if (!complete) return false;
    }
    return true;
  } finally {
    bytes.close();
  }
}

/** For each value of a sample in row-major order, its position in column-major order. */
function fortranOffsets(axes: readonly number[]): Uint32Array {
  const length = sizeOfShape(axes);
  return Uint32Array.from({ length }, (_, k) => {
    let [rest, offset, stride] = [k, 0, length];
    for (let a = axes.length - 1; a >= 0; a--) {
      stride /= axes[a];
      offset += (rest % axes[a]) * stride;
      rest = Math.floor(rest / axes[a]);
    }
    return offset;
  });
}
