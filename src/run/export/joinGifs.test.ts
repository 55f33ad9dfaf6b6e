// Joined GIFs show the same frames, delays and colors as the parts, and as one GIF of all frames.
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { joinGifs } from './joinGifs';

const side = 24;

/** A frame with its own colors: `frame` shifts a gradient. */
const pixels = (frame: number): Buffer =>
  Buffer.from(
    Array.from({ length: 3 * side * side }, (_, i) => (40 * (i % 3) + 3 * Math.floor(i / 3) + 61 * frame) % 256),
  );

const encoded = (frames: readonly number[], delay: readonly number[]): Promise<Buffer> =>
  sharp(Buffer.concat(frames.map(pixels)), {
    raw: { width: side, height: side * frames.length, channels: 3, pageHeight: side },
  })
    .gif({ delay: [...delay], loop: 3, interPaletteMaxError: 0 })
    .toBuffer();

async function decoded(gif: Buffer) {
  const image = sharp(gif, { animated: true });
  const { pages, delay, loop, comments } = await image.metadata();
  return { pages, delay, loop, comments, pixels: await image.raw().toBuffer() };
}

describe('joined GIFs', () => {
  it('have the frames of the parts in order, each with its own palette and delay', async () => {
    const parts = [
      await encoded([0, 1, 2], [50, 60, 70]),
      await encoded([3, 4], [80, 90]),
      await encoded([5, 6], [100, 200]),
    ];
    const joined = await decoded(joinGifs(parts, 'a comment'));
    expect(joined).toMatchObject({ pages: 7, delay: [50, 60, 70, 80, 90, 100, 200], loop: 3 });
    const each = await Promise.all(parts.map(decoded));
    expect(joined.pixels.equals(Buffer.concat(each.map((part) => part.pixels)))).toBe(true);
    expect(joinGifs(parts, 'a comment').toString('latin1')).toContain('\x21\xfe\x09a comment\x00\x3b');
  });

  it('are as an encoder writes them, up to a comment, if there is one part', async () => {
    const gif = await encoded([0, 1], [50, 60]);
    const { pixels } = await decoded(joinGifs([gif], 'a'));
    expect(pixels.equals((await decoded(gif)).pixels)).toBe(true);
  });

  it('are not made of a part that is cut off', async () => {
    const gif = await encoded([0, 1], [50, 60]);
    expect(() => joinGifs([gif.subarray(0, -20)], 'a')).toThrow(RangeError);
  });
});
