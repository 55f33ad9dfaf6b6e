// Synthetic color images with labels: ten classes of shapes on shaded backgrounds.
import type { DataConfig } from '../../catalog';
import { generator } from '../../math/random';
import { plural } from '../../shared/text';
import { sharedBytes } from '../cache/sampleStorage';
import type { DataContext } from '../dataSource';
import type { DataSource } from '../dataSource';
import { createImageSource } from '../images/imageSource';
import { generateSamples } from './generateSamples';
import { outlines } from './shapeOutlines';

/** Returns numbers uniform in [0, 1). */
type Random = () => number;

const classes = Object.keys(outlines);

/** Image i depends only on (seed, i) and shows class i mod 10. */
export async function openShapes(data: DataConfig<'shapes'>, context: DataContext): Promise<DataSource> {
  const { size, samples, validation, flip } = data;
  const { seed } = context;
  const length = size * size * 3;
  const bytes = sharedBytes(samples * length);
  await generateSamples(samples, context, (i) => {
    const random = generator({ seed, stream: 'shapes', step: i });
    drawShape(outlines[classes[i % 10]], random, bytes.subarray(i * length, (i + 1) * length), size);
  });
  return createImageSource({
    storage: { bytes, length },
    labels: { classes: Uint8Array.from({ length: samples }, (_, i) => i % 10), names: classes },
    shape: [size, size, 3],
    slots: Uint32Array.from({ length: samples }, (_, i) => i),
    flip,
    validation,
    seed,
    notes: [`${plural(samples, 'shape')} of ${size} x ${size}${flip ? ', flipped at random' : ''}, generated.`],
  });
}

const uniform = (random: Random, low: number, high: number) => low + (high - low) * random();

/** A shape with random position, size, rotation, two distinct colors, and light from one side. */
function drawShape(outline: (x: number, y: number) => number, random: Random, out: Uint8Array, size: number): void {
  const hue = random();
  const background = color(hue + uniform(random, 0.3, 0.7), uniform(random, 0.15, 0.6), uniform(random, 0.12, 0.42));
  const foreground = color(hue, uniform(random, 0.6, 1), uniform(random, 0.68, 1));
  const radius = uniform(random, 0.27, 0.4) * size;
  const margin = size / 2 - radius - 0.03 * size;
  const [x0, y0] = [size / 2 + uniform(random, -margin, margin), size / 2 + uniform(random, -margin, margin)];
  const turn = uniform(random, -0.26, 0.26);
  const light = uniform(random, 0, 2 * Math.PI);
  const [depth, gloss] = [uniform(random, 0.1, 0.45), uniform(random, 0.1, 0.35)];
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const [lx, ly] = [Math.cos(light), Math.sin(light)];
  for (let j = 0; j < size; j++) {
    for (let i = 0; i < size; i++) {
      const [dx, dy] = [(i + 0.5 - x0) / radius, (j + 0.5 - y0) / radius];
      const distance = outline(cos * dx + sin * dy, cos * dy - sin * dx) * radius; // in pixels, negative inside
      const cover = Math.min(1, Math.max(0, 0.5 - distance));
      const shade = 1 + depth * ((lx * (i + 0.5 - size / 2) + ly * (j + 0.5 - size / 2)) / size) * 1.4;
      const shine = 1 + gloss * (lx * dx + ly * dy);
      for (let c = 0; c < 3; c++) {
        const value = (1 - cover) * background[c] * shade + cover * foreground[c] * shine;
        out[3 * (j * size + i) + c] = 255 * Math.min(1, Math.max(0, value)) + 0.5;
      }
    }
  }
}

/** Red, green and blue in [0, 1] from a hue (one revolution per unit), a saturation and a value. */
function color(hue: number, saturation: number, value: number): readonly [number, number, number] {
  const part = (n: number) => {
    const k = (n + 6 * (hue - Math.floor(hue))) % 6;
    return value * (1 - saturation * Math.max(0, Math.min(k, 4 - k, 1)));
  };
  return [part(5), part(3), part(1)];
}
