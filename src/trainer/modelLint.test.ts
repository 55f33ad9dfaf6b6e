// Rules for users' models, which look at what a network computes: through nested models and custom layers.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  initializers,
  layers,
  model as modelOf,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DataSource } from '../data';
import { openOnnxEngine } from '../engine/onnx/engine';
import type { Experiment } from '../experiment';
import { networkOf } from '../gan/network';
import { lintModels } from './modelLint';

beforeAll(() => void openOnnxEngine({ threads: 1 }));

type Layer = LayersModel['layers'][number];

/** A layer of a user's class that computes `f`. */
function own(f: (x: Tensor) => Tensor, name = 'mine'): Layer {
  class Own extends layers.Layer {
    static readonly className = 'Own';
    override call(x: Tensor | Tensor[]) {
      return tf.tidy(() => f([x].flat()[0]));
    }
  }
  return new Own({ name });
}

const dense = (options: object = {}) => layers.dense({ units: 4, ...options });
const last = (options: object = {}) => layers.dense({ units: 1, name: 'last', ...options });
const chain = (...inner: Layer[]) => sequential({ layers: [layers.dense({ units: 4, inputShape: [2] }), ...inner] });

/** The same model as a layer of another one, twice: `model(img, seq(img))`, as Keras code has it. */
function nested(inner: LayersModel): LayersModel {
  const input = layers.inputLayer({ inputShape: [2] }).inboundNodes[0].outputTensors[0];
  const once = modelOf({ inputs: input, outputs: inner.apply(input) as SymbolicTensor });
  return sequential({ layers: [layers.activation({ activation: 'linear', inputShape: [2] }), once] });
}

const penalty = [{ kind: 'gradient-penalty', lambda: 10, target: 1, sides: 'two' }];
const data = {
  shape: [2],
  batch: (_: unknown, out: Float32Array) => void out.fill(3),
} as unknown as DataSource;

function findings(role: 'critic' | 'generator', model: LayersModel, constraint: unknown = penalty) {
  const module = { module: './m.ts', export: role };
  const catalog = { network: 'mlp' };
  const experiment = { generator: catalog, critic: catalog, [role]: module, constraint, batchSize: 4, seed: 1 };
  const network = networkOf(model);
  return lintModels(experiment as unknown as Experiment, { generator: network, critic: network }, data);
}

const codes = (found: ReturnType<typeof findings>) => found.map(({ code, severity }) => `${severity} ${code}`);

const sameEverywhere = (build: () => LayersModel, expected: readonly string[]) => {
  expect(codes(findings('critic', build()))).toEqual(expected);
  expect(codes(findings('critic', nested(build())))).toEqual(expected);
  expect(codes(findings('critic', nested(nested(build()))))).toEqual(expected);
};

describe('the end of a critic', () => {
  it.each<[string, () => Layer[]]>([
    ['a sigmoid of the last layer', () => [last({ activation: 'sigmoid' })]],
    ['an activation layer', () => [last(), layers.activation({ activation: 'tanh' })]],
    ['an activation of several kernels', () => [last({ activation: 'softsign' })]],
    [
      'a sigmoid before a reshape',
      () => [last({ activation: 'sigmoid' }), layers.reshape({ targetShape: [1, 1] }), layers.flatten()],
    ],
    ['a sigmoid in a layer of the user', () => [last(), own((x) => tf.sigmoid(x))]],
    ['a softmax', () => [last(), layers.softmax()]],
    ['a ReLU, which has no gradient for negative scores', () => [last({ activation: 'relu' })]],
    ['a softplus', () => [last(), layers.activation({ activation: 'softplus' })]],
  ])('must be raw: %s', (_, end) => {
    sameEverywhere(() => chain(...end()), ['error critic-end']);
  });

  it.each<[string, () => Layer[]]>([
    ['a linear layer', () => [last()]],
    ['a linear layer after a sigmoid', () => [dense({ activation: 'sigmoid' }), last()]],
    ['a layer of the user that scales', () => [last(), own((x) => tf.mul(x, 3))]],
    ['a mean of features', () => [dense({ activation: 'relu' }), own((x) => tf.mean(x, -1, true))]],
  ])('may be %s', (_, end) => {
    sameEverywhere(() => chain(...end()), []);
  });

  it('is named by its layer', () => {
    const [{ message }] = findings('critic', nested(chain(last({ activation: 'sigmoid' }))));
    expect(message).toBe(
      'The critic ends in sigmoid (layer "last"); every objective needs its raw output, so remove that activation.',
    );
  });
});

