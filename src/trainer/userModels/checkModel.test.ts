// What is wrong with a model is said before training, by the name of its layer.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import {
  constraints,
  layers,
  model as modelOf,
  regularizers,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { failedLayer } from '../../engine/graph/node';
import { openOnnxEngine } from '../../engine/onnx/engine';
import '../../engine/tfjs';
import { checkModel } from './checkModel';

beforeAll(() => void openOnnxEngine({ threads: 1 }));

type Layer = LayersModel['layers'][number];
const spec = { role: 'generator', input: [2], output: [2], seed: 1 } as const;

/** Checks the model that `build` returns, whose variables are those that it makes. */
function checked(build: () => LayersModel, of: Parameters<typeof checkModel>[1] = spec) {
  const known = new Set<Variable>(Object.values(tf.engine().registeredVariables));
  const notices: string[] = [];
  const model = build();
  const refusal = checkModel(model, of, known, (message) => notices.push(message));
  return { model, refusal, notices };
}

/** A layer of a user's class; `make` is called when it is created, and returns its call. */
function own(make: (layer: Layer) => (x: Tensor, training: boolean) => unknown, name = 'mine'): Layer {
  class Own extends layers.Layer {
    static readonly className = 'Own';
    private readonly compute = make(this);
    override call(x: Tensor | Tensor[], { training }: { training?: boolean }) {
      return this.compute([x].flat()[0], training === true) as Tensor;
    }
  }
  return new Own({ name });
}

const regularizer = (apply: (w: Tensor) => Tensor) => Object.assign(regularizers.l2({ l2: 1 }), { apply });
const dense = (options: object = {}) => layers.dense({ units: 2, ...options });
const chain = (...inner: Layer[]) => sequential({ layers: [layers.dense({ units: 2, inputShape: [2] }), ...inner] });
const input = (shape: number[]): SymbolicTensor =>
  layers.inputLayer({ inputShape: shape }).inboundNodes[0].outputTensors[0];

describe('is trained:', () => {
  it.each<[string, () => LayersModel]>([
    ['a chain', () => chain(dense())],
    ['a model in a model', () => chain(chain(dense()) as unknown as Layer)],
    [
      'wrapped recurrent layers',
      () =>
        chain(
          layers.reshape({ targetShape: [2, 1] }),
          layers.bidirectional({ layer: layers.gru({ units: 1 }) as never, mergeMode: 'concat' }),
        ),
    ],
    ['some layers frozen', () => chain(dense({ trainable: false }))],
    ['batch normalization and dropout', () => chain(layers.batchNormalization(), layers.dropout({ rate: 0.5 }))],
    [
      'a constant in a variable',
      () =>
        chain(
          own(() =>
            (
              (blur) => (x) =>
                tf.mul(x, blur)
            )(tf.variable(tf.scalar(2), false)),
          ),
        ),
    ],
    ['a variable that is not used, of an optimizer', () => (tf.train.adam(0.1), tf.variable(tf.scalar(1)), chain())],
  ])('%s', (_, build) => {
    const { refusal, notices, model } = checked(build);
    expect([refusal, notices]).toEqual([null, []]);
    expect(model.trainableWeights.length).toBeGreaterThan(0);
  });

  it('a model that is frozen as a whole, with a notice', () => {
    const { refusal, notices, model } = checked(() => {
      const frozen = chain(dense({ trainable: false }), dense());
      frozen.trainable = false;
      return frozen;
    });
    expect(refusal).toBeNull();
    expect(notices).toEqual([expect.stringContaining('has trainable = false, which has no effect')]);
    // A layer that is frozen by itself stays so.
    expect(model.trainableWeights).toHaveLength(4);
  });

  it('without a change of its variables', () => {
    const { model } = checked(() => chain(layers.batchNormalization()));
    const build = () => model;
    const before = model.getWeights().map((w) => [...w.dataSync()]);
    expect(checked(build).refusal).toBeNull();
    expect(model.getWeights().map((w) => [...w.dataSync()])).toEqual(before);
  });
});

