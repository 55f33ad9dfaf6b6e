// Resizing by averages of areas: each target pixel is the mean of the source area under it, partial pixels by their share.

/** An image of bytes, row-major [height, width, channels]; with four channels the last is opacity. */
export interface Raster {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** A rectangle in pixels. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Averages the part `from` of an image (fractions of pixels allowed) into the part `to` (whole pixels) of a new
 * `size` x `size` image, which is 0 elsewhere. Colours are weighted by their opacity where there is one, so that what is
 * transparent does not show. Separable: first along rows, then along columns.
 */
export function averageAreas(image: Raster, from: Rectangle, to: Rectangle, size: number): Uint8Array {
  const { bytes, width, channels } = image;
  const columns = spans(from.left, from.width, to.width, width);
  const rows = spans(from.top, from.height, to.height, image.height);
  const hasOpacity = channels === 4;
  const out = new Uint8Array(size * size * channels);
  const sum = new Float64Array(to.width * channels); // one target row, before the division by opacity

  for (const [y, row] of rows.entries()) {
    sum.fill(0);
    row.weights.forEach((rowWeight, k) => {
      const line = (row.first + k) * width * channels;
      for (const [x, column] of columns.entries()) {
        for (let l = 0; l < column.weights.length; l++) {
          const at = line + (column.first + l) * channels;
          const opacity = hasOpacity ? bytes[at + 3] / 255 : 1;
          const weight = rowWeight * column.weights[l] * opacity;
          for (let c = 0; c < channels; c++) sum[x * channels + c] += weight * bytes[at + c];
          // Opacity itself is not weighted by opacity.
          if (hasOpacity) sum[x * channels + 3] += rowWeight * column.weights[l] * bytes[at + 3] * (1 - opacity);
        }
      }
    });
    for (let x = 0; x < to.width; x++) {
      const at = ((to.top + y) * size + to.left + x) * channels;
      const opacity = hasOpacity ? sum[x * channels + 3] / 255 : 1;
      for (let c = 0; c < channels; c++) {
        const value = c === 3 || opacity === 0 ? sum[x * channels + c] : sum[x * channels + c] / opacity;
        out[at + c] = Math.min(255, Math.round(value));
      }
    }
  }
  return out;
}

/** The source pixels under one target pixel along an axis, and the share of each; shares add up to 1. */
interface Span {
  readonly first: number;
  readonly weights: Float64Array;
}

/** The spans of `count` target pixels over the source interval [start, start + length) of an axis with `pixels` pixels. */
function spans(start: number, length: number, count: number, pixels: number): Span[] {
  return Array.from({ length: count }, (_, i) => {
    const low = start + (i * length) / count;
    const high = start + ((i + 1) * length) / count;
    const first = Math.floor(low);
    const last = Math.min(pixels, Math.max(first + 1, Math.ceil(high)));
    const weights = Float64Array.from({ length: last - first }, (_, k) => {
      const overlap = Math.min(high, first + k + 1) - Math.max(low, first + k);
      return overlap / (high - low);
    });
    return { first, weights };
  });
}
