// Random numbers in models: inputs of a compiled step, determined by its key.
import * as tf from '@tensorflow/tfjs-core';
import { layers, type sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine, Step } from '../engine';
import { openOnnxEngine } from '../onnx/engine';
import * as users from '../tfjs';
import { fillNoise } from './source';

let engine: Engine;
beforeAll(() => {
  engine = openOnnxEngine({ threads: 1 });
});

type Layer = Parameters<ReturnType<typeof sequential>['add']>[0];
const SHAPE = [64, 10, 8];
const KEY = { seed: 5, step: 3 };

const stepOf = (name: string, compute: (x: tf.Tensor) => tf.Tensor): Promise<Step<'x', 'y'>> =>
  engine.compile({
    name,
    state: engine.state({}),
    inputs: { x: SHAPE },
    compute: ({ x }) => ({ y: compute(x) }),
  });
const ones = new Float32Array(64 * 10 * 8).fill(1);
const apply =
  (layer: Layer, training = true) =>
  (x: tf.Tensor): tf.Tensor =>
    layer.apply(x, { training }) as tf.Tensor;

const drawing: Readonly<Record<string, () => Layer>> = {
  dropout: () => layers.dropout({ rate: 0.3 }),
  'dropout with a shape': () => layers.dropout({ rate: 0.3, noiseShape: [64, 1, 8] }),
  'dropout with a seed': () => layers.dropout({ rate: 0.3, seed: 4 }),
  spatialDropout1d: () => layers.spatialDropout1d({ rate: 0.3 }),
  gaussianNoise: () => layers.gaussianNoise({ stddev: 0.5 }),
  gaussianDropout: () => layers.gaussianDropout({ rate: 0.3 }),
  alphaDropout: () => layers.alphaDropout({ rate: 0.3 }),
  simpleRNN: () => layers.simpleRNN({ units: 3, dropout: 0.3, recurrentDropout: 0.3 }),
  gru: () => layers.gru({ units: 3, dropout: 0.3, recurrentDropout: 0.3 }),
  lstm: () => layers.lstm({ units: 3, dropout: 0.3, recurrentDropout: 0.3 }),
};

describe.each(Object.keys(drawing))('the layer %s in a compiled step', (name) => {
  it('draws new numbers for each key, and the same numbers for the same key', async () => {
    const step = await stepOf(name, apply(drawing[name]()));
    const at = async (seed: number, step0: number): Promise<number[]> => [
      ...(await step.run({ x: ones }, { seed, step: step0 })).y,
    ];
    const first = await at(5, 3);
    expect(await at(5, 4)).not.toEqual(first);
    expect(await at(6, 3)).not.toEqual(first);
    expect(await at(5, 3)).toEqual(first);
  });

  it('does nothing outside of training', async () => {
    const step = await stepOf(name, apply(drawing[name](), false));
    const [a, b] = [await step.run({ x: ones }), await step.run({ x: ones }, KEY)];
    expect([...a.y]).toEqual([...b.y]);
  });
});

describe('random numbers in a compiled step', () => {
  const values = async (compute: (x: tf.Tensor) => tf.Tensor): Promise<Float32Array> =>
    (await (await stepOf('drawn', compute)).run({ x: ones }, KEY)).y;
  const moments = (y: Float32Array): [mean: number, variance: number] => {
    const mean = y.reduce((a, b) => a + b) / y.length;
    return [mean, y.reduce((a, b) => a + (b - mean) ** 2, 0) / y.length];
  };

  it('for dropout keep 1 - rate of the inputs, and preserve their mean', async () => {
    const y = await values(apply(layers.dropout({ rate: 0.3 })));
    expect(new Set(y)).toEqual(new Set([0, Math.fround(1 / Math.fround(0.7))]));
    expect(moments(y)[0]).toBeCloseTo(1, 1);
  });

  it('for spatial dropout drop whole channels of a sequence', async () => {
    const y = await values(apply(layers.spatialDropout1d({ rate: 0.5 })));
    for (let n = 0; n < 64; n++)
      for (let c = 0; c < 8; c++)
        expect(new Set(Array.from({ length: 10 }, (_, t) => y[(n * 10 + t) * 8 + c])).size).toBe(1);
  });

  it('for noise layers have the requested mean and variance', async () => {
    const [mean, variance] = moments(await values(apply(layers.gaussianNoise({ stddev: 0.5 }))));
    expect(mean).toBeCloseTo(1, 1);
    expect(variance).toBeCloseTo(0.25, 1);
    const [, dropped] = moments(await values(apply(layers.gaussianDropout({ rate: 0.2 }))));
    expect(dropped).toBeCloseTo(0.25, 1);
  });

  it('depend only on the key', async () => {
    const expected = new Float32Array(SHAPE.reduce((a, b) => a * b));
    fillNoise(expected, 'normal', 'drawn', 0, KEY);
    expect(await values(() => users.randomNormal(SHAPE))).toEqual(expected);
    fillNoise(expected, 'truncatedNormal', 'drawn', 0, KEY);
    expect(await values(() => users.truncatedNormal(SHAPE))).toEqual(expected);
    expect(Math.max(...expected.map(Math.abs))).toBeLessThanOrEqual(2);
  });

  it('are independent for each draw', async () => {
    const y = await values(() => users.sub(users.randomUniform(SHAPE), users.randomUniform(SHAPE)));
    expect(moments(y)[1]).toBeCloseTo(1 / 6, 1);
  });

  it('are also drawn for integers and dropout called by user code', async () => {
    const y = await values(() => users.cast(users.randomUniformInt(SHAPE, 2, 5), 'float32'));
    expect(new Set(y)).toEqual(new Set([2, 3, 4]));
    expect(new Set(await values((x) => users.dropout(x, 0.5)))).toEqual(new Set([0, 2]));
  });
});

it('requires a key if the step draws random numbers', async () => {
  const step = await stepOf('keyless', apply(layers.dropout({ rate: 0.3 })));
  await expect(step.run({ x: ones })).rejects.toThrow('Step "keyless" draws random numbers and needs a key');
});

it('leaves layers and operations outside of a step unchanged', () => {
  const x = tf.ones([100]);
  const y = layers.dropout({ rate: 0.5 }).apply(x, { training: true }) as tf.Tensor;
  expect(new Set(y.dataSync())).toEqual(new Set([0, 2]));
  expect(users.randomNormal([3], 0, 1, 'float32', 7).dataSync()).toEqual(
    tf.randomNormal([3], 0, 1, 'float32', 7).dataSync(),
  );
});
