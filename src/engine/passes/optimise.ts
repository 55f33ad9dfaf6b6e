// The passes in their order, each of which can be switched off: the result is the same, only slower.
import { make, type Node } from '../graph/node';
import { fuseSums } from './fuse';
import { interning } from './intern';
import { layingOut } from './layout';
import { lower } from './lower';
import { rewrite, type Make } from './rewrite';
import { simplifying } from './simplify';
import { stackProducts } from './stack';
import { inStages } from './stages';
import { sumsAsProducts } from './sums';
import { joinUpdates } from './updates';

export interface Passes {
  /** Constant folding and zero propagation. */
  readonly simplify: boolean;
  /** Common subexpressions once. */
  readonly share: boolean;
  /** Reshapes and transposes to where they cost nothing. */
  readonly layout: boolean;
  /** Convolutions as Gather and Gemm. */
  readonly gather: boolean;
  /** Convolutions of kernel 4 and stride 2 by Winograd's products. */
  readonly winograd: boolean;
  /** Sums over the first axes as products with ones. */
  readonly sums: boolean;
  /** What is done to several batches with the same weights, at once. */
  readonly stack: boolean;
  /** Biases and other summands into the Gemm. */
  readonly fuse: boolean;
  /** What is done to many small variables at once. */
  readonly updates: boolean;
}

/** In the order in which each builds on those before. */
export const passNames = [
  'simplify',
  'share',
  'layout',
  'gather',
  'winograd',
  'sums',
  'stack',
  'fuse',
  'updates',
] as const satisfies readonly (keyof Passes)[];

export const ALL_PASSES: Passes = {
  simplify: true,
  share: true,
  layout: true,
  gather: true,
  winograd: true,
  sums: true,
  stack: true,
  fuse: true,
  updates: true,
};
export const NO_PASSES: Passes = {
  simplify: false,
  share: false,
  layout: false,
  gather: false,
  winograd: false,
  sums: false,
  stack: false,
  fuse: false,
  updates: false,
};

export function optimise(outputs: readonly Node[], passes: Passes): Node[] {
  const shared = passes.share ? interning() : make;
  const build: Make = (op, inputs, attributes) => whole(op, inputs, attributes);
  const laidOut = passes.layout ? layingOut(shared, build) : shared;
  const whole = passes.simplify ? simplifying(laidOut) : laidOut;
  const tidy = (nodes: readonly Node[]): Node[] => rewrite(nodes, () => undefined, build);
  const lowered = tidy(lower(tidy(outputs), passes, build));
  const summed = passes.sums ? sumsAsProducts(lowered, build) : lowered;
  const stacked = passes.stack ? stackProducts(summed, build) : summed;
  const fused = passes.fuse ? fuseSums(stacked, build) : stacked;
  return inStages(passes.updates ? joinUpdates(fused, build) : fused);
}
