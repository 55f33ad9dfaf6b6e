import zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { crc32, crc32c } from './crc32';

const text = (s: string) => new TextEncoder().encode(s);

test('checksums have the values of the standards', () => {
  expect(crc32(text('123456789'))).toBe(0xcbf43926);
  expect(crc32c(text('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa); // RFC 3720, appendix B.4
  expect(crc32(new Uint8Array(0))).toBe(0);
});

test('checksums of a part do not depend on the bytes around it', () => {
  const bytes = Uint8Array.from({ length: 100 }, (_, i) => (i * 37) % 256);
  for (const [from, to] of [
    [0, 100],
    [1, 98],
    [3, 5],
    [7, 7],
  ])
    expect(crc32(bytes, from, to)).toBe(crc32(bytes.slice(from, to)));
  expect(crc32.words(new Uint32Array(bytes.buffer), 1, 20)).toBe(crc32(bytes, 4, 80));
  const { crc32: reference } = zlib as { crc32?: (bytes: Uint8Array) => number };
  if (reference) expect(crc32(bytes)).toBe(reference(bytes));
});
