// Rendered images, decoded: the pixels of sample grids, and the positions of points, axes and landscapes.
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { landscapePoints, numberPath, plotLimits, ticks, tickStep } from './axes';
import { renderLandscape } from './landscape';
import { renderSampleGrid } from './sampleGrid';
import type { PngImage } from './pngImage';
import { renderPointPlot } from './pointPlot';
import { renderScatterPlot } from './scatterPlot';

async function decode(image: PngImage) {
  const { data, info } = await sharp(image.png).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([image.width, image.height]);
  const at = (x: number, y: number) => [
    ...data.subarray((y * info.width + x) * info.channels).subarray(0, info.channels),
  ];
  return { at, data, info };
}

describe('image grids', () => {
  it.each([
    [1, 1],
    [3, 4],
    [4, 3],
  ])('have every pixel in its place: %d channels enlarged %d times', async (channels, scale) => {
    const [height, width, rows, columns] = [2, 3, 2, 2];
    const n = 3; // one cell stays empty
    const images = Float32Array.from({ length: n * height * width * channels }, (_, i) => Math.sin(i));
    const image = await renderSampleGrid(images, [height, width, channels], rows, columns, scale);
    const gap = Math.max(1, Math.round(scale / 3));
    expect(image.width).toBe(columns * width * scale + (columns + 1) * gap);
    expect(image.height).toBe(rows * height * scale + (rows + 1) * gap);
    const { at } = await decode(image);
    const empty = channels === 4 ? [0, 0, 0, 0] : [58, 58, 58];
    for (let py = 0; py < image.height; py++) {
      for (let px = 0; px < image.width; px++) {
        const [row, y] = [
          Math.floor(py / (height * scale + gap)),
          Math.floor(((py % (height * scale + gap)) - gap) / scale),
        ];
        const [column, x] = [
          Math.floor(px / (width * scale + gap)),
          Math.floor(((px % (width * scale + gap)) - gap) / scale),
        ];
        const i = row * columns + column;
        const byte = (c: number) => Math.round((images[((i * height + y) * width + x) * channels + c] + 1) * 127.5);
        const inCell = x >= 0 && y >= 0 && i < n;
        const wanted = channels === 1 ? [0, 0, 0] : Array.from({ length: channels }, (_, c) => c);
        expect(at(px, py), `${px}, ${py}`).toEqual(inCell ? wanted.map(byte) : empty);
      }
    }
  });

  it('clamp values out of range, and mark NaN', async () => {
    const { at } = await decode(await renderSampleGrid(Float32Array.of(-7, 7, NaN, Infinity), [1, 4, 1], 1, 1, 1));
    expect([1, 2, 3, 4].map((x) => at(x, 1))).toEqual([
      [0, 0, 0],
      [255, 255, 255],
      [255, 0, 255],
      [255, 255, 255],
    ]);
  });

  it('enlarge small images but not large ones', async () => {
    const size = async (side: number) =>
      (await renderSampleGrid(new Float32Array(4 * side * side), [side, side, 1], 2, 2)).width;
    expect(await size(8)).toBe(2 * 8 * 40 + 3 * 13);
    expect(await size(400)).toBe(2 * 400 + 3);
  });

  it('fail an assertion for incomplete images', async () => {
    await expect(renderSampleGrid(new Float32Array(5), [2, 2, 1], 1, 1)).rejects.toThrow(
      '5 values are not images of [2, 2, 1]',
    );
    await expect(renderSampleGrid(new Float32Array(8), [2, 2, 2], 1, 1)).rejects.toThrow('assertion');
  });
});

