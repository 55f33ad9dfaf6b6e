// The Laplacian pyramid of images (Burt and Adelson 1983): the detail that is lost at each halving, and what remains.
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export interface PyramidLevel extends ImageShape {
  /** [n, height, width, channels]. */
  readonly images: Float32Array;
}

/** The binomial filter (1, 4, 6, 4, 1)/16 of Burt and Adelson, in both directions. */
const filter = [1, 4, 6, 4, 1].map((w) => w / 16);

/** The shorter side of the coarsest level is at least this many pixels. */
const leastSide = 14;

/**
 * The levels from the finest: each is the image minus its blurred, halved and doubled copy; the last is what remains.
 * `images` are [n, height, width, channels].
 */
export function laplacianPyramid(images: Float32Array, shape: ImageShape): PyramidLevel[] {
  const { height, width, channels } = shape;
  if (Math.min(height, width) < 2 * leastSide || height % 2 === 1 || width % 2 === 1) return [{ images, ...shape }];
  const half = { height: height / 2, width: width / 2, channels };
  const small = halved(images, shape);
  const large = doubled(small, half);
  const detail = images.map((value, k) => value - large[k]);
  return [{ images: detail, ...shape }, ...laplacianPyramid(small, half)];
}

/** Blurred and halved. */
function halved(images: Float32Array, { height, width, channels }: ImageShape): Float32Array {
  const n = images.length / (height * width * channels);
  const out = new Float32Array(images.length / 4);
  const rows = new Float32Array(width * channels);
  for (let i = 0; i < n; i++) {
    for (let y = 0; y < height; y += 2) {
      rows.fill(0);
      for (let k = -2; k <= 2; k++) {
        const from = (i * height + mirrored(y + k, height)) * width * channels;
        for (let j = 0; j < rows.length; j++) rows[j] += filter[k + 2] * images[from + j];
      }
      const to = ((i * height) / 2 + y / 2) * (width / 2) * channels;
      for (let x = 0; x < width; x += 2) {
        for (let c = 0; c < channels; c++) {
          let sum = 0;
          for (let k = -2; k <= 2; k++) sum += filter[k + 2] * rows[mirrored(x + k, width) * channels + c];
          out[to + (x / 2) * channels + c] = sum;
        }
      }
    }
  }
  return out;
}

/** Doubled: zeros between the pixels, then the filter with four times the weight. */
function doubled(images: Float32Array, { height, width, channels }: ImageShape): Float32Array {
  const n = images.length / (height * width * channels);
  const [tall, wide] = [2 * height, 2 * width];
  const spread = new Float32Array(4 * images.length);
  for (let i = 0; i < n; i++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const from = ((i * height + y) * width + x) * channels;
        spread.set(images.subarray(from, from + channels), ((i * tall + 2 * y) * wide + 2 * x) * channels);
      }
    }
  }
  return blurred(spread, { height: tall, width: wide, channels }, 4);
}

function blurred(images: Float32Array, { height, width, channels }: ImageShape, gain: number): Float32Array {
  const across = new Float32Array(images.length);
  const out = new Float32Array(images.length);
  const n = images.length / (height * width * channels);
  for (let r = 0; r < n * height; r++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = -2; k <= 2; k++)
          sum += filter[k + 2] * images[(r * width + mirrored(x + k, width)) * channels + c];
        across[(r * width + x) * channels + c] = sum;
      }
    }
  }
  const row = width * channels;
  for (let i = 0; i < n; i++) {
    for (let y = 0; y < height; y++) {
      for (let k = -2; k <= 2; k++) {
        const from = (i * height + mirrored(y + k, height)) * row;
        const to = (i * height + y) * row;
        for (let j = 0; j < row; j++) out[to + j] += gain * filter[k + 2] * across[from + j];
      }
    }
  }
  return out;
}

/** Reflects an index at the border pixels: −1 is 1, and n is n − 2. */
const mirrored = (k: number, n: number): number => (k < 0 ? -k : k >= n ? 2 * n - 2 - k : k);
