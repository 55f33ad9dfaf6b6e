// Where a model's random numbers come from while a step is recorded: they are inputs of the step, filled anew at each run by
// a key, so that a run that is resumed draws what it would have drawn.
import type { Tensor } from '@tensorflow/tfjs-core';
import { fillNormal, fillUniform, generator, type Key } from '../../math/random';
import type { Shape } from '../graph/shapes';

/** Of [0, 1), N(0, 1), and N(0, 1) within two deviations. */
export type Distribution = 'uniform' | 'normal' | 'truncatedNormal';

/** One draw of a step: the n-th draw is the same one in each recording of it. */
export interface Draw {
  readonly distribution: Distribution;
  readonly shape: Shape;
}

/** Gives the tensor that stands for a draw. */
export type NoiseSource = (draw: Draw) => Tensor;

/** What the numbers of one run of a step depend on, beside the step's name and the number of the draw. */
export type NoiseKey = Omit<Key, 'stream'>;

let present: NoiseSource | null = null;

/** Runs `f`, whose draws come from `source`. */
export function withNoiseSource<T>(source: NoiseSource, f: () => T): T {
  const outer = present;
  present = source;
  try {
    return f();
  } finally {
    present = outer;
  }
}

/** The tensor of a draw; null where nothing is recorded, and whoever asks draws as ever. */
export const drawNoise = (distribution: Distribution, shape: Shape): Tensor | null =>
  present === null ? null : present({ distribution, shape });

/** Fills `out` with the `n`-th draw of step `name`. */
export function fillNoise(out: Float32Array, distribution: Distribution, name: string, n: number, key: NoiseKey): void {
  const whole = { ...key, stream: `noise/${name}/${n}` };
  if (distribution === 'uniform') fillUniform(out, whole);
  else if (distribution === 'normal') fillNormal(out, whole);
  else fillTruncated(out, whole);
}

/** Box and Muller's transform, drawn again until it is within two deviations. */
function fillTruncated(out: Float32Array, key: Key): void {
  const next = generator(key);
  for (let i = 0; i < out.length; i++) {
    do out[i] = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    while (Math.abs(out[i]) > 2);
  }
}
