// Image files as people have them: all formats, opacity, oblong sizes, copies, own outputs, other files among them.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { failure } from '../../../test/support/dataFixtures';
import { gray, imageFolder, pixel, plain } from '../../../test/support/imageFolders';
import { renderPointPlot } from '../../run/images/pointPlot';
import { renderSampleGrid } from '../../run/images/sampleGrid';
import { renderScatterPlot } from '../../run/images/scatterPlot';

const { open, pixels, only, at, write } = imageFolder();

/** A BMP file; `rows` from the top, each of values of `bits`. */
function bmp(rows: readonly (readonly number[])[], bits: 8 | 24 | 32, upwards = true): Buffer {
  const [height, width] = [rows.length, rows[0].length];
  const stride = ((width * bits + 31) >> 5) * 4;
  const colors = bits === 8 ? 256 : 0;
  const file = Buffer.alloc(54 + 4 * colors + stride * height);
  file.write('BM');
  file.writeUInt32LE(54 + 4 * colors, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(upwards ? height : -height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(bits, 28);
  for (let i = 0; i < colors; i++) file.set([255 - i, i, i], 54 + 4 * i); // blue, green, red
  rows.forEach((row, y) =>
    row.forEach((value, x) => {
      const at = 54 + 4 * colors + stride * (upwards ? height - 1 - y : y) + (x * bits) / 8;
      file.writeUIntLE(value, at, bits / 8);
    }),
  );
  return file;
}

/** A gray TIFF file, 4 x 4, of values 0 and 1; `format` is 1 for unsigned, 2 for signed, 3 for floating-point. */
function tiff(format: number, bits: number): Buffer {
  const pixels = Buffer.alloc((16 * bits) / 8);
  const tags = [
    [256, 4],
    [257, 4],
    [258, bits],
    [259, 1],
    [262, 1],
    [273, 8 + 2 + 12 * 10 + 4],
    [277, 1],
    [278, 4],
    [279, pixels.length],
    [339, format],
  ];
  const directory = Buffer.alloc(2 + 12 * tags.length + 4);
  directory.writeUInt16LE(tags.length, 0);
  tags.forEach(([tag, value], i) => {
    directory.writeUInt16LE(tag, 2 + 12 * i);
    directory.writeUInt16LE(4, 4 + 12 * i); // a 32-bit integer
    directory.writeUInt32LE(1, 6 + 12 * i);
    directory.writeUInt32LE(value, 10 + 12 * i);
  });
  return Buffer.concat([Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0]), directory, pixels]);
}

