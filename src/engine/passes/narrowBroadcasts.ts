// Biases, means and gains of few channels, such as the three colors of a generated image: ONNX Runtime broadcasts them
// to each pixel by itself. Repeated over several pixels, they are broadcast to longer rows at once, with the same bits.
import { fillValue, type Node } from '../graph/node';
import type { Op } from '../graph/ops';
import { sameShape, sizeOf } from '../graph/shapes';
import { rewrite, type Make } from './rewrite';

const binary: ReadonlySet<Op> = new Set<Op>(['Add', 'Sub', 'Mul', 'Div']);

/** More channels than this are broadcast at full speed (measured, bench/RESULTS.md). */
const MAX_CHANNELS = 32;
/** Length of a row from which it does not get faster. */
const MIN_ROW = 256;
/** With fewer elements, the additional operations cost more. */
const MIN_SIZE = 2 ** 11;

export const widenBroadcasts = (outputs: readonly Node[], build: Make): Node[] =>
  rewrite(outputs, (node, inputs) => (binary.has(node.op) ? widened(node, inputs, build) : undefined), build);

function widened(node: Node, inputs: readonly Node[], build: Make): Node | undefined {
  const channels = node.shape.at(-1) ?? 0;
  const size = sizeOf(node.shape);
  if (node.dtype !== 'float32' || channels < 2 || channels > MAX_CHANNELS || size < MIN_SIZE) return undefined;
  const isWide = (input: Node): boolean => sameShape(input.shape, node.shape);
  const isNarrow = (input: Node): boolean =>
    sizeOf(input.shape) === channels && input.shape.at(-1) === channels && fillValue(input) === undefined;
  if (!inputs.some(isWide) || !inputs.some(isNarrow)) return undefined;
  const pixels = repeats(size / channels, channels);
  if (pixels === 1) return undefined;
  const row = pixels * channels;
  const reshape = (x: Node, ...shape: number[]): Node => build('Reshape', [x], { shape });
  const rows = inputs.map((input) =>
    isWide(input)
      ? reshape(input, size / row, row)
      : reshape(build('Expand', [reshape(input, 1, channels)], { shape: [pixels, channels] }), row),
  );
  return build('Reshape', [build(node.op, rows, node.attributes)], { shape: node.shape });
}

/** The smallest power of two by which rows get long enough, or the largest that divides the number of pixels. */
function repeats(pixels: number, channels: number): number {
  let count = 1;
  while (count * channels < MIN_ROW && pixels % (2 * count) === 0) count *= 2;
  return count;
}
