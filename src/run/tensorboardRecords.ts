// TFRecord framing of TensorBoard's event files: each record has a length with a checksum, and a checksum of its data.
// Source: tensorflow/core/lib/io/record_writer.h.
import { crc32c } from '../shared/crc32';

/** The stored checksum: rotated and offset, because a CRC of data that contains CRCs is weak. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Encodes a record: length uint64, its checksum uint32, the payload, its checksum uint32; little-endian. */
export function encodeRecord(payload: Uint8Array): Uint8Array {
  const record = new Uint8Array(payload.byteLength + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(payload.byteLength), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(payload, 12);
  view.setUint32(12 + payload.byteLength, maskedCrc32c(payload), true);
  return record;
}

/**
 * How a file of records ends: complete, within a record (its writer was killed or is still writing), or at a damaged
 * record.
 */
export type RecordsEnd =
  | { readonly kind: 'complete' }
  | { readonly kind: 'truncated'; readonly offset: number }
  | { readonly kind: 'damaged'; readonly offset: number; readonly problem: string };

/**
 * Decodes the records before the first one that is torn or damaged, and reports how the file ends. `offset` is in
 * bytes. A record whose payload `decode` rejects is damaged too.
 */
export function decodeRecords<T>(
  bytes: Uint8Array,
  decode: (payload: Uint8Array) => T,
): { records: T[]; end: RecordsEnd } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: T[] = [];
  const result = (end: RecordsEnd) => ({ records, end });
  for (let offset = 0; ; ) {
    const damaged = (problem: string) => result({ kind: 'damaged', offset, problem });
    const left = bytes.byteLength - offset;
    if (left === 0) return result({ kind: 'complete' });
    if (left < 12) return result({ kind: 'truncated', offset });
    if (view.getUint32(offset + 8, true) !== maskedCrc32c(bytes.subarray(offset, offset + 8))) {
      return damaged('the checksum of the length does not match');
    }
    const length = Number(view.getBigUint64(offset, true));
    if (left < length + 16) return result({ kind: 'truncated', offset });
    const payload = bytes.subarray(offset + 12, offset + 12 + length);
    if (view.getUint32(offset + 12 + length, true) !== maskedCrc32c(payload)) {
      return damaged('the checksum of the data does not match');
    }
    try {
      records.push(decode(payload));
    } catch {
      return damaged('the data cannot be decoded');
    }
    offset += length + 16;
  }
}
