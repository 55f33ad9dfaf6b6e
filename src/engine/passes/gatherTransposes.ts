// Transposes that move whole rows become gathers of rows. ONNX Runtime transposes on one thread, and gathers on all;
// and with transposes a step takes more memory.
import { constant, isOp, make, type Node } from '../graph/node';
import { sizeOf, type Shape } from '../graph/shapes';
import { deduplicating } from './commonSubexpressions';
import { rewrite } from './rewrite';

/** Minimum number of floats per row; below, the bounds check of each index costs more than a second thread saves. */
const MIN_ROW = 16;

export function gatherTransposes(outputs: readonly Node[]): Node[] {
  const build = deduplicating();
  return rewrite(outputs, (node, [x]) => {
    if (!isOp(node, 'Transpose')) return undefined;
    const { perm } = node.attributes;
    // The last axes that stay in place make up a row.
    let moved = perm.length;
    while (moved > 0 && perm[moved - 1] === moved - 1) moved--;
    const [lead, row] = [x.shape.slice(0, moved), sizeOf(x.shape.slice(moved))];
    if (moved === 0 || moved === perm.length || row < MIN_ROW) return undefined;
    const index = permutedIndex(lead, perm.slice(0, moved));
    const { attributes } = constant(index, [index.length], 'int32');
    const rows = make('Reshape', [x], { shape: [index.length, row] });
    const gathered = make('Gather', [rows, build('Constant', [], attributes)], { axis: 0 });
    return make('Reshape', [gathered], { shape: node.shape });
  });
}

/** The numbers of the elements of a tensor of this shape, in the order of the transposed tensor. */
function permutedIndex(shape: Shape, perm: readonly number[]): Int32Array {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const index = new Int32Array(sizeOf(shape));
  let filled = 1;
  // From the innermost axis outwards, each block is repeated with an offset.
  for (const axis of perm.toReversed()) {
    for (let i = 1; i < shape[axis]; i++)
      for (let k = 0; k < filled; k++) index[i * filled + k] = index[k] + i * strides[axis];
    filled *= shape[axis];
  }
  return index;
}