describe('axes', () => {
  it.each([
    [
      [-2.06, 2.06, 2.05, -2.05],
      [-2.5, 2.5],
      [-2.5, 2.5],
    ],
    [
      [0, 0, 10, 1],
      [-1, 11],
      [-5, 7],
    ],
    [
      [3e-4, -1e-4, 4e-4, 1e-4],
      [2.25e-4, 4.75e-4],
      [-1.25e-4, 1.25e-4],
    ],
    [
      [5, 5, NaN, Infinity],
      [4.5, 5.5],
      [4.5, 5.5],
    ],
    [[], [-1.25, 1.25], [-1.25, 1.25]],
  ])('of %j have round limits and equal lengths', (points, x, y) => {
    const limits = plotLimits(Float32Array.from(points));
    limits.x.forEach((value, i) => expect(value).toBeCloseTo(x[i], 9));
    limits.y.forEach((value, i) => expect(value).toBeCloseTo(y[i], 9));
  });

  it('contain all points, with equal lengths and small margins, for any points', () => {
    for (let seed = 1; seed <= 2000; seed++) {
      const random = (k: number) =>
        ((Math.sin(seed * 12.9898 + k * 78.233) * 43758.5453) % 1) * 10 ** ((seed % 13) - 6);
      const points = Float32Array.from({ length: 8 }, (_, k) => random(k) + (seed % 3) * 10 ** ((seed % 13) - 6));
      const { x, y } = plotLimits(points);
      const [xs, ys] = [points.filter((_, i) => i % 2 === 0), points.filter((_, i) => i % 2 === 1)];
      for (const [values, [from, to]] of [
        [xs, x],
        [ys, y],
      ] as const) {
        expect(Math.min(...values)).toBeGreaterThan(from);
        expect(Math.max(...values)).toBeLessThan(to);
      }
      const span = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
      expect(x[1] - x[0]).toBeCloseTo(y[1] - y[0], 9);
      expect(x[1] - x[0]).toBeLessThan(span * 1.7);
    }
  });

  it.each([
    [[-2.5, 2.5], '-2 -1 0 1 2'],
    [[-1, 1], '-1 -0.5 0 0.5 1'],
    [[0, 0.05], '0 0.01 0.02 0.03 0.04 0.05'],
    [[-5e4, 5e4], '-4e4 -2e4 0 2e4 4e4'],
    [[2.25e-5, 4.75e-5], '2.5e-5 3e-5 3.5e-5 4e-5 4.5e-5'],
  ])('%j have the ticks %s', ([from, to], labels) => {
    expect(
      ticks([from, to])
        .map(({ label }) => label)
        .join(' '),
    ).toBe(labels);
    for (const { at, label } of ticks([from, to])) expect(Number(label)).toBeCloseTo(at, 12);
  });

  it('have four to nine ticks for any span', () => {
    for (let span = 1e-5; span < 1e6; span *= 1.01) {
      expect(span / tickStep(span)).toBeGreaterThanOrEqual(4 - 1e-9);
      expect(span / tickStep(span)).toBeLessThan(10 + 1e-9);
    }
  });

  it('have a glyph for every character of a number', () => {
    for (const glyph of '0123456789-.e') expect(numberPath(glyph, 0, 0, 'end')).toMatch(/d="M[^"]+"/);
  });
});

describe('scatter plots', () => {
  const limits = { x: [-2, 2], y: [-2, 2] } as const;
  const isGrey = ([r, g, b]: number[]) => Math.max(r, g, b) - Math.min(r, g, b) < 16 && r < 200;
  const isColoured = ([r, g, b]: number[]) => r > 200 && g < 160 && b < 140;

  it('draw real points in gray and generated ones in color, with y pointing up', async () => {
    const { at, info } = await decode(
      await renderScatterPlot(Float32Array.of(-1, 1), Float32Array.of(1, 1, -1, -1), { limits }),
    );
    expect([info.width, info.height]).toEqual([640, 640]);
    const pixel = (x: number, y: number) =>
      at(Math.round(48 + ((x + 2) / 4) * 570), Math.round(592 - ((y + 2) / 4) * 570));
    expect(isGrey(pixel(-1, 1))).toBe(true);
    expect(isColoured(pixel(1, 1))).toBe(true);
    expect(isColoured(pixel(-1, -1))).toBe(true);
    expect(pixel(1.06, -0.94)).toEqual([255, 255, 255]);
  });

  it('draw points outside the limits at the frame, and skip NaN', async () => {
    const colored = async (...points: number[]) => {
      const { data } = await decode(
        await renderScatterPlot(new Float32Array(0), Float32Array.from(points), { limits }),
      );
      let [sum, count] = [0, 0];
      for (let i = 0; i < data.length; i += 3) {
        if (data[i] - data[i + 2] < 20) continue;
        sum += (i / 3) % 640;
        count++;
      }
      return { count, x: sum / count };
    };
    expect((await colored(NaN, 0, 0, NaN)).count).toBe(0);
    expect((await colored(1e30, 0)).x).toBeCloseTo(618, -1);
    expect((await colored(-Infinity, 0)).x).toBeCloseTo(48, -1);
  });

  it('align the critic landscape with the points', async () => {
    const resolution = 24;
    const points = landscapePoints(limits, resolution);
    expect([...points.slice(0, 4)].map((p) => p.toFixed(4))).toEqual(['-1.9167', '-1.9167', '-1.7500', '-1.9167']);
    const values = Float32Array.from({ length: resolution ** 2 }, (_, i) =>
      points[2 * i] > 1 && points[2 * i + 1] > 1 ? 9 : 0,
    );
    const image = await renderScatterPlot(new Float32Array(0), new Float32Array(0), {
      limits,
      landscape: { values, resolution },
    });
    const { at } = await decode(image);
    const [r, g] = at(590, 50); // top right, where x and y are large
    expect(g - r).toBeGreaterThan(30);
    for (const [x, y] of [
      [70, 50],
      [70, 570],
      [590, 570],
    ])
      expect(at(x, y)).toEqual([255, 255, 255]);
  });
});

