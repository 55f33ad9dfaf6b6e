// Initial weights, drawn from the experiment's seed, so that they are the same in every process.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers, LayersModel } from '@tensorflow/tfjs-layers';
import type { Role } from '../catalog';
import { fillNormal, fillUniform, type Key } from '../math/random';
import { sizeOfShape } from '../shared/shape';

type Initializer = 'he' | 'glorot' | 'normal:0.02';

/** Number of inputs and outputs of a unit. */
interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

const draw: { readonly [I in Initializer]: (out: Float32Array, fans: Fans, key: Key) => void } = {
  he: (out, { fanIn }, key) => fillNormal(out, key, 0, Math.sqrt(2 / fanIn)), // N(0, 2/fan_in), He et al. 2015
  glorot: (out, { fanIn, fanOut }, key) => {
    const limit = Math.sqrt(6 / (fanIn + fanOut)); // U[−√(6/(fan_in + fan_out)), ...], Glorot, Bengio 2010
    fillUniform(out, key);
    for (let i = 0; i < out.length; i++) out[i] = limit * (2 * out[i] - 1);
  },
  'normal:0.02': (out, _, key) => fillNormal(out, key, 0, 0.02), // N(0, 0.02²), Radford et al. 2016
};

/**
 * Draws every kernel of the model; biases and normalizations keep the initial values of their layers (0, and 1 for
 * gains). Layers in `linear` are not followed by an activation that would halve the variance, so they use "glorot"
 * instead of "he".
 */
export function initializeWeights(
  model: LayersModel,
  initializer: Initializer,
  seed: number,
  role: Role,
  linear: readonly string[] = [],
): void {
  const kernels = model.layers.flatMap((layer) =>
    layer.weights
      .filter((w) => w.shape.length > 1)
      .map(({ name, shape }) => ({ layer, name, shape: shape as number[] })),
  );
  const values = new Map<string, Tensor>();
  kernels.forEach(({ layer, name, shape }, i) => {
    const out = new Float32Array(sizeOfShape(shape));
    const kind = initializer === 'he' && linear.includes(layer.name) ? 'glorot' : initializer;
    // The stream name is part of the random key: a different name would give different weights.
    draw[kind](out, fans(layer, shape), { seed, stream: `initialise/${role}`, step: i });
    values.set(name, tf.tensor(out, shape));
  });
  model.setWeights(model.weights.map((w) => values.get(w.name) ?? w.read()));
  tf.dispose([...values.values()]);
}

/**
 * Dense [in, out]; convolution [kh, kw, in, out]; transposed [kh, kw, out, in], of whose taps each output uses
 * 1/stride².
 */
function fans(layer: layers.Layer, shape: readonly number[]): Fans {
  if (shape.length === 2) return { fanIn: shape[0], fanOut: shape[1] };
  const [kh, kw, a, b] = shape;
  if (layer.getClassName() !== 'Conv2DTranspose') return { fanIn: kh * kw * a, fanOut: kh * kw * b };
  const [stride] = layer.getConfig().strides as number[];
  return { fanIn: (kh * kw * b) / stride ** 2, fanOut: kh * kw * a };
}
