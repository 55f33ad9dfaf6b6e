// A NumPy array in a file, or in a member of an archive: opened, and read sample by sample in either order of its axes.
import { openBytes, type Bytes, type Stretch } from './bytes';
import { numberReader, readNpyHeader, type NpyHeader } from './npyHeader';

/** Where the bytes of an array are. */
export interface NpyPlace extends Pick<Stretch, 'from' | 'to' | 'packed'> {
  readonly file: string;
  /** Most bytes that can come out, by the size of the file. */
  readonly mostBytes: number;
}

export interface NpyArray extends NpyHeader {
  readonly place: NpyPlace;
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
export async function openNpy(place: NpyPlace): Promise<NpyArray> {
  const bytes = openBytes(place.file, place);
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
  return { ...header, place, count, length };
}

/** The samples in order, each as plain numbers that are valid until the next; fewer where the file ends. */
export async function* samplesOf(array: NpyArray, signal?: AbortSignal): AsyncIterable<Float64Array> {
  const bytes = openBytes(array.place.file, { ...array.place, signal });
  try {
    await bytes.take(array.start);
    yield* array.fortran ? byColumns(array, bytes) : byRows(array, bytes);
  } finally {
    bytes.close();
  }
}

async function* byRows({ count, length, dtype }: NpyArray, bytes: Bytes): AsyncIterable<Float64Array> {
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
async function* byColumns({ shape, length, dtype }: NpyArray, bytes: Bytes): AsyncIterable<Float64Array> {
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
