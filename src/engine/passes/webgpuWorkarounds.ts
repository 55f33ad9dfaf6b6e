// Operations that ONNX Runtime 1.30 computes wrongly or not at all on WebGPU become equal ones that it computes right.
// test/integration/webgpuOperations.test.ts runs a witness of each on a software GPU, and fails once ONNX Runtime no
// longer needs it: then remove it here.
import { constant, type Node } from '../graph/node';
import type { Attributes, Op } from '../graph/ops';
import { sameShape, sizeOf } from '../graph/shapes';
import { deduplicating } from './commonSubexpressions';
import { rewrite, type Make } from './rewrite';

/** Undefined if the operation is right as it is. */
type Workaround<K extends Op> = (node: Node<K>, inputs: readonly Node[], make: Make) => Node | undefined;

/** One at most per operation. */
const workarounds: { readonly [K in Op]?: Workaround<K> } = {
  // - Channels in threes (channels % 3 = 0, but neither 3 nor divisible by 4, filters % 4 = 0): a shader reads the
  //   wrong ones (microsoft/onnxruntime#29651). Zeros pad the channels to a multiple of 4. The filter gradient, whose
  //   channels are the batch, has such a shape more often than layers have.
  // - Groups whose filters are not in fours or twos, though all filters together are: a shader takes filters of two
  //   groups as one's. Zeros pad the filters of each group.
  // - A filter of the size of the image, or of one pixel: padding at the end only is ignored. The filter grows by zeros
  //   (ONNX Runtime fuses an explicit Pad into Conv again).
  Conv: ({ attributes }, inputs, make) => convolution(attributes, inputs, make),

  // Three spatial axes are not supported (microsoft/onnxruntime#28356). With groups of one filter, a shader for
  // channels in fours or twos reads the wrong weights: a channel of zeros makes their number odd.
  ConvTranspose: (node, [x, w], make) => {
    const { group = 1 } = node.attributes;
    if (x.shape.length === 5) return transposedAsConvolution(node, [x, w], make);
    const each = w.shape[0] / group;
    if (group === 1 || w.shape[1] > 1 || each % 2 !== 0) return undefined;
    const padded = [resizeGroups(x, 1, group, each + 1, make), resizeGroups(w, 0, group, each + 1, make)];
    return make('ConvTranspose', padded, node.attributes);
  },

  // Each output is a storage buffer of one shader, of which a GPU has 8 to 16: splits into pieces, and splits these.
  Split: ({ attributes: { sizes, at } }, [x], make) =>
    sizes.length > MAX_OUTPUTS ? splitInPieces(x, sizes, at, make) : undefined,

  // A negative step counts from the end of the axis instead of the start of the slice.
  Slice: ({ attributes: { starts, sizes, steps } }, [x], make) => {
    if (steps.every((step) => step > 0)) return undefined;
    return starts.reduce((part, start, axis) => {
      const index = Array.from({ length: sizes[axis] }, (_, i) => start + i * steps[axis]);
      return index.every((from, i) => from === i) && index.length === x.shape[axis]
        ? part
        : gather(part, axis, index, make);
    }, x);
  },

  // Pow does not compile for some shapes that broadcast; And reuses the shader of other shapes.
  Pow: (node, inputs, make) => expanded(node, inputs, make),
  And: (node, inputs, make) => expanded(node, inputs, make),

  // It has no shader: on the CPU, one node would keep the whole step from being recorded (onnx/cApiDevice.ts).
  IsNaN: (_, [x], make) => make('Not', [make('Equal', [x, x], {})], {}),
};

export function avoidWebgpuErrors(outputs: readonly Node[]): Node[] {
  const make = deduplicating();
  const replace = (node: Node, inputs: readonly Node[]): Node | undefined =>
    (workarounds[node.op] as Workaround<Op> | undefined)?.(node, inputs, make);
  return rewrite(outputs, replace);
}

function convolution(attributes: Attributes['Conv'], [x, w]: readonly Node[], make: Make): Node | undefined {
  const { group = 1, strides, pads } = attributes;
  const [filters, channels, ...kernel] = w.shape;
  const space = x.shape.slice(2);
  if (space.length > 2) return undefined;
  const pixel = [...kernel, ...strides].every((n) => n === 1);
  const startsAtImage = pads.slice(0, space.length).every((n) => n === 0);
  if (startsAtImage && pads.some((n) => n > 0) && (pixel || sameShape(space, kernel))) {
    const larger = kernel.at(-1)! + (kernel.at(-1)! + 1 === space.at(-1) ? 2 : 1);
    const filter = resizeGroups(w, w.shape.length - 1, 1, larger, make);
    const more = (larger - kernel.at(-1)!) * attributes.dilations.at(-1)!;
    const enlarged = { ...attributes, pads: pads.with(-1, pads.at(-1)! + more) };
    return convolution(enlarged, [x, filter], make) ?? make('Conv', [x, filter], enlarged);
  }
  const each = filters / group;
  const together = [4, 2, 1].find((size) => filters % size === 0)!;
  if (group > 1 && each >= 4 && each % together !== 0) {
    const y = make('Conv', [x, resizeGroups(w, 0, group, nextMultiple(each, 4), make)], attributes);
    return resizeGroups(y, 1, group, each, make);
  }
  const inThrees = channels % 3 === 0 && channels % 4 !== 0 && channels > 3 && filters % 4 === 0;
  if (group > 1 || (pixel && startsAtImage) || !inThrees) return undefined;
  const padded = [x, w].map((operand) => resizeGroups(operand, 1, 1, nextMultiple(channels, 4), make));
  return make('Conv', padded, attributes);
}

