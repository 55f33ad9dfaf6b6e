// PyTorch's results for the systems of ganSystems.ts and the kernels below, as `npm run peers -- --write` stores them.
import { readFileSync } from 'node:fs';

/** How a tensor was moved by training, in short: the length of the move, and a few of its numbers. */
interface Move {
  readonly norm: number;
  readonly some: readonly number[];
}

/** The results of training one system, in float64. */
export interface StoredOutcome {
  /** As in `trained`. */
  readonly losses: readonly number[];
  readonly generator: readonly Move[];
  readonly critic: readonly Move[];
}

export interface PytorchFixtures {
  readonly version: string;
  readonly systems: Readonly<Record<string, StoredOutcome>>;
  /** The largest singular values of `kernels`, by which PyTorch's spectral_norm divides. */
  readonly sigmas: Readonly<Record<string, number>>;
}

export const fixturesFile = 'test/fixtures/reference/pytorch.json';

export const readFixtures = (): PytorchFixtures => JSON.parse(readFileSync(fixturesFile, 'utf8')) as PytorchFixtures;

/** Kernels by the class of their layer and a name; see `kernelValues`. */
export const kernels: Readonly<Record<string, { readonly layer: string; readonly shape: readonly number[] }>> = {
  dense: { layer: 'Dense', shape: [5, 4] },
  'convolution of signals': { layer: 'Conv1D', shape: [3, 2, 4] },
  convolution: { layer: 'Conv2D', shape: [3, 2, 3, 4] },
  'convolution of volumes': { layer: 'Conv3D', shape: [2, 2, 2, 2, 3] },
  'transposed convolution': { layer: 'Conv2DTranspose', shape: [3, 2, 4, 3] },
  'transposed convolution of volumes': { layer: 'Conv3DTranspose', shape: [2, 2, 2, 3, 2] },
  'depthwise convolution': { layer: 'DepthwiseConv2D', shape: [3, 2, 3, 2] },
  embedding: { layer: 'Embedding', shape: [6, 3] },
};

/** Numbers without the regularity that would make singular values equal. */
export const kernelValues = (shape: readonly number[]): number[] =>
  Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(1.7 * i + 0.1 * i * i));

const SOME = 12;

/** Moves from `start` of every parameter of a network, in the reference's order. */
export const movesOf = (start: readonly ArrayLike<number>[], end: readonly ArrayLike<number>[]): Float64Array[] =>
  start.map((before, k) => Float64Array.from(before, (w, i) => end[k]![i]! - w));

/** Every n-th number of a tensor, at most twelve. */
export function shorten(move: Float64Array): Move {
  const every = Math.ceil(move.length / SOME);
  return { norm: Math.hypot(...move), some: [...move.filter((_, i) => i % every === 0)] };
}
