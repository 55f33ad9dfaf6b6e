// Cyclic redundancy checks of 32 bits, four bytes at a time.
// Source: "slicing-by-4" of "A Systematic Approach to Building High Performance Software-Based CRC Generators", Intel,
// 2005.

/** A checksum, as an unsigned number. */
interface Crc {
  /** Of `bytes` from `from` to `to`, after bytes whose checksum is `before`. */
  (bytes: Uint8Array, from?: number, to?: number, before?: number): number;
  /** The same for little-endian words of four bytes. */
  words(words: Uint32Array, from: number, to: number): number;
}

/** CRC-32 (IEEE 802.3, as in zlib). */
export const crc32 = createCrc(0xedb88320);

/** CRC-32C (Castagnoli, RFC 3720). */
export const crc32c = createCrc(0x82f63b78);

/** @param polynomial the reversed polynomial */
function createCrc(polynomial: number): Crc {
  // The contribution of a byte that is followed by no, one, two and three more bytes.
  const [t0, t1, t2, t3] = [0, 1, 2, 3].map(() => new Int32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    t0[byte] = crc;
  }
  const shifted = (crc: number) => (crc >>> 8) ^ t0[crc & 255];
  for (let byte = 0; byte < 256; byte++) {
    t1[byte] = shifted(t0[byte]);
    t2[byte] = shifted(t1[byte]);
    t3[byte] = shifted(t2[byte]);
  }
  const ofWord = (crc: number) => t3[crc & 255] ^ t2[(crc >>> 8) & 255] ^ t1[(crc >>> 16) & 255] ^ t0[crc >>> 24];
  const ofBytes = (bytes: Uint8Array, from = 0, to = bytes.length, before = 0): number => {
    let crc = ~before;
    let i = from;
    for (; i + 4 <= to; i += 4)
      crc = ofWord(crc ^ (bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24)));
    for (; i < to; i++) crc = t0[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
    return ~crc >>> 0;
  };
  const ofWords = (words: Uint32Array, from: number, to: number): number => {
    let crc = ~0;
    for (let i = from; i < to; i++) crc = ofWord(crc ^ words[i]);
    return ~crc >>> 0;
  };
  return Object.assign(ofBytes, { words: ofWords });
}