/** WebGPU guarantees 8 storage buffers, of which one is the input. */
const MAX_OUTPUTS = 7;

function splitInPieces(x: Node, sizes: readonly number[], at: number, make: Make): Node {
  if (sizes.length <= MAX_OUTPUTS) return make('Split', [x], { sizes, at });
  let count = MAX_OUTPUTS;
  while (count * MAX_OUTPUTS < sizes.length) count *= MAX_OUTPUTS;
  const pieces = Array.from({ length: Math.ceil(sizes.length / count) }, (_, i) =>
    sizes.slice(i * count, (i + 1) * count),
  );
  const which = Math.floor(at / count);
  const totals = pieces.map((piece) => piece.reduce((a, b) => a + b, 0));
  const piece = make('Split', [x], { sizes: totals, at: which });
  return splitInPieces(piece, pieces[which], at - which * count, make);
}

const nextMultiple = (n: number, of: number): number => Math.ceil(n / of) * of;

/** Gives each group of channels along an axis `each` channels: adds zeros, or drops the last ones. */
function resizeGroups(x: Node, axis: number, groups: number, each: number, make: Make): Node {
  const before = sizeOf(x.shape.slice(0, axis));
  const after = sizeOf(x.shape.slice(axis + 1));
  const now = x.shape[axis] / groups;
  const grouped = make('Reshape', [x], { shape: [before, groups, now, after] });
  const none = [0, 0, 0, 0];
  const resized =
    each > now
      ? make('Pad', [grouped], { before: none, after: [0, 0, each - now, 0], value: 0 })
      : make('Slice', [grouped], { starts: none, sizes: [before, groups, each, after], steps: [1, 1, 1, 1] });
  return make('Reshape', [resized], { shape: x.shape.with(axis, groups * each) });
}

function gather(x: Node, axis: number, index: readonly number[], make: Make): Node {
  const { attributes } = constant(Int32Array.from(index), [index.length], 'int32');
  return make('Gather', [x, make('Constant', [], attributes)], { axis });
}

/** The operation on operands of equal shape. A scalar needs no expansion. */
function expanded<K extends 'Pow' | 'And'>(node: Node<K>, inputs: readonly Node[], make: Make): Node | undefined {
  const fits = ({ shape }: Node): boolean => shape.length === 0 || sameShape(shape, node.shape);
  if (inputs.every(fits)) return undefined;
  const operands = inputs.map((x) => (fits(x) ? x : make('Expand', [x], { shape: node.shape })));
  return make(node.op, operands, node.attributes);
}

/** Without groups: the convolution with the mirrored filter, of x with strides - 1 zeros after each element. */
function transposedAsConvolution(
  { attributes: { strides, dilations, pads, outputPadding, group = 1 } }: Node<'ConvTranspose'>,
  [x, w]: readonly Node[],
  make: Make,
): Node | undefined {
  if (group > 1) return undefined;
  const space = x.shape.slice(2);
  const spread = space.reduce((image, length, i) => {
    const axis = i + 2;
    const rows = [sizeOf(image.shape.slice(0, axis + 1)), 1, sizeOf(image.shape.slice(axis + 1))];
    const after = [0, strides[i] - 1, 0];
    const padded = make('Pad', [make('Reshape', [image], { shape: rows })], { before: [0, 0, 0], after, value: 0 });
    return make('Reshape', [padded], { shape: image.shape.with(axis, length * strides[i]) });
  }, x);
  const reach = space.map((_, i) => (w.shape[i + 2] - 1) * dilations[i]);
  const before = space.map((_, i) => reach[i] - pads[i]);
  const after = space.map((_, i) => reach[i] - pads[i + space.length] + outputPadding[i] - (strides[i] - 1));
  const cut = (n: number): number => Math.max(0, -n);
  const kept = make('Slice', [spread], {
    starts: [0, 0, ...before.map(cut)],
    sizes: [...x.shape.slice(0, 2), ...space.map((n, i) => n * strides[i] - cut(before[i]) - cut(after[i]))],
    steps: spread.shape.map(() => 1),
  });
  const mirrored = w.shape.slice(2).reduce((filter, length, i) => {
    const index = Array.from({ length }, (_, k) => length - 1 - k);
    return gather(filter, i + 2, index, make);
  }, w);
  const filter = make('Transpose', [mirrored], { perm: [1, 0, ...[...w.shape.keys()].slice(2)] });
  return make('Conv', [kept, filter], {
    strides: space.map(() => 1),
    dilations,
    pads: [...before, ...after].map((n) => Math.max(0, n)),
    group,
  });
}
