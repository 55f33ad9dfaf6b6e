// Which layers run code of a user, which must be recorded twice.
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { layersIn } from '../gan/layersIn';
import { openOnnxEngine } from './onnx/engine';
import { runsOnlyBuiltInCode } from './tfjsInternals';

openOnnxEngine({ threads: 1 });

const shrink = (w: tf.Tensor): tf.Tensor => tf.mul(w, Math.random());
const builtInConstraint = tfl.constraints.nonNeg();
const Constraint = Object.getPrototypeOf(builtInConstraint.constructor) as new () => typeof builtInConstraint;
class Shrink extends Constraint {
  static className = 'Shrink';
  override apply(w: tf.Tensor): tf.Tensor {
    return shrink(w);
  }
}
class Doubling extends tfl.layers.Layer {
  static className = 'Doubling';
  override call(x: tf.Tensor[]): tf.Tensor {
    return tf.mul(x[0], 2);
  }
}
const dense = (options: object = {}) => tfl.layers.dense({ units: 2, inputShape: [2], activation: 'relu', ...options });
const modelOf = (...layers: tfl.layers.Layer[]) => tfl.sequential({ layers });
const allBuiltIn = (model: tfl.LayersModel): boolean => layersIn(model).every(runsOnlyBuiltInCode);

describe('code of a user', () => {
  it('is not in layers of TensorFlow.js', () => {
    const noise = [tfl.layers.gaussianNoise({ stddev: 1 }), tfl.layers.batchNormalization()];
    const model = modelOf(dense({ kernelConstraint: 'nonNeg' }), ...noise, modelOf(dense()), tfl.layers.reLU());
    expect(allBuiltIn(model)).toBe(true);
  });

  const withCall = dense();
  Object.assign(withCall, { call: (x: tf.Tensor) => tf.mul(x, Math.random()) });
  const withHook = dense();
  withHook.setCallHook(() => {});
  it.each([
    ['a layer of a class of its own', new Doubling({ inputShape: [2] })],
    ['a constraint', dense({ kernelConstraint: new Shrink() })],
    [
      'a method of a constraint',
      dense({ kernelConstraint: Object.assign(tfl.constraints.nonNeg(), { apply: shrink }) }),
    ],
    ['a method of one layer', withCall],
    ['a hook', withHook],
    ['a nested model', modelOf(dense(), new Doubling({}))],
  ])('is in %s', (_, layer) => {
    expect(allBuiltIn(modelOf(layer))).toBe(false);
  });

  it('is recorded twice, other steps once', async () => {
    const engine = openOnnxEngine({ threads: 1 });
    for (const isBuiltIn of [true, false]) {
      let recordings = 0;
      const compute = ({ x }: { x: tf.Tensor }) => ({ y: tf.mul(x, ++recordings > 0 ? 2 : 0) });
      const step = await engine.compile({
        name: 'count',
        state: engine.state({}),
        inputs: { x: [2] },
        compute,
        isBuiltIn,
      });
      expect(recordings).toBe(isBuiltIn ? 1 : 2);
      await step.dispose();
    }
  });
});
