// Folders of images: files made by sharp, read by real worker threads.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, test } from 'vitest';
import { failure, settings } from '../../../test/support/dataFixtures';
import { createTaskWorkers } from '../../../test/support/taskWorkers';
import type { DataConfig } from '../../catalog';
import { renderPointPlot } from '../../run/images/pointPlot';
import { renderSampleGrid } from '../../run/images/sampleGrid';
import { renderScatterPlot } from '../../run/images/scatterPlot';
import type { DataContext } from '../dataSource';
import type { DataTasks } from '../workers/dataTasks';
import { createWorkerPool } from '../workers/workerPool';
import { openImageFolder } from './imageFolder';

const workers = createTaskWorkers();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'images-'));
  return () => rm(folder, { recursive: true });
});

const open = (data: Partial<DataConfig<'images'>> = {}, context: Partial<DataContext> = {}) =>
  openImageFolder(settings('images', { path: '.', size: 16, ...data }), { seed: 1, folder, workers, ...context });

type Color = { r: number; g: number; b: number; alpha?: number };
const gray = (b: number): Color => ({ r: b, g: b, b });
const plain = (background: Color, width = 20, height = 20) =>
  sharp({ create: { width, height, channels: background.alpha === undefined ? 3 : 4, background } });

/** Writes an image; the format follows from the name. */
async function write(name: string, image: sharp.Sharp): Promise<void> {
  await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
  await image.toFile(path.join(folder, name));
}

/** All training images in the order of their files, as bytes. */
async function pixels(data: Partial<DataConfig<'images'>> = {}): Promise<number[][]> {
  const source = await open(data);
  const size = source.shape.reduce((a, b) => a * b);
  const images = new Map<string, number[]>();
  const out = new Float32Array(size * source.size);
  source.batch({ seed: 1, stream: 'data', step: 0 }, out);
  for (let i = 0; i < source.size; i++) {
    const bytes = Array.from(out.subarray(i * size, (i + 1) * size), (value) => Math.round((value + 1) * 127.5));
    images.set(bytes.join(), bytes);
  }
  return [...images.values()];
}
const only = async (data: Partial<DataConfig<'images'>> = {}) => (await pixels(data))[0];
const pixel = (image: readonly number[], x: number, y: number, channels = 3, size = 16) =>
  image.slice((y * size + x) * channels, (y * size + x + 1) * channels);

describe('reading', () => {
  test('reads png, jpeg and webp in folders, sorted by path, with notes and progress', async () => {
    await write('b/two.jpeg', plain(gray(50)));
    await write('b/one.JPG', plain(gray(100)).jpeg());
    await write('a.png', plain(gray(150)));
    await write('c/d/e.webp', plain(gray(200)).webp({ lossless: true }));
    await write('.hidden/no.png', plain(gray(1)));
    await write('.no.png', plain(gray(1)));
    await writeFile(path.join(folder, 'notes.txt'), 'hello');
    const progress: number[][] = [];
    const source = await open({}, { onProgress: (done, total) => progress.push([done, total]) });
    expect(source.files?.map(({ name }) => name)).toEqual(['a.png', 'b/one.JPG', 'b/two.jpeg', 'c/d/e.webp']);
    expect(source).toMatchObject({ shape: [16, 16, 3], size: 4, validationSize: 0, skipped: [] });
    expect(source.notes).toEqual([
      '4 images in 3 folders of ".", as 16 x 16 x 3 (crop, lanczos).',
      '1 other file passed over: 1 .txt.',
      'Samples: 3.0 KiB, in memory.',
    ]);
    expect(progress.at(-1)).toEqual([4, 4]);
    const levels = (await pixels()).map((image) => pixel(image, 8, 8)).sort((a, b) => a[0] - b[0]);
    expect(levels).toEqual([50, 100, 150, 200].map((level) => [level, level, level]));
  });

  test('keeps the order of many files across several requests', async () => {
    const n = 70;
    for (let i = 0; i < n; i++) await write(`${String(i).padStart(3, '0')}.png`, plain(gray(3 * i), 16, 16));
    const progress: number[] = [];
    const source = await open({}, { onProgress: (done) => progress.push(done) });
    expect(progress.length).toBeGreaterThan(3);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(source.size).toBe(n);
    const levels = (await pixels()).map((image) => image[0]).sort((a, b) => a - b);
    expect(levels).toEqual(Array.from({ length: n }, (_, i) => 3 * i));
  });

  test('gives the same data set wherever the folder is', async () => {
    for (let i = 0; i < 20; i++) await write(`${(i * 7) % 20}/${i}.png`, plain(gray(10 * i)));
    const out = [0, 1].map(() => new Float32Array(16 * 16 * 3 * 8));
    const key = { seed: 5, stream: 'data', step: 3 };
    (await open({ validation: 0.2 })).batch(key, out[0]);
    const absolute = { path: folder, validation: 0.2 };
    const one = createWorkerPool<DataTasks>(workers.file, 1);
    (await open(absolute, { folder: '/', workers: one })).batch(key, out[1]);
    await one.close();
    expect(out[1]).toEqual(out[0]);
  });

  test('follows links once, stops at circular links and names broken links', async () => {
    await write('real/a.png', plain(gray(10)));
    await symlink('..', path.join(folder, 'real/up'));
    await symlink('real', path.join(folder, 'second'));
    await symlink('real/a.png', path.join(folder, 'b.png'));
    await symlink('nowhere.png', path.join(folder, 'c.png'));
    const source = await open();
    expect(source.files?.map(({ name }) => name)).toEqual(['c.png', 'real/a.png']);
    expect(source.size).toBe(1); // b.png is a link to real/a.png
    expect(source.skipped.map(({ file }) => file)).toEqual(['c.png']);
  });
});

