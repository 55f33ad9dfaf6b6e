import { type ByteStream, openByteStream, type ByteStreamOptions } from '../byteStream';

// The header of a NumPy array: magic, version, and a Python dictionary of type, order and shape (NumPy enhancement proposal 1).

/** A number in the file: its kind as NumPy writes it (u, i, f, b) and its bytes. */
export interface Dtype {
  readonly kind: 'u' | 'i' | 'f' | 'b';
  readonly size: 1 | 2 | 4 | 8;
  readonly littleEndian: boolean;
}

export interface NpyHeader {
  readonly dtype: Dtype;
  /** The first axis moves fastest. */
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly start: number;
}

/** NumPy's own limit is 10,000 characters, unless a caller raises it. */
const mostHeader = 1 << 16;

/** Reads a header from the start of a stream; throws an Error whose message reads on from "it cannot be read:". */
export async function readNpyHeader(bytes: ByteStream): Promise<NpyHeader> {
  const magic = Buffer.from(await bytes.take(8));
  if (magic.toString('latin1', 0, 6) !== '\x93NUMPY')
    throw new Error('it does not begin as a NumPy array does (\\x93NUMPY)');
  const [version] = [magic[6]];
  if (version < 1 || version > 3) throw new Error(`its format version is ${version}, and 1, 2 and 3 are known`);
  const width = version === 1 ? 2 : 4;
  const lengthBytes = Buffer.from(await bytes.take(width));
  if (lengthBytes.length < width) throw new Error('it ends inside of its header');
  const length = lengthBytes.readUIntLE(0, width);
  if (length > mostHeader) throw new Error(`its header claims ${length} bytes, and a header has far fewer`);
  const text = Buffer.from(await bytes.take(length));
  if (text.length < length) throw new Error('it ends inside of its header');
  return { ...parse(text.toString(version === 3 ? 'utf8' : 'latin1')), start: 8 + width + length };
}

function parse(text: string): Omit<NpyHeader, 'start'> {
  const descr = /'descr':\s*('([^']{1,20})'|\[)/.exec(text);
  const fortran = /'fortran_order':\s*(True|False)/.exec(text);
  const shape = /'shape':\s*\(([\d\s,L]{0,400})\)/.exec(text);
  if (!descr || !fortran || !shape) throw new Error('its header lacks descr, fortran_order or shape');
  const parts = /^([<>|=]?)([uifb])([1248])$/.exec(descr[2] ?? '');
  const [, order, kind, size] = parts ?? [];
  const known = parts && !(kind === 'f' && size === '1') && !(kind === 'b' && size !== '1');
  if (!known)
    throw new Error(
      `its values are ${descr[2] === undefined ? 'records with several fields' : `of type "${descr[2]}"`}, not plain numbers`,
    );
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

/** What reads value number i of a view of such numbers. */
export function numberReader({ kind, size, littleEndian: le }: Dtype): (view: DataView, i: number) => number {
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
    f2: (view, i) => half(view.getUint16(2 * i, le)),
    f4: (view, i) => view.getFloat32(4 * i, le),
    f8: (view, i) => view.getFloat64(8 * i, le),
  };
  return readers[`${kind}${size}`];
}

/** The IEEE 754 number of 16 bits: sign, five bits of exponent, ten of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

// A NumPy array in a file, or in a member of an archive: opened, and read sample by sample in either order of its axes.

/** Where the bytes of an array are. */
export interface NpyLocation extends Pick<ByteStreamOptions, 'from' | 'to' | 'compression'> {
  readonly file: string;
  /** Most bytes that can come out, by the size of the file. */
  readonly mostBytes: number;
}

export interface NpyArray extends NpyHeader {
  readonly location: NpyLocation;
  /** Samples along the first axis that can be there, by its claim and by the size of the file. */
  readonly count: number;
  /** Values of one sample. */
  readonly length: number;
}

/** Values of a sample; more is no sample of anything that is trained here. */
const mostValues = 1 << 26;
/** Bytes of an array in Fortran order, which has to be read whole. */
const mostFortran = 2 ** 31;

/** Opens an array; throws an Error whose message is a clause. */
export async function openNpyArray(place: NpyLocation): Promise<NpyArray> {
  const bytes = openByteStream(place.file, place);
  let header: NpyHeader;
  try {
    header = await readNpyHeader(bytes);
  } finally {
    bytes.close();
  }
  const { shape, dtype, start } = header;
  const [claimed = 0, ...inner] = shape;
  const length = inner.reduce((product, axis) => product * axis, 1);
  if (shape.length < 1 || claimed < 1 || length < 1) throw new Error(`its shape (${shape.join(', ')}) holds nothing`);
  if (length > mostValues) throw new Error(`its shape is (${shape.join(', ')}): a sample would have ${length} values`);
  const count = Math.min(claimed, Math.floor((place.mostBytes - start) / (length * dtype.size)));
  if (count < 1) throw new Error('it ends before its first sample is whole');
  return { ...header, location: place, count, length };
}

/** The samples in order, each as plain numbers that are valid until the next; fewer where the file ends. */
export async function* readNpySamples(array: NpyArray, signal?: AbortSignal): AsyncIterable<Float64Array> {
  const bytes = openByteStream(array.location.file, { ...array.location, signal });
  try {
    await bytes.take(array.start);
    yield* array.fortran ? byColumns(array, bytes) : byRows(array, bytes);
  } finally {
    bytes.close();
  }
}

async function* byRows({ count, length, dtype }: NpyArray, bytes: ByteStream): AsyncIterable<Float64Array> {
  const numberAt = numberReader(dtype);
  const sample = new Float64Array(length);
  for (let n = 0; n < count; n++) {
    const piece = await bytes.take(length * dtype.size);
    if (piece.length < length * dtype.size) return;
    const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
    for (let k = 0; k < length; k++) sample[k] = numberAt(view, k);
    yield sample;
  }
}

/** The first axis moves fastest, and then each of the others: value (n, a, b, ...) is at n + N (a + A (b + ...)). */
async function* byColumns({ shape, length, dtype }: NpyArray, bytes: ByteStream): AsyncIterable<Float64Array> {
  const [n, ...axes] = shape;
  const size = n * length * dtype.size;
  const clause = `it is in Fortran order and takes ${size} bytes, and such an array has to fit ${mostFortran}`;
  if (size > mostFortran) throw new Error(`${clause}; save it with numpy.ascontiguousarray`);
  const piece = await bytes.take(size);
  if (piece.length < size) return;
  const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
  const numberAt = numberReader(dtype);
  const places = fortranPlaces(axes);
  const sample = new Float64Array(length);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < length; k++) sample[k] = numberAt(view, i + n * places[k]);
    yield sample;
  }
}

/** For each value of a sample in row-major order, its number in column-major order. */
function fortranPlaces(axes: readonly number[]): Uint32Array {
  const length = axes.reduce((product, axis) => product * axis, 1);
  return Uint32Array.from({ length }, (_, k) => {
    let [rest, place, stride] = [k, 0, length];
    for (let a = axes.length - 1; a >= 0; a--) {
      stride /= axes[a];
      place += (rest % axes[a]) * stride;
      rest = Math.floor(rest / axes[a]);
    }
    return place;
  });
}
