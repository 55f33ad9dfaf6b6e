// The sliced Wasserstein distance between two sets of points, and between two sets of images by their patches.
import { fillIntegers, fillNormal, type Key } from './random';
import { type ImageShape, laplacianPyramid } from './laplacianPyramid';

/**
 * The mean over directions θ of W₁ between the projected sets: E_θ W₁(θᵀx, θᵀy) (Rabin et al. 2011, exponent 1).
 * `x` and `y` are row-major [n, d] with the same n, `unit` [directions, d]; NaN if a number is not finite.
 */
export function slicedWasserstein(x: Float32Array, y: Float32Array, unit: Float64Array, d: number): number {
  const n = x.length / d;
  if (!Number.isInteger(n) || x.length !== y.length) {
    throw new Error(`slicedWasserstein: ${x.length} and ${y.length} numbers are not equally many points of ${d}`);
  }
  if (!x.every(Number.isFinite) || !y.every(Number.isFinite)) return NaN;
  let total = 0;
  for (let from = 0; from < unit.length; from += d) {
    const direction = unit.subarray(from, from + d);
    const [a, b] = [projected(x, direction, n).sort(), projected(y, direction, n).sort()];
    let sum = 0;
    for (let i = 0; i < n; i++) sum += Math.abs(a[i] - b[i]);
    total += sum / n;
  }
  return total / (unit.length / d);
}

function projected(points: Float32Array, direction: Float64Array, n: number): Float64Array {
  const d = direction.length;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += points[i * d + k] * direction[k];
    out[i] = sum;
  }
  return out;
}

/** `count` random directions, uniform on the sphere, row-major [count, d]. */
export function unitVectors(count: number, d: number, key: Key): Float64Array {
  const normal = new Float32Array(count * d);
  fillNormal(normal, key);
  const out = Float64Array.from(normal);
  for (let k = 0; k < count; k++) {
    const row = out.subarray(k * d, (k + 1) * d);
    const norm = Math.hypot(...row);
    for (let i = 0; i < d; i++) row[i] /= norm;
  }
  return out;
}

const patchSide = 7;
const patchesPerImage = 32;
const directions = 128;

/**
 * The sliced Wasserstein distance of image patches, for each level of the Laplacian pyramid from the finest: patches of
 * 7×7 pixels at random places, each set normalized per channel to mean 0 and variance 1 (Karras et al. 2018,
 * Progressive Growing of GANs, section 5), in units of 10⁻³ as there.
 * @param x images [n, height, width, channels] in [−1, 1]; `y` as many
 * @returns one distance per level, and their mean
 */
export function imageSlicedWasserstein(
  x: Float32Array,
  y: Float32Array,
  shape: ImageShape,
  key: Key,
): { readonly levels: readonly number[]; readonly mean: number } {
  const [a, b] = [x, y].map((images) => laplacianPyramid(images, shape));
  const levels = a.map((level, k) => {
    const levelKey = { ...key, step: key.step + k };
    const [p, q] = [level, b[k]].map(({ images, ...size }) => normalizedPatches(images, size, levelKey));
    const dimensions = patchSide ** 2 * shape.channels;
    return 1000 * slicedWasserstein(p, q, unitVectors(directions, dimensions, levelKey), dimensions);
  });
  return { levels, mean: levels.reduce((sum, value) => sum + value, 0) / levels.length };
}

/** Patches [n · patchesPerImage, 7, 7, channels], each channel with mean 0 and variance 1 over all of them. */
function normalizedPatches(images: Float32Array, { height, width, channels }: ImageShape, key: Key): Float32Array {
  const n = images.length / (height * width * channels);
  const count = n * patchesPerImage;
  const [rows, columns] = [new Uint32Array(count), new Uint32Array(count)];
  fillIntegers(rows, height - patchSide + 1, { ...key, stream: `${key.stream}/rows` });
  fillIntegers(columns, width - patchSide + 1, { ...key, stream: `${key.stream}/columns` });
  const out = new Float32Array(count * patchSide ** 2 * channels);
  const length = patchSide * channels;
  for (let p = 0; p < count; p++) {
    const image = Math.floor(p / patchesPerImage);
    for (let dy = 0; dy < patchSide; dy++) {
      const from = ((image * height + rows[p] + dy) * width + columns[p]) * channels;
      out.set(images.subarray(from, from + length), (p * patchSide + dy) * length);
    }
  }
  for (let c = 0; c < channels; c++) normalizeChannel(out, c, channels);
  return out;
}

function normalizeChannel(values: Float32Array, channel: number, channels: number): void {
  const n = values.length / channels;
  let [sum, squares] = [0, 0];
  for (let i = channel; i < values.length; i += channels) sum += values[i];
  const mean = sum / n;
  for (let i = channel; i < values.length; i += channels) squares += (values[i] - mean) ** 2;
  const deviation = Math.sqrt(squares / n) || 1;
  for (let i = channel; i < values.length; i += channels) values[i] = (values[i] - mean) / deviation;
}
