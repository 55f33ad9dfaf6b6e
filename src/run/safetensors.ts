// Reads and writes tensors in the safetensors format, with a checksum over the whole file and strict validation.
// Source: https://github.com/huggingface/safetensors#format
import { createHash } from 'node:crypto';
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
 * Encodes a file: header length uint64, header JSON, then the tensors' bytes without gaps, wide types first so that all
 * are aligned. `__metadata__.sha256` is the digest of the file with 64 zeros in its place.
 */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  const names = Object.keys(tensors).sort((a, b) => itemBytes(tensors[b]) - itemBytes(tensors[a]));
  const entries: [string, unknown][] = [['__metadata__', { ...metadata, sha256: noDigest }]];
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
  const file = Buffer.alloc(8 + headerBytes + end);
  file.writeBigUInt64LE(BigInt(headerBytes));
  file.fill(' ', 8, 8 + headerBytes);
  file.write(text, 8);
  let at = 8 + headerBytes;
  for (const name of names) {
    const { data } = tensors[name];
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  const digest = sha256(file);
  file.write(digest, file.indexOf(digestKey + noDigest) + digestKey.length);
  return file;
}

/** Decodes what `encodeSafetensors` writes. Throws `damaged(problem)` for the first violation of the format. */
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
    const data = new Uint8Array(bytes.subarray(start + from, start + to)).buffer; // a copy is aligned
    tensors[name] = { dtype, shape, data: new array(data) };
    end = to;
  }
  if (start + end !== bytes.length) throw damaged(`it has ${bytes.length - start - end} bytes after the last tensor`);
  return { tensors, metadata: checkDigest(bytes, start, metadata, damaged) };
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
// JSON escapes quotes in names and values, so this matches only the key.
const digestKey = '"sha256":"';
const noDigest = '0'.repeat(64);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

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

function checkDigest(bytes: Buffer, headerEnd: number, metadata: unknown, damaged: Damaged): Record<string, string> {
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    throw damaged('its metadata has values that are not strings');
  }
  const { sha256: digest, ...rest } = metadata as Record<string, string>;
  if (!/^[0-9a-f]{64}$/.test(digest ?? '')) throw damaged('it has no checksum');
  const at = bytes.indexOf(digestKey + digest, 8) + digestKey.length;
  const hash = createHash('sha256')
    .update(bytes.subarray(0, at))
    .update(noDigest)
    .update(bytes.subarray(at + 64));
  if (at > headerEnd || hash.digest('hex') !== digest) throw damaged('its checksum does not match its content');
  return rest;
}

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