describe('is refused:', () => {
  const inner = () =>
    own(() =>
      (
        (hidden) => (x) =>
          hidden.apply(x)
      )(dense({ name: 'hidden' })),
    );
  it.each<[string, () => LayersModel, RegExp]>([
    ['a model without layers', () => sequential(), /^The \w+ has no layers\. Add layers/],
    [
      'a variable of a layer',
      () =>
        chain(
          own(() =>
            (
              (scale) => (x) =>
                tf.mul(x, scale)
            )(tf.variable(tf.scalar(1))),
          ),
        ),
      /^Layer "mine" has a tf\.variable of its own, of shape \[\]: .* neither trained nor saved\. Create it in build\(\) of the layer with this\.addWeight\(name, \[\], 'float32', initializer\)/,
    ],
    [
      'a variable of the module, in a network of nothing else',
      () =>
        ((w) =>
          sequential({
            layers: [
              layers.activation({ activation: 'linear', inputShape: [2] }),
              own(() => (x) => tf.matMul(x as never, w)),
            ],
          }))(tf.variable(tf.ones([2, 2]))),
      /^Layer "mine" has a tf\.variable of its own, of shape \[2, 2\]/,
    ],
    [
      'a variable that a layer assigns in training',
      () =>
        chain(
          own(() => {
            const u = tf.variable(tf.scalar(1), false);
            return (x, training) => {
              if (training) u.assign(tf.add(u, 1));
              return tf.div(x, u);
            };
          }),
        ),
      /^Layer "mine" has a tf\.variable .* this\.addWeight\(name, \[\], 'float32', initializer, undefined, false\)/,
    ],
    ['a layer made inside a layer', () => chain(inner()), /^Layer "hidden" is made by another layer for its own use/],
    [
      'the same in a nested model',
      () => chain(chain(inner()) as unknown as Layer),
      /^Layer "hidden" is made by another/,
    ],
    [
      'an async call',
      () => {
        class Later extends layers.Layer {
          static readonly className = 'Later';
          override call = (async (x: Tensor | Tensor[]) => [x].flat()[0]) as never;
        }
        return chain(new Later({ name: 'later' }) as never);
      },
      /^The call\(\) of layer "later" \(Later\) is async\./,
    ],
    [
      'a stateful recurrent layer',
      () =>
        sequential({
          layers: [
            layers.reshape({ targetShape: [2, 1], batchInputShape: [2, 2] } as never),
            layers.lstm({ units: 2, stateful: true, name: 'memory' }),
          ],
        }),
      /^Layer "memory" is stateful: .* Set stateful to false\./,
    ],
    [
      'all layers frozen',
      () => sequential({ layers: [layers.dense({ units: 2, inputShape: [2], trainable: false })] }),
      /^All weights of the generator are frozen/,
    ],
    [
      'no weights',
      () => sequential({ layers: [layers.activation({ activation: 'tanh', inputShape: [2] })] }),
      /^The generator has no weights/,
    ],
    [
      'a kernel larger than its input',
      () =>
        chain(
          layers.reshape({ targetShape: [2, 1, 1] }),
          layers.conv2d({ filters: 3, kernelSize: 2, name: 'wide' }),
          layers.flatten(),
          dense(),
        ),
      /^The output of layer "wide" is empty: \[1, 0, 3\] per sample, from \[2, 1, 1\]\. Its kernel or pool is larger/,
    ],
    [
      'a kernel of no size',
      () =>
        chain(
          layers.reshape({ targetShape: [2, 1, 1] }),
          layers.conv2d({ filters: 3, kernelSize: 0, name: 'none' }),
          layers.flatten(),
          dense(),
        ),
      /^Weight "kernel" of layer "none" has the shape \[0, 0, 1, 3\], which has no values\. Set the sizes of the layer/,
    ],
    [
      'a transposed convolution with dilation',
      () =>
        chain(
          layers.reshape({ targetShape: [2, 1, 1] }),
          layers.conv2dTranspose({ filters: 3, kernelSize: 2, dilationRate: [1, 2], name: 'up' }),
          layers.flatten(),
          dense(),
        ),
      /^Layer "up" has dilationRate \[1, 2\], which TensorFlow\.js ignores in transposed convolutions\. Set it to 1\./,
    ],
    [
      'a rate in percent',
      () => chain(layers.dropout({ rate: 50, name: 'half' }), dense()),
      /^The rate of layer "half" is 1, at which TensorFlow\.js drops nothing\. Set it to the fraction to drop, below 1\./,
    ],
    [
      'two layers of one name',
      () => chain(dense({ name: 'same' }), dense({ name: 'same' })),
      /^Two layers of the model are named "same"\. Give each layer its own name, or none\./,
    ],
    [
      'two layers of one name in different nested models',
      () => chain(chain(dense({ name: 'fc' })) as never, chain(dense({ name: 'fc' })) as never),
      /^Two weights of the model are named "fc\/kernel"/,
    ],
    [
      'an integer weight that is trainable',
      () =>
        chain(
          own(
            (layer) => (
              (layer as unknown as { addWeight(...args: unknown[]): void }).addWeight('n', [1], 'int32', {
                apply: (s: number[]) => tf.zeros(s, 'int32'),
              } as never),
              (x) => x
            ),
          ),
        ),
      /^Weight "n" of layer "mine" is int32 and trainable/,
    ],
    [
      'a loss that is added at each call',
      () =>
        chain(
          own((layer) => (x) => {
            layer.addLoss(() => tf.scalar(1));
            return x;
          }),
        ),
      /^Layer "mine" calls addLoss in call\(\)\./,
    ],
    [
      'a regularizer that fails',
      () =>
        chain(
          dense({
            name: 'fc',
            kernelRegularizer: regularizer(() => {
              throw new Error('no luck');
            }),
          }),
        ),
      /^A regularizer or loss of layer "fc" fails: no luck/,
    ],
    [
      'a regularizer of another shape',
      () => chain(dense({ name: 'fc', kernelRegularizer: regularizer((w) => tf.square(w)) })),
      /^A regularizer or loss of layer "fc" fails: it returns shape \[2, 2\] instead of \[\]\./,
    ],
    [
      'a constraint of another shape',
      () =>
        chain(
          dense({
            name: 'fc',
            kernelConstraint: Object.assign(constraints.nonNeg(), { apply: (w: Tensor) => tf.sum(w) }),
          }),
        ),
      /^The constraint of weight "kernel" of layer "fc" fails: it returns shape \[\] instead of \[2, 2\]\./,
    ],
    [
      'a label as a second input',
      () => {
        const [z, label] = [input([2]), input([1])];
        const both = layers.concatenate().apply([z, label]) as SymbolicTensor;
        return modelOf({ inputs: [z, label], outputs: dense().apply(both) as SymbolicTensor });
      },
      /^The generator takes \[2\] and \[1\] per sample\. Labels are not supported yet: .* Build it from the latent vector \[2\] alone: remove the other input/,
    ],
    [
      'a class as a second output',
      () => {
        const x = input([2]);
        return modelOf({ inputs: x, outputs: [dense().apply(x), dense({ units: 10 }).apply(x)] as SymbolicTensor[] });
      },
      /^The generator returns \[2\] and \[10\] per sample\. Labels are not supported yet/,
    ],
    [
      'another input',
      () => sequential({ layers: [layers.dense({ units: 2, inputShape: [5] })] }),
      /^The generator takes \[5\] per sample; it must take \[2\]/,
    ],
    [
      'another output',
      () => chain(dense({ units: 3 })),
      /^The generator returns \[3\] per sample; it must return \[2\]/,
    ],
    [
      'another output than declared',
      () => chain(own(() => (x) => tf.sum(x, -1))),
      /^The generator returns \[2\] for two samples instead of \[2, 2\]/,
    ],
  ])('%s', (_, build, message) => {
    expect(checked(build).refusal?.message).toMatch(message);
  });

  it('a critic with two heads, naming what to remove', () => {
    const { refusal } = checked(
      () => {
        const x = input([2]);
        const heads = [dense({ units: 1 }).apply(x), dense({ units: 10 }).apply(x)] as SymbolicTensor[];
        return modelOf({ inputs: x, outputs: heads });
      },
      { role: 'critic', input: [2], output: [1], seed: 1 },
    );
    expect(refusal).toEqual({
      code: 'model-labels',
      message:
        'The critic returns [1] and [10] per sample. Labels are not supported yet: Earthmover trains a generator of latent vectors alone, and a critic with one score. Return only the score, without a sigmoid: remove the other outputs, such as a class, from the model.',
    });
  });
});

it('an error in a layer is rethrown, and known by its layer', () => {
  const build = () => chain(own(() => (x) => tf.matMul(x as never, tf.ones([5, 2])), 'misfit'));
  let thrown: unknown;
  try {
    checked(build);
  } catch (error) {
    thrown = error;
  }
  expect((thrown as Error).message).toContain('[5,2]');
  expect(failedLayer(thrown)).toBe('misfit');
});