describe('pixels', () => {
  // Three vertical bands of 20 pixels, 60 x 20: red, green, blue.
  const bands = () => {
    const bytes = Buffer.alloc(60 * 20 * 3);
    for (let i = 0; i < 60 * 20; i++) bytes[3 * i + Math.floor((i % 60) / 20)] = 255;
    return sharp(bytes, { raw: { width: 60, height: 20, channels: 3 } });
  };

  test.each(['lanczos', 'box'] as const)('%s: crop cuts out the middle', async (resize) => {
    await write('bands.png', bands());
    const image = await only({ resize });
    for (const at of [0, 8, 15]) {
      const color = pixel(image, at, at);
      // Lanczos filters before it crops, so that neighbors have a small influence.
      const tolerance = resize === 'box' ? 0 : 8;
      color.forEach((value, c) => expect(Math.abs(value - (c === 1 ? 255 : 0))).toBeLessThanOrEqual(tolerance));
    }
  });

  test.each(['lanczos', 'box'] as const)('%s: contain adds black bars', async (resize) => {
    await write('bands.png', bands());
    const image = await only({ resize, fit: 'contain' });
    expect(pixel(image, 8, 0)).toEqual([0, 0, 0]);
    expect(pixel(image, 8, 15)).toEqual([0, 0, 0]);
    const middle = [1, 8, 14].map((x) => pixel(image, x, 8));
    middle.forEach((color, band) =>
      color.forEach((value, c) => expect(Math.abs(value - (c === band ? 255 : 0))).toBeLessThan(12)),
    );
  });

  test.each(['lanczos', 'box'] as const)('%s: contain with opacity adds transparent bars', async (resize) => {
    await write('a.png', plain({ r: 200, g: 100, b: 50, alpha: 1 }, 20, 10));
    const image = await only({ resize, fit: 'contain', channels: 4 });
    expect(pixel(image, 8, 0, 4)[3]).toBe(0);
    expect(pixel(image, 8, 8, 4)).toEqual([200, 100, 50, 255]);
  });

  test('the box filter averages areas', async () => {
    const bytes = Buffer.from(Array.from({ length: 32 * 32 }, (_, i) => (i * 37) % 256));
    await write('a.png', sharp(bytes, { raw: { width: 32, height: 32, channels: 1 } }));
    const image = await only({ resize: 'box', channels: 1 });
    const expected = Array.from({ length: 256 }, (_, i) => {
      const at = Math.floor(i / 16) * 64 + (i % 16) * 2;
      return (bytes[at] + bytes[at + 1] + bytes[at + 32] + bytes[at + 33]) / 4;
    });
    image.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(0.5));
  });

  test('an image of the right size is not changed', async () => {
    const bytes = Buffer.from(Array.from({ length: 16 * 16 * 3 }, (_, i) => (i * 53) % 256));
    await write('a.png', sharp(bytes, { raw: { width: 16, height: 16, channels: 3 } }));
    for (const resize of ['lanczos', 'box'] as const) expect(await only({ resize })).toEqual([...bytes]);
  });

  test('transparent pixels become black with one or three channels', async () => {
    await write('a.png', plain({ r: 255, g: 255, b: 255, alpha: 0 }));
    expect(pixel(await only(), 8, 8)).toEqual([0, 0, 0]);
    expect(pixel(await only({ channels: 1 }), 8, 8, 1)).toEqual([0]);
    await write('a.png', plain({ r: 200, g: 100, b: 0, alpha: 0.5 }));
    pixel(await only(), 8, 8).forEach((value, c) => expect(Math.abs(value - [100, 50, 0][c])).toBeLessThanOrEqual(1));
  });

  test.each([1, 3, 4] as const)(
    'converts gray, palette, 16-bit, CMYK and transparent images to %i channels',
    async (channels) => {
      const images: Record<string, sharp.Sharp> = {
        'gray.png': plain(gray(128)).toColourspace('b-w'),
        'palette.png': plain(gray(128)).png({ palette: true }),
        'deep.png': plain(gray(128)).toColourspace('rgb16'),
        'cmyk.jpg': plain(gray(128)).toColourspace('cmyk').jpeg({ quality: 100 }),
        'opacity.webp': plain({ ...gray(128), alpha: 1 }).webp({ lossless: true }),
        'gray.jpg': plain(gray(128)).toColourspace('b-w').jpeg({ quality: 100 }),
      };
      for (const [name, image] of Object.entries(images)) {
        await write('a/' + name, image);
        const values = pixel(await only({ channels }), 8, 8, channels);
        const expected = channels === 4 ? [128, 128, 128, 255] : Array<number>(channels).fill(128);
        const tolerance = name === 'cmyk.jpg' ? 16 : 1; // Converting to CMYK and back is not exact.
        values.forEach((value, c) => expect(Math.abs(value - expected[c]), name).toBeLessThanOrEqual(tolerance));
        await rm(path.join(folder, 'a'), { recursive: true });
      }
    },
  );

  test('images are rotated by their EXIF orientation', async () => {
    const bytes = Buffer.alloc(40 * 20 * 3);
    for (let i = 0; i < 40 * 20; i++) bytes[3 * i] = i % 40 < 20 ? 255 : 0; // red on the left half
    const image = sharp(bytes, { raw: { width: 40, height: 20, channels: 3 } });
    await write('a.png', image.withMetadata({ orientation: 6 })); // displayed rotated clockwise: red at the top
    const upright = await only({ fit: 'contain' });
    expect(pixel(upright, 8, 2)[0]).toBeGreaterThan(240);
    expect(pixel(upright, 8, 13)[0]).toBeLessThan(15);
    expect(pixel(upright, 1, 8)).toEqual([0, 0, 0]);
  });

  test('flip mirrors about half of the images, and the same ones for the same key', async () => {
    const bytes = Buffer.from(Array.from({ length: 16 * 16 * 3 }, (_, i) => Math.floor((i % 48) / 3) * 16 + (i % 3)));
    await write('a.png', sharp(bytes, { raw: { width: 16, height: 16, channels: 3 } }));
    const source = await open({ flip: true });
    const out = new Float32Array(200 * bytes.length);
    source.batch({ seed: 1, stream: 'data', step: 4 }, out);
    let mirrored = 0;
    for (let i = 0; i < 200; i++) {
      const image = Array.from(out.subarray(i * bytes.length, (i + 1) * bytes.length), (v) =>
        Math.round((v + 1) * 127.5),
      );
      const isMirrored = image[0] === 240;
      if (isMirrored) mirrored++;
      for (const x of [0, 5, 15]) expect(pixel(image, x, 9)).toEqual(pixel([...bytes], isMirrored ? 15 - x : x, 9));
    }
    expect(Math.abs(mirrored - 100)).toBeLessThan(30);
    const again = new Float32Array(out.length);
    source.batch({ seed: 1, stream: 'data', step: 4 }, again);
    expect(again).toEqual(out);
  });
});