describe('what people bring', () => {
  test.each(['a.jfif', 'a.tif', 'a.tiff', 'a.gif', 'a.avif', 'a.JPG'])('%s is read', async (name) => {
    const format = { jfif: 'jpeg', tif: 'tiff', jpg: 'jpeg' }[name.split('.')[1].toLowerCase()] ?? name.split('.')[1];
    await writeFile(
      at(name),
      await plain(gray(150))
        .toFormat(format as 'png')
        .toBuffer(),
    );
    const [value] = pixel(await only(), 8, 8);
    expect(Math.abs(value - 150)).toBeLessThan(4);
  });

  test.each([
    [
      '24 bits',
      bmp(
        [
          [0x102030, 0xff0000, 0x00ff00],
          [0, 0x0000ff, 0xffffff],
        ],
        24,
      ),
    ],
    [
      '32 bits, the top row first',
      bmp(
        [
          [0x102030, 0xff0000, 0x00ff00],
          [0, 0x0000ff, 0xffffff],
        ],
        32,
        false,
      ),
    ],
  ])('a bitmap of %s is read', async (_, file) => {
    await writeFile(at('a.bmp'), file);
    const image = await only({ size: [8, 12], resize: 'box' });
    const colors = [
      [1, 1],
      [5, 1],
      [9, 1],
      [1, 6],
      [5, 6],
      [9, 6],
    ].map(([x, y]) => image.slice((y * 12 + x) * 3, (y * 12 + x) * 3 + 3));
    expect(colors).toEqual([
      [16, 32, 48],
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 0],
      [0, 0, 255],
      [255, 255, 255],
    ]);
  });

  test.each([
    ['32-bit floats', 3, 32, 'floating-point'],
    ['signed 16-bit integers', 2, 16, 'signed or 32-bit'],
    ['32-bit integers', 1, 32, 'signed or 32-bit'],
  ])('a TIFF of %s, which do not say what white is, is named', async (_, format, bits, name) => {
    await writeFile(at('a.tif'), tiff(format, bits));
    expect((await failure(open({ onError: 'fail' }))).message).toContain(
      `a.tif could not be decoded: its pixels are ${name} numbers`,
    );
  });

  test('a bitmap with a palette is read, and one that is cut off is named', async () => {
    await writeFile(
      at('a.bmp'),
      bmp(
        [
          [7, 200],
          [7, 200],
        ],
        8,
      ),
    );
    expect(pixel(await only({ resize: 'box' }), 2, 2)).toEqual([7, 7, 248]);
    await writeFile(
      at('b.bmp'),
      bmp(
        [
          [7, 200],
          [7, 200],
        ],
        8,
      ).subarray(0, 1080),
    );
    expect((await open()).skipped).toMatchObject([{ file: 'b.bmp', reason: 'it is cut off' }]);
  });

  test('transparent parts get the background color, and the note says so', async () => {
    await write('a.png', plain({ r: 10, g: 20, b: 30, alpha: 0 }));
    await write('b.png', plain({ r: 10, g: 20, b: 30 }));
    for (const [background, level] of [
      ['black', 0],
      ['gray', 128],
      ['white', 255],
    ] as const) {
      const images = await pixels({ background });
      expect(images.map((image) => pixel(image, 8, 8)).sort((x, y) => x[1] - y[1])).toContainEqual([
        level,
        level,
        level,
      ]);
      expect((await open({ background })).notes).toContain(
        `1 image had an alpha channel, which was dropped: transparent parts became ${background} ("data.background"; "data.channels": 4 keeps it).`,
      );
    }
    expect((await open({ channels: 4 })).notes.join()).not.toContain('alpha');
  });

  test.each(['gif', 'webp', 'tiff'] as const)(
    'the note says that only the first frame of a %s is read',
    async (format) => {
      const frames = Buffer.alloc(3 * 3 * 16 * 16).map((_, i) => 50 + Math.floor(i / (3 * 16 * 16)) * 60);
      const raw = { width: 16, height: 48, channels: 3, pageHeight: 16 } as const;
      const options = { gif: {}, webp: { lossless: true }, tiff: { compression: 'lzw' } }[format];
      await writeFile(at(`a.${format}`), await sharp(frames, { raw }).toFormat(format, options).toBuffer());
      await write('b.png', plain(gray(200)));
      const source = await open();
      expect(source.notes).toContain('1 image had several frames or pages; only the first one was read.');
      expect(pixel((await pixels()).sort((x, y) => x[0] - y[0])[0], 8, 8)[0]).toBeCloseTo(50, -1);
      expect((await open({ channels: 4 })).notes.join()).toContain('several frames');
    },
  );

  test.each(['lanczos', 'box'] as const)(
    '%s: oblong sizes, cropped and with bars in the background color',
    async (resize) => {
      await write('a.png', plain(gray(100), 40, 40));
      const source = await open({ size: [16, 32], resize });
      expect(source.shape).toEqual([16, 32, 3]);
      const cropped = await only({ size: [16, 32], resize });
      expect(new Set(cropped)).toEqual(new Set([100]));
      const bars = await only({ size: [16, 32], resize, fit: 'contain', background: 'white' });
      const at = (x: number) => bars[(8 * 32 + x) * 3];
      expect([at(2), at(16), at(30)]).toEqual([255, 100, 255]);
      expect((await open({ size: 96 })).shape).toEqual([96, 96, 3]);
    },
  );

  test('its own previews, sample grids, plots, animations and run directories are never samples', async () => {
    await write('photo.png', plain(gray(9)));
    const values = Float32Array.from({ length: 4 * 16 * 16 }, (_, i) => Math.sin(i));
    await writeFile(at('x-preview.png'), (await renderSampleGrid(values, [16, 16, 1], 2, 2)).png);
    await writeFile(at('renamed.png'), (await renderPointPlot(values, values, 4)).png);
    await writeFile(at('plot.png'), (await renderScatterPlot(values, values)).png);
    for (const name of ['experiment.json', 'metrics.bin', 'status.json']) {
      await mkdir(at('run1/samples'), { recursive: true });
      await writeFile(at('run1', name), '{}');
    }
    await write('run1/samples/step-1.png', plain(gray(1)));
    const source = await open({ onError: 'fail' });
    expect(source.size).toBe(1);
    expect(source.notes).toContain('3 images that Earthmover wrote left out: plot.png, renamed.png, x-preview.png.');
    expect(source.notes).toContain('1 run directory passed over.');
    expect(source.skipped).toEqual([]);
    await rm(at('photo.png'));
    expect((await failure(open())).message).toContain('were written by Earthmover');
  });

  test('copies are noticed, and never in both splits', async () => {
    for (let i = 0; i < 30; i++) await write(`${i}.png`, plain(gray(8 * i)));
    for (let i = 0; i < 30; i++) await write(`copy/${i}.png`, plain(gray(8 * i)));
    for (const seed of [1, 2, 3]) {
      const source = await open({ validation: 0.3 }, { seed });
      const levels = (split: 'batch' | 'validationBatch', n: number) => {
        const out = new Float32Array(n * 16 * 16 * 3);
        source[split]({ seed: 1, stream: 'data', step: 0 }, out);
        return Array.from({ length: n }, (_, i) => out[i * 16 * 16 * 3]);
      };
      expect(source.size + source.validationSize).toBe(60);
      const training = new Set(levels('batch', source.size));
      const held = levels('validationBatch', source.validationSize);
      expect(held.length).toBeGreaterThan(5);
      expect(held.filter((level) => training.has(level))).toEqual([]);
      expect(source.notes.join()).toMatch(/30 images with the same pixels as another one \(copy\/\d+\.png = \d+\.png,/);
    }
  });

  test('files that are passed over are counted by kind, archives and wrong kinds are named', async () => {
    for (let i = 0; i < 3; i++) await writeFile(at(`${i}.heic`), 'x');
    await writeFile(at('b.txt'), 'x');
    const none = await failure(open());
    expect(none.message).toContain('contain 4 files (3 .heic, 1 .txt)');
    expect(none.message).toContain('Convert .heic images');
    await writeFile(at('photos.zip'), 'PK\x03\x04');
    expect((await failure(open())).message).toContain('Unpack the .zip file first.');
    expect((await failure(open({ path: 'photos.zip' }))).message).toContain('it is a zip archive. Unpack it');
    await writeFile(at('a.jpg'), Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'));
    await writeFile(at('c.jpg'), '<!DOCTYPE html><title>404</title>');
    await write('d.png', plain(gray(1)));
    const source = await open();
    expect(source.notes.join()).toContain('5 other files passed over: 3 .heic, ');
    expect(source.skipped.map(({ reason }) => reason).join()).toMatch(/it is a HEIC image.+it is a web page \(HTML\)/);
  });

  test('every file that could not be read is in the details for the log', async () => {
    await write('good.png', plain(gray(1)));
    for (let i = 0; i < 9; i++) await writeFile(at(`bad${i}.jpg`), 'x');
    const { details = [], notes } = await open();
    expect(details).toHaveLength(9);
    expect(details[8]).toMatch(/^bad8\.jpg \(/);
    expect(notes.join()).toContain('9 images skipped: bad0.jpg');
  });
});
