// Box filter: each target pixel is the mean of the source area it covers, with partially covered pixels weighted by
// area.

/** An image of bytes, row-major [height, width, channels]; with four channels the last is the opacity. */
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
 * Resizes the part `from` of an image (fractions of pixels allowed) to the part `to` (whole pixels) of a new image of
 * another size, which is `fill` elsewhere. Colors are weighted by their opacity, so that transparent pixels do not
 * contribute. The filter is separable: each target row is averaged vertically first, then horizontally.
 */
export function boxResize(
  image: Raster,
  from: Rectangle,
  to: Rectangle,
  size: { readonly height: number; readonly width: number; readonly fill?: number },
): Uint8Array {
  const { bytes, width, channels } = image;
  const rows = spans(from.top, from.height, to.height, image.height);
  const columns = spans(from.left, from.width, to.width, width);
  const out = new Uint8Array(size.height * size.width * channels).fill(size.fill ?? 0);
  const line = new Float32Array(width * channels); // a mean of source rows, colors times opacity
  const mean = new Float64Array(channels);

  rows.forEach((row, y) => {
    line.fill(0);
    row.weights.forEach((weight, k) => addRow(bytes, (row.first + k) * line.length, weight, channels === 4, line));
    columns.forEach((column, x) => {
      mean.fill(0);
      for (let k = 0; k < column.weights.length; k++) {
        for (let c = 0; c < channels; c++) mean[c] += column.weights[k] * line[(column.first + k) * channels + c];
      }
      const opacity = channels === 4 ? mean[3] / 255 || 1 : 1;
      const at = ((to.top + y) * size.width + to.left + x) * channels;
      for (let c = 0; c < channels; c++) out[at + c] = Math.min(255, Math.round(c === 3 ? mean[3] : mean[c] / opacity));
    });
  });
  return out;
}

/** line += weight · row; colors are multiplied by their opacity, if the image has one. */
function addRow(bytes: Uint8Array, start: number, weight: number, hasOpacity: boolean, line: Float32Array): void {
  if (!hasOpacity) {
    for (let k = 0; k < line.length; k++) line[k] += weight * bytes[start + k];
    return;
  }
  for (let k = 0; k < line.length; k += 4) {
    const opacity = bytes[start + k + 3];
    for (let c = 0; c < 3; c++) line[k + c] += ((weight * opacity) / 255) * bytes[start + k + c];
    line[k + 3] += weight * opacity;
  }
}

/** The source pixels that one target pixel covers along an axis, and their weights, which sum to 1. */
interface Span {
  readonly first: number;
  readonly weights: Float64Array;
}

/**
 * The spans of `count` target pixels over the source interval [start, start + length) of an axis with `pixels`
 * pixels.
 */
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
