// The random numbers of a step as inputs of its graph: found while it is recorded, filled at each run.
import * as tf from '@tensorflow/tfjs-core';
import type { Arrays } from '../engine';
import type { Node } from '../graph/node';
import { sameShape, sizeOf, type Shape } from '../graph/shapes';
import { fillNoise, withNoiseSource, type Draw, type NoiseKey } from '../noise/source';
import type { GraphBackend } from './graphBackend';

export interface NoiseInputs {
  /** Runs `f`; its n-th draw becomes the n-th input, in every recording. */
  record<T>(f: () => T): T;
  readonly nodes: ReadonlyMap<string, Node>;
  readonly shapes: Readonly<Record<string, Shape>>;
  /** The numbers of one run, in arrays that the next run overwrites. */
  fill(key: NoiseKey | undefined): Arrays;
  dispose(): void;
}

export function noiseInputs(backend: GraphBackend, step: string): NoiseInputs {
  const inputs: { draw: Draw; symbol: tf.Tensor; values: Float32Array }[] = [];
  const nameOf = (n: number): string => `noise/${n}`;
  const source = (n: number, draw: Draw): tf.Tensor => {
    const { distribution, shape } = draw;
    const known = inputs[n]?.draw;
    if (known?.distribution !== distribution || !sameShape(known.shape, shape)) {
      const symbol = tf.keep(backend.placeholder(nameOf(n), shape, 'float32'));
      inputs[n] = { draw, symbol, values: new Float32Array(sizeOf(shape)) };
    }
    // A clone, since the layer may dispose it.
    return tf.clone(inputs[n].symbol);
  };
  return {
    record: (f) => {
      let n = 0;
      return withNoiseSource((draw) => source(n++, draw), f);
    },
    get nodes() {
      return new Map(inputs.map(({ symbol }, n) => [nameOf(n), backend.node(symbol)]));
    },
    get shapes() {
      return Object.fromEntries(inputs.map(({ draw }, n) => [nameOf(n), draw.shape]));
    },
    fill: (key) => {
      if (inputs.length > 0 && !key) throw new Error(`Step "${step}" draws random numbers and needs a key`);
      inputs.forEach(({ draw, values }, n) => fillNoise(values, draw.distribution, step, n, key!));
      return Object.fromEntries(inputs.map(({ values }, n) => [nameOf(n), values]));
    },
    dispose: () => tf.dispose(inputs.map(({ symbol }) => symbol)),
  };
}
