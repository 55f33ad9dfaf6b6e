// Bilinear resizing of images of numbers, as the networks of the FID expect it.
import type { ImageShape } from './laplacianPyramid';

/** Where an output pixel lies between two input pixels. */
interface Place {
  readonly low: number;
  readonly high: number;
  /** Weight of `high`. */
  readonly weight: number;
}

/**
 * Resizes images [n, height, width, channels] without antialiasing, with pixels as areas: PyTorch's
 * `interpolate(mode='bilinear', align_corners=False)`, which pytorch-fid uses.
 */
export function bilinearResize(
  images: Float32Array,
  { height, width, channels }: ImageShape,
  to: { readonly height: number; readonly width: number },
): Float32Array {
  if (height === to.height && width === to.width) return images;
  const [rows, columns] = [places(height, to.height), places(width, to.width)];
  const n = images.length / (height * width * channels);
  const out = new Float32Array(n * to.height * to.width * channels);
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (const y of rows) {
      const [top, bottom] = [y.low, y.high].map((row) => (i * height + row) * width);
      for (const x of columns) {
        for (let c = 0; c < channels; c++) {
          const pixel = (row: number, column: number): number => images[(row + column) * channels + c];
          const above = pixel(top, x.low) * (1 - x.weight) + pixel(top, x.high) * x.weight;
          const under = pixel(bottom, x.low) * (1 - x.weight) + pixel(bottom, x.high) * x.weight;
          out[at++] = above * (1 - y.weight) + under * y.weight;
        }
      }
    }
  }
  return out;
}

function places(from: number, to: number): Place[] {
  return Array.from({ length: to }, (_, k) => {
    const at = Math.max(0, ((k + 0.5) * from) / to - 0.5);
    const low = Math.min(Math.floor(at), from - 1);
    return { low, high: Math.min(low + 1, from - 1), weight: at - low };
  });
}
