// Initial weights, drawn from the experiment's seed, so that they are the same in every process.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers, LayersModel } from '@tensorflow/tfjs-layers';
import { fillNormal, fillUniform, type Key } from '../math/random';
import { sizeOfShape } from '../shared/shape';
import { isTransposed, kernelMatrix } from './kernels';
import { LEAKY_SLOPE, type Activation } from './layers/activations';
import type { NetworkSpec } from './network';

type Initializer = 'he' | 'glorot' | 'normal:0.02';

/** Number of inputs of a unit, and of units that use one input; and the gain of He's formula. */
interface Units {
  readonly fanIn: number;
  readonly fanOut: number;
  readonly gain2: number;
}

const draw: { readonly [I in Initializer]: (out: Float32Array, units: Units, key: Key) => void } = {
  he: (out, { fanIn, gain2 }, key) => fillNormal(out, key, 0, Math.sqrt(gain2 / fanIn)), // N(0, g²/fan_in)
  glorot: (out, { fanIn, fanOut }, key) => {
    const limit = Math.sqrt(6 / (fanIn + fanOut)); // U[−√(6/(fan_in + fan_out)), ...], Glorot, Bengio 2010
    fillUniform(out, key);
    for (let i = 0; i < out.length; i++) out[i] = limit * (2 * out[i] - 1);
  },
  'normal:0.02': (out, _, key) => fillNormal(out, key, 0, 0.02), // N(0, 0.02²), Radford et al. 2016
};

/**
 * g² = 1/E φ(x)² for x ~ N(0, 1), so that layers keep the second moment of their inputs: the argument of He et al. 2015
 * (eq. 10, and eq. 14 for leaky-relu), for every activation. The integrals of the smooth ones are numeric.
 */
const gains: { readonly [A in Activation]: (slope: number) => number } = {
  relu: () => 2,
  'leaky-relu': (slope) => 2 / (1 + slope ** 2),
  tanh: () => 2.536,
  elu: () => 1.551,
  'smooth-elu': () => 1.512,
  swish: () => 2.811,
};

interface InitializerSettings {
  readonly initializer: Initializer;
  /** The activation that follows the kernels. */
  readonly activation: Activation;
  /** That of leaky-relu. */
  readonly slope?: number;
  /** Names of the layers that no activation follows: they use "glorot" instead of "he". */
  readonly linear: readonly string[];
}

/**
 * Draws every kernel of the model; biases and normalizations keep the initial values of their layers (0, and 1 for
 * gains).
 */
export function initializeWeights(
  model: LayersModel,
  { initializer, activation, slope = LEAKY_SLOPE, linear }: InitializerSettings,
  { seed, role }: Pick<NetworkSpec, 'seed' | 'role'>,
): void {
  const kernels = model.layers.flatMap((layer) =>
    layer.weights
      .filter((w) => kernelMatrix(layer, w.originalName.split('/').at(-1)!, w.shape.length) !== null)
      .map(({ name, shape }) => ({ layer, name, shape: shape as number[] })),
  );
  const gain2 = gains[activation](slope);
  const values = new Map<string, Tensor>();
  kernels.forEach(({ layer, name, shape }, i) => {
    const out = new Float32Array(sizeOfShape(shape));
    const kind = initializer === 'he' && linear.includes(layer.name) ? 'glorot' : initializer;
    // The stream name is part of the random key: a different name would give different weights.
    draw[kind](out, { ...fans(layer, shape), gain2 }, { seed, stream: `initialise/${role}`, step: i });
    values.set(name, tf.tensor(out, shape));
  });
  model.setWeights(model.weights.map((w) => values.get(w.name) ?? w.read()));
  tf.dispose([...values.values()]);
}

/**
 * How many inputs an output has and how many outputs an input, as in tflib of the WGAN-GP authors: with strides, a
 * convolution uses each input, and a transposed one for each output, only 1/stride² of the taps. (Keras and PyTorch do
 * not divide by strides, and take the fans of transposed kernels for each other.) Dense [in, out]; convolution
 * [kh, kw, in, out]; transposed [kh, kw, out, in].
 */
function fans(layer: layers.Layer, shape: readonly number[]): Pick<Units, 'fanIn' | 'fanOut'> {
  const [a, b] = shape.slice(-2) as [number, number];
  const taps = sizeOfShape(shape.slice(0, -2));
  const { strides } = layer.getConfig();
  const strided = taps / (Array.isArray(strides) ? sizeOfShape(strides as number[]) : 1);
  return isTransposed(layer) ? { fanIn: strided * b, fanOut: taps * a } : { fanIn: taps * a, fanOut: strided * b };
}
