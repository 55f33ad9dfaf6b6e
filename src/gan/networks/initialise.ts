// First weights, drawn from the experiment's seed so that they are the same in every process.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Role } from '../../catalog';
import { fillNormal, fillUniform, type Key } from '../../math/random';

export type Initialiser = 'he' | 'glorot' | 'normal';

/** Inputs and outputs of one unit of a kernel. */
interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

const draw: { readonly [I in Initialiser]: (out: Float32Array, fans: Fans, key: Key) => void } = {
  he: (out, { fanIn }, key) => fillNormal(out, key, 0, Math.sqrt(2 / fanIn)), // N(0, 2/fan_in), He et al. 2015
  glorot: (out, { fanIn, fanOut }, key) => {
    const limit = Math.sqrt(6 / (fanIn + fanOut)); // U[−√(6/(fan_in + fan_out)), ...], Glorot, Bengio 2010
    fillUniform(out, key);
    for (let i = 0; i < out.length; i++) out[i] = limit * (2 * out[i] - 1);
  },
  normal: (out, _, key) => fillNormal(out, key, 0, 0.02), // N(0, 0.02²), Radford et al. 2016
};

/**
 * Gives every kernel of the model its first values; biases and norms keep what their layers say (0, and 1 for a gain). The
 * last kernel, which no activation follows that would halve its variance, takes `last`.
 */
export function initialise(
  model: LayersModel,
  initialiser: Initialiser,
  seed: number,
  role: Role,
  last = initialiser,
): void {
  const kernels = model.weights.filter((w) => w.shape.length > 1);
  const values = new Map<string, Tensor>();
  kernels.forEach(({ shape, name }, i) => {
    const dims = shape as number[];
    const out = new Float32Array(dims.reduce((a, b) => a * b, 1));
    const kind = i === kernels.length - 1 ? last : initialiser;
    draw[kind](out, fans(dims, strideOf(model, name)), { seed, stream: `initialise/${role}`, step: i });
    values.set(name, tf.tensor(out, dims));
  });
  model.setWeights(model.weights.map((w) => values.get(w.name) ?? w.read()));
  tf.dispose([...values.values()]);
}

/** Dense [in, out]; convolution [kh, kw, in, out]; transposed [kh, kw, out, in], where each output sees 1/stride² of the taps. */
function fans(shape: readonly number[], transposedStride: number | null): Fans {
  if (shape.length === 2) return { fanIn: shape[0], fanOut: shape[1] };
  const [kh, kw, a, b] = shape;
  if (transposedStride === null) return { fanIn: kh * kw * a, fanOut: kh * kw * b };
  return { fanIn: (kh * kw * b) / transposedStride ** 2, fanOut: kh * kw * a };
}

function strideOf(model: LayersModel, weight: string): number | null {
  const layer = model.layers.find((l) => l.weights.some((w) => w.name === weight));
  if (layer?.getClassName() !== 'Conv2DTranspose') return null;
  return (layer.getConfig().strides as number[])[0];
}