describe('under spectral normalization', () => {
  /** A layer of the user with a weight [4, 4] of this name. */
  const weighted = (weight: string): Layer => {
    class Weighted extends layers.Layer {
      static readonly className = 'Weighted';
      private w!: ReturnType<layers.Layer['addWeight']>;
      override build(shape: (number | null)[]) {
        this.w = this.addWeight(weight, [4, 4], 'float32', initializers.identity({}));
        super.build(shape);
      }
      override call(x: Tensor | Tensor[]) {
        return tf.matMul([x].flat()[0]!, this.w.read());
      }
    }
    return new Weighted({ name: 'mine' });
  };
  const spectral = [{ kind: 'spectral-norm', iterations: 1 }];

  it('a weight of a layer of the user that is not named as a kernel is a warning', () => {
    for (const build of [() => chain(weighted('w'), last()), () => nested(chain(weighted('w'), last()))]) {
      const found = findings('critic', build(), spectral);
      expect(codes(found)).toEqual(['warning spectral-norm-kernel']);
      expect(found[0]!.message).toContain('Layer "mine" of the critic has the weight "w" [4, 4]');
    }
    expect(codes(findings('critic', chain(weighted('kernel'), last()), spectral))).toEqual([]);
    expect(codes(findings('critic', chain(layers.prelu(), dense(), last()), spectral))).toEqual([]);
    expect(codes(findings('critic', chain(weighted('w'), last()), []))).toEqual([]);
  });
});

describe('under a gradient penalty', () => {
  it('batch normalization is an error wherever it is', () => {
    sameEverywhere(() => chain(layers.batchNormalization(), last()), ['error batch-norm-under-penalty']);
  });

  it('statistics over the batch in a layer of the user are a warning, those over a sample are fine', () => {
    const normalized = (axis: number) => (x: Tensor) => {
      const { mean, variance } = tf.moments(x, axis, true);
      return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3)));
    };
    sameEverywhere(() => chain(own(normalized(0)), dense(), last()), ['warning batch-norm-under-penalty']);
    sameEverywhere(() => chain(own(normalized(1)), dense(), last()), []);
    sameEverywhere(() => chain(layers.layerNormalization(), layers.dropout({ rate: 0.5 }), last()), []);
  });

  it.each<[string, () => Layer]>([
    ['of a layer', () => dense({ activation: 'elu' })],
    ['as a layer', () => layers.elu()],
    ['selu', () => dense({ activation: 'selu' })],
    ['in a layer of the user', () => own((x) => tf.elu(x))],
  ])('elu is a warning: %s', (_, layer) => {
    sameEverywhere(() => chain(layer(), last()), ['warning elu-under-penalty']);
  });

  it('without a penalty all of these are fine', () => {
    const model = nested(chain(layers.batchNormalization(), layers.elu(), last()));
    expect(findings('critic', model, [])).toEqual([]);
  });
});

it('a generator is warned that it cannot reach the data', () => {
  const tanh = (...end: Layer[]) => nested(chain(layers.dense({ units: 2, name: 'out', activation: 'tanh' }), ...end));
  expect(findings('generator', tanh()).map(({ message }) => message)).toEqual([
    'The generator ends in tanh (layer "out"), which outputs values from -1 to 1, but 100% of the data is outside that range (3.00 to 3.00). Use a linear output layer, or rescale the data.',
  ]);
  expect(findings('generator', tanh(own((x) => tf.mul(x, 4), 'scale')))).toEqual([]);
});

it('leaves the model as it was', () => {
  const model = chain(layers.batchNormalization(), last());
  const before = model.getWeights().map((w) => [...w.dataSync()]);
  findings('critic', model);
  expect(model.getWeights().map((w) => [...w.dataSync()])).toEqual(before);
});
