// Shapes and roles are inferred from the text, or unknown.
import { describe, expect, it } from 'vitest';
import { findModels } from './findModels';
import type { FoundModel } from './foundModel';
import { evidentRole, inputShape, isConvolutional, outputShape } from './shapes';

function modelOf(code: string, name = 'g'): FoundModel {
  const { models: found } = findModels(
    `import * as tf from '@tensorflow/tfjs';\nexport const ${name} = (c) => ${code};\n`,
  );
  expect(found).toHaveLength(1);
  return found[0];
}

const layers = (...list: string[]) =>
  `tf.sequential({ layers: [${list.map((each) => `tf.layers.${each}`).join(', ')}] })`;

describe('input and output shapes', () => {
  it.each([
    ['a plain mlp', layers('dense({ units: 64, inputShape: [2] })', 'dense({ units: 1 })'), [2], [1]],
    ['an open input', layers('dense({ units: 64, inputShape: c.inputShape })', 'dense({ units: 2 })'), undefined, [2]],
    ['a shorthand input', layers('dense({ units: 4, inputShape })', 'dense({ units })'), undefined, undefined],
    [
      'a computed one',
      layers('dense({ units: 64, inputShape: [n] })', 'dense({ units: 2 * 2 })'),
      undefined,
      undefined,
    ],
    ['underscores', layers('dense({ units: 1_000, inputShape: [1_024] })'), [1024], [1000]],
    [
      'a dcgan',
      layers(
        'dense({ units: 7 * 7 * 16, inputShape: [32] })',
        'reshape({ targetShape: [7, 7, 16] })',
        "conv2dTranspose({ filters: 8, kernelSize: 4, strides: 2, padding: 'same', activation: 'relu' })",
        'batchNormalization()',
        'leakyReLU({ alpha: 0.2 })',
        "conv2dTranspose({ filters: 3, kernelSize: 4, strides: [2, 2], padding: 'same' })",
      ),
      [32],
      [28, 28, 3],
    ],
    [
      'a convolutional critic',
      layers(
        "conv2d({ filters: 8, kernelSize: 5, strides: 2, padding: 'same', inputShape: [28, 28, 1] })",
        "conv2d({ filters: 16, kernelSize: 5, strides: 2, padding: 'same' })",
        'flatten()',
        'dense({ units: 1 })',
      ),
      [28, 28, 1],
      [1],
    ],
    [
      'upsampling',
      layers('reshape({ targetShape: [4, 4, 3], inputShape: [48] })', 'upSampling2d({ size: [2, 4] })'),
      [48],
      [8, 16, 3],
    ],
    [
      'a convolution without padding',
      layers('conv2d({ filters: 8, kernelSize: 5, inputShape: [28, 28, 1] })'),
      [28, 28, 1],
      undefined,
    ],
    ['a layer that is not known', layers('dense({ units: 2, inputShape: [2] })', 'myOwn({})'), [2], undefined],
    [
      'nested options',
      layers('dense({ units: 3, kernelInitializer: tf.initializers.x({ units: 9 }), inputShape: [2] })'),
      [2],
      [3],
    ],
    [
      'the functional style',
      '{ const x = tf.input({ shape: [2] }); const y = tf.layers.dense({ units: 5 }).apply(x); return tf.model({ inputs: x, outputs: y }); }',
      [2],
      [5],
    ],
  ])('are found for %s', (_, code, input, output) => {
    const model = modelOf(code);
    expect([inputShape(model), outputShape(model)]).toEqual([input, output]);
  });

  it('are those of the last layer if layers are added in a loop', () => {
    const body = (last: string) =>
      modelOf(
        `{ const m = tf.sequential(); for (const u of [1, 2]) m.add(tf.layers.dense({ units: u, inputShape: [2] })); m.add(tf.layers.${last}); return m; }`,
      );
    expect(outputShape(body('dense({ units: 1 })'))).toEqual([1]);
    expect(outputShape(body('reLU()'))).toBeUndefined();
  });
});

describe('the role of a model', () => {
  const open = layers('dense({ units: 8, inputShape: c.inputShape })', 'dense({ units: c.outputShape[0] })');
  it.each([
    ['critic', open, 'critic'],
    ['smallCritic', open, 'critic'],
    ['makeDiscriminator', open, 'critic'],
    ['generator', open, 'generator'],
    ['mnistGenerator', open, 'generator'],
    ['regenerate', open, undefined],
    ['net', open, undefined],
    ['net', layers('dense({ units: 1, inputShape: [2] })'), 'critic'],
    ['net', layers("conv2dTranspose({ filters: 1, kernelSize: 4, strides: 2, padding: 'same' })"), 'generator'],
    ['net', layers('conv2d({ filters: 8, kernelSize: 3, inputShape: [28, 28, 1] })'), 'critic'],
  ])('is recognized for %s (%#)', (name, code, role) => expect(evidentRole(modelOf(code, name))).toBe(role));

  it('a model of images is recognized by its layers', () => {
    expect(isConvolutional(modelOf(open))).toBe(false);
    expect(isConvolutional(modelOf(layers('conv2d({ filters: 8 })')))).toBe(true);
    expect(isConvolutional(modelOf(layers('reshape({ targetShape: [8, 8, 1] })')))).toBe(true);
  });
});
