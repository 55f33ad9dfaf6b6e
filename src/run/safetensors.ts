// Encodes and decodes tensors in the safetensors format, with strict validation.
// Source: https://github.com/huggingface/safetensors#format
import { isRecord } from '../shared/isRecord';
import { sizeOfShape } from '../shared/shape';

export type Dtype = 'float32' | 'int32' | 'bool';

/** A tensor with its values in row-major order; a bool is a byte, 0 or 1. */
export interface Tensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

export type Tensors = Readonly<Record<string, Tensor>>;

export interface Safetensors {
  readonly tensors: Tensors;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Creates the error for a problem of a file. */
export type Damaged = (problem: string) => Error;

/**
 * Encodes a file, in parts to write one after the other: header length uint64, header JSON, then the
 * tensors' own bytes without gaps, wide types first so that all are aligned.
 */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array[] {
  const names = Object.keys(tensors).sort((a, b) => itemBytes(tensors[b]) - itemBytes(tensors[a]));
  const entries: [string, unknown][] = [['__metadata__', metadata]];
  let end = 0;
  for (const name of names) {
    const { dtype, shape, data } = tensors[name];
    if (data.length !== sizeOfShape(shape) || !(data instanceof layout[dtype].array) || name === '__metadata__') {
      throw new Error(`assertion failed: tensor ${name} has ${data.length} values for ${dtype} [${shape.join(', ')}]`);
    }
    entries.push([name, { dtype: layout[dtype].code, shape, data_offsets: [end, (end += data.byteLength)] }]);
  }
  // Object.fromEntries creates own properties for all names, including '__proto__', and JSON.stringify writes them.
  const text = JSON.stringify(Object.fromEntries(entries));
  const headerBytes = Math.ceil(Buffer.byteLength(text) / 8) * 8;
  const header = Buffer.alloc(8 + headerBytes, ' ');
  header.writeBigUInt64LE(BigInt(headerBytes));
  header.write(text, 8);
  const bytesOf = ({ data }: Tensor) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return [header, ...names.map((name) => bytesOf(tensors[name]))];
}

/**
 * Decodes what `encodeSafetensors` encodes; tensors share the memory of `file` if it is aligned. Throws
 * `damaged(problem)` for the first violation of the format.
 */
export function decodeSafetensors(file: Uint8Array, damaged: Damaged): Safetensors {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < 8) throw damaged(`it has ${bytes.length} bytes`);
  const headerBytes = bytes.readBigUInt64LE();
  if (headerBytes > BigInt(bytes.length - 8)) {
    throw damaged(`its header ends at byte ${headerBytes + 8n} of ${bytes.length}`);
  }
  const start = 8 + Number(headerBytes);
  const { __metadata__: metadata, ...entries } = parseHeader(bytes.toString('utf8', 8, start), damaged);
  const tensors: Record<string, Tensor> = Object.create(null) as Record<string, Tensor>;
  let end = 0;
  for (const [name, entry] of Object.entries(entries).sort(byOffset)) {
    const quoted = `tensor ${JSON.stringify(name)}`;
    const { dtype, shape, from, to } = readEntry(quoted, entry, damaged);
    if (from !== end) throw damaged(`${quoted} starts at byte ${start + from} instead of ${start + end}`);
    if (start + to > bytes.length) throw damaged(`${quoted} ends at byte ${start + to} of ${bytes.length}`);
    const { array, bytes: width } = layout[dtype];
    const need = sizeOfShape(shape) * width;
    if (to - from !== need) {
      throw damaged(`${quoted} has ${to - from} bytes; ${dtype} [${shape.join(', ')}] needs ${need}`);
    }
    const part = bytes.subarray(start + from, start + to);
    const { buffer, byteOffset } = part.byteOffset % width === 0 ? part : new Uint8Array(part); // a copy is aligned
    tensors[name] = { dtype, shape, data: new array(buffer as ArrayBuffer, byteOffset, need / width) };
    end = to;
  }
  if (start + end !== bytes.length) throw damaged(`it has ${bytes.length - start - end} bytes after the last tensor`);
  if (!isTexts(metadata)) throw damaged('its metadata has values that are not strings');
  return { tensors, metadata };
}

interface Entry {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

const layout = {
  float32: { code: 'F32', bytes: 4, array: Float32Array },
  int32: { code: 'I32', bytes: 4, array: Int32Array },
  bool: { code: 'BOOL', bytes: 1, array: Uint8Array },
} as const satisfies Record<Dtype, unknown>;

const itemBytes = ({ dtype }: Tensor): number => layout[dtype].bytes;

function parseHeader(text: string, damaged: Damaged): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(text);
    if (isRecord(header)) return header;
  } catch {
    // Reported below.
  }
  throw damaged('its header is not JSON');
}

const offsetsOf = (entry: unknown): readonly number[] =>
  isRecord(entry) && isCounts(entry.data_offsets) ? entry.data_offsets : [];

function byOffset([, a]: [string, unknown], [, b]: [string, unknown]): number {
  const [[a0 = 0, a1 = 0], [b0 = 0, b1 = 0]] = [offsetsOf(a), offsetsOf(b)];
  return a0 - b0 || a1 - b1;
}

function readEntry(quoted: string, entry: unknown, damaged: Damaged): Entry {
  if (!isRecord(entry)) throw damaged(`${quoted} has no entry`);
  const { dtype: code, shape, data_offsets: offsets } = entry;
  const dtype = (Object.keys(layout) as Dtype[]).find((each) => layout[each].code === code);
  if (dtype === undefined) throw damaged(`${quoted} has the unknown type ${JSON.stringify(code)}`);
  if (!isCounts(shape)) throw damaged(`${quoted} has no valid shape`);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[1] < offsets[0]) {
    throw damaged(`${quoted} has no valid offsets`);
  }
  return { dtype, shape, from: offsets[0], to: offsets[1] };
}

const isTexts = (value: unknown): value is Record<string, string> =>
  isRecord(value) && Object.values(value).every((text) => typeof text === 'string');

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
