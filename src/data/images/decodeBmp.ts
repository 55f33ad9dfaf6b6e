// Decodes uncompressed Windows bitmaps (BMP), which libvips does not read: 1, 4, 8, 16, 24 and 32 bits per pixel.
import type { Raster } from './boxResize';

const maxPixels = 100_000_000;

/** [height, width, 3], or 4 channels if the file has an opacity. Throws an Error whose message is a clause. */
export function decodeBmp(file: Buffer): Raster {
  if (file.length < 54 || file.toString('latin1', 0, 2) !== 'BM') throw new Error('it is not a BMP image, or cut off');
  const pixelsAt = file.readUInt32LE(10);
  const headerSize = file.readUInt32LE(14);
  if (headerSize < 40 || headerSize > 124)
    throw new Error(`its header has ${headerSize} bytes, a kind that cannot be read`);
  const width = file.readInt32LE(18);
  const signedHeight = file.readInt32LE(22);
  const height = Math.abs(signedHeight); // negative: the first row is the top one
  const bits = file.readUInt16LE(28);
  const compression = file.readUInt32LE(30);
  if (width < 1 || height < 1 || width * height > maxPixels) throw new Error(`its size is ${width} x ${signedHeight}`);
  const hasMasks = compression === 3 || compression === 6;
  if (compression !== 0 && !(hasMasks && bits >= 16)) throw new Error('it is a compressed BMP image; save it as PNG');
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw new Error(`it has ${bits} bits per pixel`);
  const stride = ((width * bits + 31) >> 5) * 4;
  if (file.length < pixelsAt + stride * height) throw new Error('it is cut off');

  const colorOf = bits <= 8 ? palette(file, 14 + headerSize, bits) : masked(file, headerSize, bits, hasMasks);
  const channels = bits > 8 && colorOf.length > 3 ? 4 : 3;
  const bytes = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const row = pixelsAt + stride * (signedHeight > 0 ? height - 1 - y : y);
    for (let x = 0; x < width; x++) {
      const at = row + ((x * bits) >> 3);
      const value =
        bits < 8 ? (file[at] >> (8 - bits - ((x * bits) & 7))) & ((1 << bits) - 1) : file.readUIntLE(at, bits >> 3);
      for (let c = 0; c < channels; c++) bytes[(y * width + x) * channels + c] = colorOf[c](value);
    }
  }
  return { bytes, width, height, channels };
}

/** Red, green and blue, perhaps opacity, of the value of a pixel. */
type Channels = readonly ((value: number) => number)[];

/** Entries of blue, green, red and an unused byte. */
function palette(file: Buffer, at: number, bits: number): Channels {
  const colors = Math.min(1 << bits, file.readUInt32LE(46) || 1 << bits);
  if (at + 4 * colors > file.length) throw new Error('its palette is cut off');
  return [2, 1, 0].map((c) => (value: number) => (value < colors ? file[at + 4 * value + c] : 0));
}

/** Channels by bit masks; without them 5 bits each (16), or a byte each (24, 32). */
function masked(file: Buffer, headerSize: number, bits: number, hasMasks: boolean): Channels {
  const usual = bits === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff0000, 0xff00, 0xff, 0];
  const hasOpacity = hasMasks && headerSize >= 56;
  const masks = hasMasks ? [0, 1, 2, 3].map((k) => (k < 3 || hasOpacity ? file.readUInt32LE(54 + 4 * k) : 0)) : usual;
  return masks
    .filter((mask, k) => k < 3 || mask !== 0)
    .map((mask) => {
      if (mask === 0) return () => 0;
      const shift = 31 - Math.clz32(mask & -mask);
      const most = mask >>> shift;
      return (value: number) => Math.round((((value & mask) >>> shift) / most) * 255);
    });
}
