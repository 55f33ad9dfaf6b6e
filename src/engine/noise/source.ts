// Random numbers of a model while a step is recorded: they become inputs of the step, generated from a key at each run,
// so that a resumed run draws the same numbers as an uninterrupted one.
import type { Tensor } from '@tensorflow/tfjs-core';
import { fillNormal, fillUniform, generator, type Key } from '../../math/random';
import type { Shape } from '../graph/shapes';

/** On [0, 1), N(0, 1), and N(0, 1) truncated to two standard deviations. */
export type Distribution = 'uniform' | 'normal' | 'truncatedNormal';

/** One draw of a step. The order of the draws is the same in each recording of the step. */
export interface Draw {
  readonly distribution: Distribution;
  readonly shape: Shape;
}

/** Returns the tensor of a draw. */
export type NoiseSource = (draw: Draw) => Tensor;

/** What the numbers of one run depend on, in addition to the name of the step and the index of the draw. */
export type NoiseKey = Omit<Key, 'stream'>;

let current: NoiseSource | null = null;

/** Runs `f` with `source` for its random numbers. */
export function withNoiseSource<T>(source: NoiseSource, f: () => T): T {
  const outer = current;
  current = source;
  try {
    return f();
  } finally {
    current = outer;
  }
}

/** The tensor of a draw; null if no step is being recorded, and the caller draws as usual. */
export const drawNoise = (distribution: Distribution, shape: Shape): Tensor | null =>
  current === null ? null : current({ distribution, shape });

/** Fills `out` with draw number `n` of step `name`. */
export function fillNoise(out: Float32Array, distribution: Distribution, name: string, n: number, key: NoiseKey): void {
  const streamKey = { ...key, stream: `noise/${name}/${n}` };
  if (distribution === 'uniform') fillUniform(out, streamKey);
  else if (distribution === 'normal') fillNormal(out, streamKey);
  else fillTruncated(out, streamKey);
}

/** Box-Muller transform, redrawn until it is within two standard deviations. */
function fillTruncated(out: Float32Array, key: Key): void {
  const next = generator(key);
  for (let i = 0; i < out.length; i++) {
    do out[i] = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    while (Math.abs(out[i]) > 2);
  }
}