describe('critic landscapes', () => {
  it('are violet below the median and green above, whatever constant is added', () => {
    const ramp = Float32Array.from({ length: 64 }, (_, i) => i % 8);
    const pixels = renderLandscape({ values: ramp, resolution: 8 }, 40);
    const [left, right] = [20 * 120, 20 * 120 + 117].map((i) => [...pixels.subarray(i, i + 3)]);
    expect(left[2]).toBeGreaterThan(left[1] + 20);
    expect(right[1]).toBeGreaterThan(right[0] + 20);
    expect(renderLandscape({ values: ramp.map((v) => v + 1024), resolution: 8 }, 40)).toEqual(pixels);
  });

  it('are a single color if there is nothing to show', () => {
    const white = Buffer.alloc(30 * 30 * 3, 255);
    expect(renderLandscape({ values: new Float32Array(16).fill(NaN), resolution: 4 }, 30)).toEqual(white);
    expect(() => renderLandscape({ values: new Float32Array(15), resolution: 4 }, 30)).toThrow('assertion');
    const flat = renderLandscape({ values: new Float32Array(16).fill(3), resolution: 4 }, 30);
    expect(new Set(flat).size).toBe(1);
  });

  it('are white only around a non-finite value', () => {
    const values = Float32Array.from({ length: 400 }, (_, i) => ((i % 20) + Math.floor(i / 20)) ** 2);
    const whole = renderLandscape({ values, resolution: 20 }, 60);
    values[10 * 20 + 10] = NaN; // its center is at pixel 31.5 from the left and 28.5 from the top
    const holed = renderLandscape({ values, resolution: 20 }, 60);
    for (let i = 0; i < 3600; i++) {
      const far = Math.max(Math.abs((i % 60) - 31), Math.abs(Math.floor(i / 60) - 28)) > 8;
      const [a, b] = [whole, holed].map((pixels) => [...pixels.subarray(3 * i, 3 * i + 3)]);
      if (far) expect(Math.max(...a.map((c, k) => Math.abs(c - b[k])))).toBeLessThan(3);
    }
    expect([...holed.subarray(3 * (28 * 60 + 31)).subarray(0, 3)]).toEqual([255, 255, 255]);
    expect([...whole.subarray(3 * (28 * 60 + 31)).subarray(0, 3)]).not.toEqual([255, 255, 255]);
  });
});

describe('plots of points of any dimension', () => {
  const isOrange = ([r, g, b]: number[]) => r > 180 && r - b > 60 && r - g > 30;
  const isGray = ([r, g, b]: number[]) => r < 215 && Math.abs(r - g) < 14 && Math.abs(r - b) < 22;
  const share = (pixels: Awaited<ReturnType<typeof decode>>, is: (color: number[]) => boolean, x0 = 0, x1 = 640) => {
    let n = 0;
    for (let y = 0; y < 590; y += 2) for (let x = x0 + 46; x < Math.min(x1, 640); x += 2) if (is(pixels.at(x, y))) n++;
    return n;
  };

  it('show a path over all other points', async () => {
    const others = Float32Array.from({ length: 2000 }, (_, i) => Math.sin(7 * i));
    const path = Float32Array.of(-0.5, -0.5, 0.5, 0.5);
    const plot = async (isPath: boolean) =>
      share(await decode(await renderScatterPlot(others, path, { path: isPath })), isOrange);
    expect(await plot(true)).toBeGreaterThan(10 * (await plot(false)) + 100);
  });

  it.each([1, 3, 4, 7, 16, 100])('show real and generated points of %d dimensions', async (d) => {
    const draw = (seed: number) => Float32Array.from({ length: 200 * d }, (_, i) => Math.sin(7 * i + seed * i * i));
    const image = await decode(await renderPointPlot(draw(0.1), draw(0.3), d));
    expect([image.info.width, image.info.height]).toEqual([640, 640]);
    expect(share(image, isGray)).toBeGreaterThan(100);
    expect(share(image, isOrange)).toBeGreaterThan(100);
    expect(share(await decode(await renderPointPlot(draw(0.1), new Float32Array(0), d)), isOrange)).toBe(0);
  });

  it('are a histogram on one axis: the left half is empty if all values are on the right', async () => {
    const real = Float32Array.from({ length: 500 }, (_, i) => (i === 0 ? -1 : 0.9 + 0.1 * Math.sin(i)));
    const image = await decode(await renderPointPlot(real, new Float32Array(0), 1));
    expect(share(image, isGray, 60, 300)).toBeLessThan(share(image, isGray, 400) / 10);
  });

  it('ignore values that are not finite, and draw constant ones', async () => {
    for (const values of [
      [NaN, Infinity, -Infinity, 1, 2, 3],
      [5, 5, 5, 5, 5, 5],
      [0, 0, 0, 0, 0, 0],
    ])
      await expect(renderPointPlot(Float32Array.from(values), Float32Array.from(values), 3)).resolves.toBeTruthy();
  });
});
