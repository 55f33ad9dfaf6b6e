// Kernels that rearrange images and blocks, by indices known at compile time.
import * as tf from '@tensorflow/tfjs-core';
import { constant, fillAll, make, pad, reshape, scalar, sizeOf, slice, transpose } from './kernel';
import { type Lowering, type Node, type Shape } from './kernel';

export const SpaceToBatchND: Lowering<tf.SpaceToBatchNDAttrs> = ({ x }, { blockShape, paddings }) => {
  const rest = x.shape.slice(1 + blockShape.length).map(() => 0);
  const padded = pad(x, [0, ...paddings.map((p) => p[0]), ...rest], [0, ...paddings.map((p) => p[1]), ...rest]);
  const blocks = sizeOf(blockShape);
  const blockShapes = tf.backend_util.getReshaped([...padded.shape], blockShape, blocks, false);
  const order = tf.backend_util.getPermuted(blockShapes.length, blockShape.length, false);
  const shape = tf.backend_util.getReshapedPermuted([...padded.shape], blockShape, blocks, false);
  return reshape(transpose(reshape(padded, blockShapes), order), shape);
};

export const BatchToSpaceND: Lowering<tf.BatchToSpaceNDAttrs> = ({ x }, { blockShape, crops }) => {
  const blocks = sizeOf(blockShape);
  const blockShapes = tf.backend_util.getReshaped([...x.shape], blockShape, blocks);
  const order = tf.backend_util.getPermuted(blockShapes.length, blockShape.length);
  const shape = tf.backend_util.getReshapedPermuted([...x.shape], blockShape, blocks);
  const whole = reshape(transpose(reshape(x, blockShapes), order), shape);
  const begin = tf.backend_util.getSliceBeginCoords(crops, blockShape.length);
  const size = tf.backend_util.getSliceSize(shape, crops, blockShape.length);
  const rest = shape.slice(size.length);
  return slice(whole, [...begin, ...rest.map(() => 0)], [...size, ...rest]);
};

export const DepthToSpace: Lowering<tf.DepthToSpaceAttrs> = ({ x }, { blockSize: b, dataFormat }) => {
  if (dataFormat === 'NCHW') {
    const [n, c, h, w] = x.shape;
    const d = c / (b * b);
    const blocks = transpose(reshape(x, [n, b, b, d, h, w]), [0, 3, 4, 1, 5, 2]); // [n,d,h,b,w,b]
    return reshape(blocks, [n, d, h * b, w * b]);
  }
  const [n, h, w, c] = x.shape;
  const d = c / (b * b);
  const blocks = transpose(reshape(x, [n, h, w, b, b, d]), [0, 1, 3, 2, 4, 5]); // [n,h,b,w,b,d]
  return reshape(blocks, [n, h * b, w * b, d]);
};

/** Mirror padding: 'reflect' does not repeat the edge, 'symmetric' does. */
export const MirrorPad: Lowering<tf.MirrorPadAttrs> = ({ x }, { paddings, mode }) => {
  const repeated = mode === 'symmetric' ? 1 : 0;
  return paddings.reduce((y, [before, after], axis) => {
    if (before + after === 0) return y;
    const size = x.shape[axis];
    const index = Int32Array.from({ length: before + size + after }, (_, i) => {
      const at = i - before;
      if (at < 0) return -at - repeated;
      return at < size ? at : 2 * (size - 1) - at + repeated;
    });
    return make('Gather', [y, constant(index, [index.length], 'int32')], { axis });
  }, x);
};

export const FlipLeftRight: Lowering = ({ image }) =>
  make('Slice', [image], {
    starts: image.shape.map((d, i) => (i === 2 ? d - 1 : 0)),
    sizes: image.shape,
    steps: image.shape.map((_, i) => (i === 2 ? -1 : 1)),
  });

/** Rotates with nearest-neighbor sampling; pixels from outside of the image become `fillValue`. */
export const RotateWithOffset: Lowering<tf.RotateWithOffsetAttrs> = ({ image }, { radians, fillValue, center }) => {
  const [n, height, width, channels] = image.shape;
  const [cx, cy] = tf.backend_util.getImageCenter(center, height, width);
  const [sin, cos] = [Math.sin(radians), Math.cos(radians)];
  const source = Int32Array.from({ length: height * width }, (_, i) => {
    const [x, y] = [(i % width) - cx, Math.floor(i / width) - cy];
    const [column, row] = [Math.round(x * cos - y * sin + cx), Math.round(x * sin + y * cos + cy)];
    return column >= 0 && column < width && row >= 0 && row < height ? row * width + column : -1;
  });
  const index = constant(
    source.map((s) => Math.max(0, s)),
    [source.length],
    'int32',
  );
  const pixels = make('Gather', [reshape(image, [n, height * width, channels]), index], { axis: 1 });
  const inside = constant(
    Uint8Array.from(source, (s) => Number(s >= 0)),
    [1, source.length, 1],
    'bool',
  );
  return reshape(make('Where', [inside, pixels, fillOf(fillValue, channels, image)], {}), image.shape);
};

/** A value for all channels, or for each of the first three; the fourth is alpha, 255. */
function fillOf(value: number | [number, number, number], channels: number, { dtype }: Node): Node {
  if (typeof value === 'number') return scalar(value, dtype);
  const each: Shape = Array.from({ length: channels }, (_, c) => (c === 3 ? 255 : value[c]));
  const parts = each.map((v) => fillAll(v, [1, 1, 1], dtype));
  return make('Concat', parts, { axis: 2 });
}