describe('errors', () => {
  const corrupt = async () => {
    await write('good.png', plain(gray(90)));
    await writeFile(path.join(folder, 'empty.png'), '');
    await writeFile(path.join(folder, 'text.jpg'), 'this is not an image');
    const whole = await plain(gray(9), 300, 300).jpeg().toBuffer();
    await writeFile(path.join(folder, 'half.jpg'), whole.subarray(0, whole.length / 2));
  };

  test('skips, names and counts corrupt files', async () => {
    await corrupt();
    const source = await open();
    expect(source.size).toBe(1);
    expect(source.skipped.map(({ file }) => file)).toEqual(['empty.png', 'half.jpg', 'text.jpg']);
    expect(source.skipped.every(({ reason }) => reason.length > 5)).toBe(true);
    expect(source.notes[1]).toMatch(/^3 images skipped: empty\.png \(.+\), half\.jpg \(.+\), text\.jpg \(.+\)\.$/);
    expect(await only()).toEqual(Array(16 * 16 * 3).fill(90));
  });

  test('fails at a corrupt file if requested', async () => {
    await corrupt();
    const error = await failure(open({ onError: 'fail' }));
    expect(error).toMatchObject({ code: 'file-unreadable', path: ['data', 'onError'] });
    expect(error.message).toMatch(/^The image empty\.png could not be decoded: .+ set "data\.onError" to "skip"\.$/);
  });

  test('fails if all files are corrupt', async () => {
    await corrupt();
    await rm(path.join(folder, 'good.png'));
    const error = await failure(open());
    expect(error.code).toBe('all-unreadable');
    expect(error.message).toMatch(/^None of the 3 images in "\." could be read: empty\.png \(/);
  });

  test('rejects a file with too many pixels', async () => {
    await write('a.png', plain(gray(90)));
    await write('huge.png', plain(gray(0), 20_000, 5_001).png({ compressionLevel: 1 }));
    const source = await open();
    expect(source.skipped).toMatchObject([{ file: 'huge.png', reason: expect.stringContaining('pixel limit') }]);
  });

  test('rejects a missing folder, a file and an empty folder', async () => {
    expect(await failure(open({ path: 'absent' }))).toMatchObject({
      code: 'path-missing',
      path: ['data', 'path'],
      message: expect.stringContaining(path.join(folder, 'absent')),
    });
    await writeFile(path.join(folder, 'file.txt'), 'text');
    expect((await failure(open({ path: 'file.txt' }))).code).toBe('not-a-folder');
    const empty = await failure(open());
    expect(empty.code).toBe('no-images');
    expect(empty.message).toContain('contain 1 file (1 .txt), but none ends in .png');
  });

  test('rejects more than the memory budget before it reads a file', async () => {
    for (let i = 0; i < 3; i++) await write(`${i}.png`, plain(gray(i)));
    await mkdir(path.join(folder, 'many'));
    for (let i = 0; i < 19; i++) await writeFile(path.join(folder, `many/${i}.png`), 'x');
    const error = await failure(open({ size: 128, memoryMiB: 1 }));
    expect(error).toMatchObject({ code: 'over-memory', path: ['data', 'memoryMiB'] });
    expect(error.message).toContain('22 images of 128 x 128 x 3 bytes need 2 MiB of memory, more than the 1 MiB');
    expect(error.message).toContain('Set "data.memoryMiB" to 2');
    expect((await open({ size: 128, memoryMiB: 2 })).size).toBe(3);
  });

  test('rejects at once with the reason of an abort, before and during decoding', async () => {
    for (let i = 0; i < 60; i++) await write(`${i}.png`, plain(gray(i)));
    await expect(open({}, { signal: AbortSignal.abort(new Error('no more')) })).rejects.toThrow('no more');
    const control = new AbortController();
    const progress: number[] = [];
    const onProgress = (done: number) => {
      progress.push(done);
      control.abort(new Error('enough'));
    };
    await expect(open({}, { signal: control.signal, onProgress })).rejects.toThrow('enough');
    expect(progress).toHaveLength(1);
    expect((await open()).size).toBe(60); // The threads serve the next call.
  });

  test('reports a thread that crashes, and does not count it as a corrupt file', async () => {
    await write('a.png', plain(gray(1)));
    const broken = createWorkerPool<DataTasks>(path.join(workers.folder, 'absent.cjs'), 1);
    await expect(open({}, { workers: broken })).rejects.toThrow('worker thread that ran "decode" ended');
  });
});

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

describe('what people bring', () => {
  test.each(['a.jfif', 'a.tif', 'a.tiff', 'a.gif', 'a.avif', 'a.JPG'])('%s is read', async (name) => {
    const format = { jfif: 'jpeg', tif: 'tiff', jpg: 'jpeg' }[name.split('.')[1].toLowerCase()] ?? name.split('.')[1];
    await writeFile(
      path.join(folder, name),
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
    await writeFile(path.join(folder, 'a.bmp'), file);
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

  test('a bitmap with a palette is read, and one that is cut off is named', async () => {
    await writeFile(
      path.join(folder, 'a.bmp'),
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
      path.join(folder, 'b.bmp'),
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
    await writeFile(path.join(folder, 'x-preview.png'), (await renderSampleGrid(values, [16, 16, 1], 2, 2)).png);
    await writeFile(path.join(folder, 'renamed.png'), (await renderPointPlot(values, values, 4)).png);
    await writeFile(path.join(folder, 'plot.png'), (await renderScatterPlot(values, values)).png);
    for (const name of ['experiment.json', 'metrics.bin', 'status.json']) {
      await mkdir(path.join(folder, 'run1/samples'), { recursive: true });
      await writeFile(path.join(folder, 'run1', name), '{}');
    }
    await write('run1/samples/step-1.png', plain(gray(1)));
    const source = await open({ onError: 'fail' });
    expect(source.size).toBe(1);
    expect(source.notes).toContain('3 images that Earthmover wrote left out: plot.png, renamed.png, x-preview.png.');
    expect(source.notes).toContain('1 run directory passed over.');
    expect(source.skipped).toEqual([]);
    await rm(path.join(folder, 'photo.png'));
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
    for (let i = 0; i < 3; i++) await writeFile(path.join(folder, `${i}.heic`), 'x');
    await writeFile(path.join(folder, 'b.txt'), 'x');
    const none = await failure(open());
    expect(none.message).toContain('contain 4 files (3 .heic, 1 .txt)');
    expect(none.message).toContain('Convert .heic images');
    await writeFile(path.join(folder, 'photos.zip'), 'PK\x03\x04');
    expect((await failure(open())).message).toContain('Unpack the .zip file first.');
    expect((await failure(open({ path: 'photos.zip' }))).message).toContain('it is a zip archive. Unpack it');
    await writeFile(path.join(folder, 'a.jpg'), Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'));
    await writeFile(path.join(folder, 'c.jpg'), '<!DOCTYPE html><title>404</title>');
    await write('d.png', plain(gray(1)));
    const source = await open();
    expect(source.notes.join()).toContain('5 other files passed over: 3 .heic, ');
    expect(source.skipped.map(({ reason }) => reason).join()).toMatch(/it is a HEIC image.+it is a web page \(HTML\)/);
  });

  test('every file that could not be read is in the details for the log', async () => {
    await write('good.png', plain(gray(1)));
    for (let i = 0; i < 9; i++) await writeFile(path.join(folder, `bad${i}.jpg`), 'x');
    const { details = [], notes } = await open();
    expect(details).toHaveLength(9);
    expect(details[8]).toMatch(/^bad8\.jpg \(/);
    expect(notes.join()).toContain('9 images skipped: bad0.jpg');
  });
});
