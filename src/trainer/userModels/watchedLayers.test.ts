// Options of layers that TensorFlow.js ignores are said, each once; those that it knows are not.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { isExcluded, layerRows } from '../../../test/support/layerCases';
import { layers } from '../../engine/tfjs';
import { watchedLayers } from './watchedLayers';

function watch() {
  const notices: string[] = [];
  return { layers: watchedLayers((message) => notices.push(message)), notices };
}

it.each([
  ['conv2dTranspose', { filters: 2, kernelSize: 3, strides: 2, outputPadding: 1 }, ['outputPadding']],
  ['conv2d', { filters: 2, kernelSize: 3, groups: 2 }, ['groups']],
  ['reLU', { negativeSlope: 0.2, threshold: 0.1 }, ['negativeSlope', 'threshold']],
  ['batchNormalization', { virtualBatchSize: 8, momentum: 0.9 }, ['virtualBatchSize']],
  ['dense', { units: 2, activation: 'relu', inputShape: [3], name: 'first', useBias: false, groups: undefined }, []],
  ['dense', { units: 2, inputDim: 3, weights: [], trainable: false, kernelInitializer: 'ones' }, []],
] as const)('tf.layers.%s of %j', (name, options, ignored) => {
  const { layers: watched, notices } = watch();
  const make = (watched as unknown as Record<string, (given: object) => object>)[name];
  expect(make(options)).toBeInstanceOf(layers.Layer);
  make(options);
  expect(notices).toEqual(
    ignored.map((option) => `TensorFlow.js has no option "${option}" of tf.layers.${name}, so it has no effect.`),
  );
});

it('every option of the test configurations is known', () => {
  const { layers: watched, notices } = watch();
  for (const [name, row] of Object.entries(layerRows)) {
    if (isExcluded(row)) continue;
    for (const { text } of fc.sample(row, { seed: 4, numRuns: 10 })) {
      const options = JSON.parse(text.slice(0, text.lastIndexOf(' on ['))) as object;
      // The text does not have the whole of a layer within another one.
      if (/rnn|bidirectional|timeDistributed/i.test(name)) continue;
      (watched as unknown as Record<string, (given: object) => unknown>)[name]?.(options);
    }
  }
  expect(notices).toEqual([]);
});

it('classes stay themselves', () => {
  expect(watch().layers.Layer).toBe(layers.Layer);
  expect(Object.keys(watch().layers)).toEqual(Object.keys(layers));
});
