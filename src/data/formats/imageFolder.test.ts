// Folders of images: files made by sharp, read by real worker threads.
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { failure } from '../../../test/support/dataFixtures';
import { gray, imageFolder, pixel, plain } from '../../../test/support/imageFolders';
import type { DataTasks } from '../workers/dataTasks';
import { createWorkerPool } from '../workers/workerPool';

const { workers, open, pixels, only, at, write } = imageFolder();

describe('reading', () => {
  test('reads png, jpeg and webp in folders, sorted by path, with notes and progress', async () => {
    await write('b/two.jpeg', plain(gray(50)));
    await write('b/one.JPG', plain(gray(100)).jpeg());
    await write('a.png', plain(gray(150)));
    await write('c/d/e.webp', plain(gray(200)).webp({ lossless: true }));
    await write('.hidden/no.png', plain(gray(1)));
    await write('.no.png', plain(gray(1)));
    await writeFile(at('notes.txt'), 'hello');
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
    const absolute = { path: at(), validation: 0.2 };
    const one = createWorkerPool<DataTasks>(workers.file, 1);
    (await open(absolute, { folder: '/', workers: one })).batch(key, out[1]);
    await one.close();
    expect(out[1]).toEqual(out[0]);
  });

  test('follows links once, stops at circular links and names broken links', async () => {
    await write('real/a.png', plain(gray(10)));
    await symlink('..', at('real/up'));
    await symlink('real', at('second'));
    await symlink('real/a.png', at('b.png'));
    await symlink('nowhere.png', at('c.png'));
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
        await rm(at('a'), { recursive: true });
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
    await writeFile(at('empty.png'), '');
    await writeFile(at('text.jpg'), 'this is not an image');
    const whole = await plain(gray(9), 300, 300).jpeg().toBuffer();
    await writeFile(at('half.jpg'), whole.subarray(0, whole.length / 2));
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
    await rm(at('good.png'));
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
      message: expect.stringContaining(at('absent')),
    });
    await writeFile(at('file.txt'), 'text');
    expect((await failure(open({ path: 'file.txt' }))).code).toBe('not-a-folder');
    const empty = await failure(open());
    expect(empty.code).toBe('no-images');
    expect(empty.message).toContain('contain 1 file (1 .txt), but none ends in .png');
  });

  test('rejects more than the memory budget before it reads a file', async () => {
    for (let i = 0; i < 3; i++) await write(`${i}.png`, plain(gray(i)));
    await mkdir(at('many'));
    for (let i = 0; i < 19; i++) await writeFile(at(`many/${i}.png`), 'x');
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
    const broken = createWorkerPool<DataTasks>(`${workers.folder}/absent.cjs`, 1);
    await expect(open({}, { workers: broken })).rejects.toThrow('worker thread that ran "decode" ended');
  });
});
