// Kernels whose result shape depends on values, or that sample from them. They evaluate their inputs immediately, so
// they cannot be part of a training step.
import * as tf from '@tensorflow/tfjs-core';
import { fillUniform } from '../../../math/random';
import { evaluate } from '../eagerEvaluation';
import { axesOf, constant, float, knownValues, make, sizeOf, type Lowering, type Node, type Values } from './kernel';

function valuesOf(x: Node): Values {
  if (!knownValues(x)) evaluate([x]);
  return knownValues(x)!;
}
const floats = (x: Node): Float32Array => valuesOf(float(x)) as Float32Array;
const numbers = (x: Node): number[] => Array.from(valuesOf(x) as Int32Array);
const indices = (values: readonly number[]): Node => constant(Int32Array.from(values), [values.length], 'int32');

export const BroadcastArgs: Lowering = ({ s0, s1 }) =>
  indices(tf.backend_util.assertAndGetBroadcastShape(numbers(s0), numbers(s1)));

/** The unique slices along an axis, in order of first occurrence, and the index of the unique slice of each slice. */
export const Unique: Lowering<tf.UniqueAttrs> = ({ x }, { axis }) => {
  const along = axesOf(axis, x.shape.length)[0];
  const [before, size, after] = [sizeOf(x.shape.slice(0, along)), x.shape[along], sizeOf(x.shape.slice(along + 1))];
  const values = numbers(x);
  const kinds = new Map<string, number>();
  const firsts: number[] = [];
  const which = Array.from({ length: size }, (_, i) => {
    const slice = Array.from({ length: before }, (_, b) =>
      values.slice((b * size + i) * after, (b * size + i + 1) * after),
    );
    const key = slice.join();
    if (!kinds.has(key)) {
      kinds.set(key, kinds.size);
      firsts.push(i);
    }
    return kinds.get(key)!;
  });
  return [make('Gather', [x, indices(firsts)], { axis: along }), indices(which)];
};

/** Draws from each row of probabilities, or of unnormalized logarithms, by inverting the distribution function. */
export const Multinomial: Lowering<tf.MultinomialAttrs> = ({ logits }, { numSamples, seed, normalized }) => {
  const [rows, events] = logits.shape;
  const p = floats(normalized ? logits : make('Softmax', [float(logits)], { axis: 1 }));
  const uniform = new Float32Array(rows * numSamples);
  fillUniform(uniform, { seed: Math.floor(seed * 2 ** 32), stream: 'multinomial', step: 0 });
  const drawn = Int32Array.from(uniform, (u, i) => {
    const row = Math.floor(i / numSamples) * events;
    let [event, sum] = [0, p[row]];
    while (event < events - 1 && u >= sum) sum += p[row + ++event];
    return event;
  });
  return constant(drawn, [rows, numSamples], 'int32');
};

const { nonMaxSuppressionV3Impl, nonMaxSuppressionV4Impl, nonMaxSuppressionV5Impl } = tf.kernel_impls;

export const NonMaxSuppressionV3: Lowering<tf.NonMaxSuppressionV3Attrs> = ({ boxes, scores }, a) => {
  const found = nonMaxSuppressionV3Impl(
    floats(boxes),
    floats(scores),
    a.maxOutputSize,
    a.iouThreshold,
    a.scoreThreshold,
  );
  return indices(found.selectedIndices);
};

export const NonMaxSuppressionV4: Lowering<tf.NonMaxSuppressionV4Attrs> = ({ boxes, scores }, a) => {
  const found = nonMaxSuppressionV4Impl(
    floats(boxes),
    floats(scores),
    a.maxOutputSize,
    a.iouThreshold,
    a.scoreThreshold,
    a.padToMaxOutputSize,
  );
  return [indices(found.selectedIndices), constant(Int32Array.of(found.validOutputs!), [], 'int32')];
};

export const NonMaxSuppressionV5: Lowering<tf.NonMaxSuppressionV5Attrs> = ({ boxes, scores }, a) => {
  const found = nonMaxSuppressionV5Impl(
    floats(boxes),
    floats(scores),
    a.maxOutputSize,
    a.iouThreshold,
    a.scoreThreshold,
    a.softNmsSigma,
  );
  const selected = Float32Array.from(found.selectedScores!);
  return [indices(found.selectedIndices), constant(selected, [selected.length], 'float32')];
};
