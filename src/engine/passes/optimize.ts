// The passes in their order, each of which can be switched off: the result is the same, only slower.
import { make, type Node } from '../graph/node';
import { fuseGemmSums } from './gemmSumFusion';
import { deduplicating } from './commonSubexpressions';
import { propagatingLayout } from './layout';
import { lower } from './lower';
import { rewrite, type Make } from './rewrite';
import { foldingConstants } from './constantFolding';
import { fuseBatches } from './batchFusion';
import { stageReductions } from './stagedReductions';
import { reductionsAsGemm } from './reductionAsGemm';
import { fuseOptimizerUpdates } from './fuseOptimizerUpdates';

export interface Passes {
  /** Constant folding and zero propagation. */
  readonly constantFolding: boolean;
  /** Common subexpressions once. */
  readonly commonSubexpressions: boolean;
  /** Reshapes and transposes to where they cost nothing. */
  readonly layout: boolean;
  /** Convolutions as Gather and Gemm. */
  readonly im2col: boolean;
  /** Convolutions of kernel 4 and stride 2 by Winograd's products. */
  readonly winograd: boolean;
  /** Sums over the first axes as products with ones. */
  readonly reductionAsGemm: boolean;
  /** What is done to several batches with the same weights, at once. */
  readonly batchFusion: boolean;
  /** Biases and other summands into the Gemm. */
  readonly gemmSumFusion: boolean;
  /** What is done to many small variables at once. */
  readonly fuseOptimizerUpdates: boolean;
}

/** In the order in which each builds on those before. */
export const passNames = [
  'constantFolding',
  'commonSubexpressions',
  'layout',
  'im2col',
  'winograd',
  'reductionAsGemm',
  'batchFusion',
  'gemmSumFusion',
  'fuseOptimizerUpdates',
] as const satisfies readonly (keyof Passes)[];

export const ALL_PASSES: Passes = {
  constantFolding: true,
  commonSubexpressions: true,
  layout: true,
  im2col: true,
  winograd: true,
  reductionAsGemm: true,
  batchFusion: true,
  gemmSumFusion: true,
  fuseOptimizerUpdates: true,
};
export const NO_PASSES: Passes = {
  constantFolding: false,
  commonSubexpressions: false,
  layout: false,
  im2col: false,
  winograd: false,
  reductionAsGemm: false,
  batchFusion: false,
  gemmSumFusion: false,
  fuseOptimizerUpdates: false,
};

export function optimize(outputs: readonly Node[], passes: Passes): Node[] {
  const shared = passes.commonSubexpressions ? deduplicating() : make;
  const build: Make = (op, inputs, attributes) => whole(op, inputs, attributes);
  const laidOut = passes.layout ? propagatingLayout(shared, build) : shared;
  const whole = passes.constantFolding ? foldingConstants(laidOut) : laidOut;
  const tidy = (nodes: readonly Node[]): Node[] => rewrite(nodes, () => undefined, build);
  const lowered = tidy(lower(tidy(outputs), passes, build));
  const summed = passes.reductionAsGemm ? reductionsAsGemm(lowered, build) : lowered;
  const stacked = passes.batchFusion ? fuseBatches(summed, build) : summed;
  const fused = passes.gemmSumFusion ? fuseGemmSums(stacked, build) : stacked;
  return stageReductions(passes.fuseOptimizerUpdates ? fuseOptimizerUpdates(fused, build) : fused);
}
