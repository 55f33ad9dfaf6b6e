// Runs the passes in order. Each can be switched off without changing the results of a step.
import { make, type Node } from '../graph/node';
import { fuseGemmSums } from './gemmSumFusion';
import { interpolateProducts } from './interpolations';
import { deduplicating } from './commonSubexpressions';
import { propagatingBatchLast } from './batchLast';
import { propagatingLayout } from './layout';
import { sumBeforeMaps } from './linearSums';
import { lower } from './lower';
import { rewrite, type Make } from './rewrite';
import { foldingConstants } from './constantFolding';
import { fuseBatches, fuseConvolutionBatches } from './batchFusion';
import { stageReductions } from './stagedReductions';
import { reductionsAsGemm } from './reductionAsGemm';
import { widenBroadcasts } from './narrowBroadcasts';
import { fuseOptimizerUpdates } from './fuseOptimizerUpdates';

export interface Passes {
  /** Constant folding, algebraic simplification and zero propagation. */
  readonly constantFolding: boolean;
  /** Common subexpression elimination. */
  readonly commonSubexpressions: boolean;
  /** Propagation of reshapes and transposes to places where they are free. */
  readonly layout: boolean;
  /** Products of interpolated batches as interpolations of products. */
  readonly interpolations: boolean;
  /** Convolutions as im2col (Gather) and matrix products (Gemm). */
  readonly im2col: boolean;
  /** Convolutions of stride 1 to few filters, and their gradients, as ONNX's Conv. */
  readonly fewFilters: boolean;
  /** Convolutions of kernel 4 and stride 2, or 3 and 1, by Winograd's algorithm. */
  readonly winograd: boolean;
  /** Its tiles have up to 4×4 outputs instead of 2×2: fewer products, with a larger rounding error. */
  readonly largeWinogradTiles: boolean;
  /** Images with the batch as their last axis, for convolutions of kernel 4 and stride 2 to many channels. */
  readonly batchLast: boolean;
  /** Several batches through the same filters as one batch, where products of Winograd's algorithm have few rows. */
  readonly convolutionBatches: boolean;
  /** Sums of results of the same linear map as one result, of the sum. */
  readonly linearSums: boolean;
  /** Sums over leading axes as matrix products with ones. */
  readonly reductionAsGemm: boolean;
  /** Several batches through the same weights as one batch. */
  readonly batchFusion: boolean;
  /** Biases and other summands as the third operand of Gemm. */
  readonly gemmSumFusion: boolean;
  /** Broadcasts of few channels to rows of many pixels. */
  readonly narrowBroadcasts: boolean;
  /** Optimizer updates of many small variables as one. */
  readonly fuseOptimizerUpdates: boolean;
  /** Transposes of whole rows as gathers, on a CPU. */
  readonly gatherTransposes: boolean;
  /** Optimizer updates as loops in WebAssembly after the graph, on a CPU; then none are fused in the graph. */
  readonly hostUpdates: boolean;
}

/** In order of execution. */
export const passNames = [
  'constantFolding',
  'commonSubexpressions',
  'layout',
  'interpolations',
  'im2col',
  'fewFilters',
  'winograd',
  'largeWinogradTiles',
  'batchLast',
  'convolutionBatches',
  'linearSums',
  'reductionAsGemm',
  'batchFusion',
  'gemmSumFusion',
  'narrowBroadcasts',
  'fuseOptimizerUpdates',
  'gatherTransposes',
  'hostUpdates',
] as const satisfies readonly (keyof Passes)[];

export const ALL_PASSES: Passes = {
  constantFolding: true,
  commonSubexpressions: true,
  layout: true,
  interpolations: true,
  im2col: true,
  fewFilters: true,
  winograd: true,
  largeWinogradTiles: true,
  batchLast: true,
  convolutionBatches: true,
  linearSums: true,
  reductionAsGemm: true,
  batchFusion: true,
  gemmSumFusion: true,
  narrowBroadcasts: true,
  fuseOptimizerUpdates: true,
  gatherTransposes: true,
  hostUpdates: true,
};
export const NO_PASSES: Passes = {
  constantFolding: false,
  commonSubexpressions: false,
  layout: false,
  interpolations: false,
  im2col: false,
  fewFilters: false,
  winograd: false,
  largeWinogradTiles: false,
  batchLast: false,
  convolutionBatches: false,
  linearSums: false,
  reductionAsGemm: false,
  batchFusion: false,
  gemmSumFusion: false,
  narrowBroadcasts: false,
  fuseOptimizerUpdates: false,
  gatherTransposes: false,
  hostUpdates: false,
};

export function optimize(outputs: readonly Node[], passes: Passes): Node[] {
  const deduplicated = passes.commonSubexpressions ? deduplicating() : make;
  const build: Make = (op, inputs, attributes) => folded(op, inputs, attributes);
  const withLayout = passes.layout ? propagatingLayout(deduplicated, build) : deduplicated;
  const withBatchLast = passes.batchLast ? propagatingBatchLast(withLayout, build) : withLayout;
  const folded = passes.constantFolding ? foldingConstants(withBatchLast) : withBatchLast;
  const rebuild = (nodes: readonly Node[]): Node[] => rewrite(nodes, () => undefined, build);
  const simplified = rebuild(outputs);
  const rebuilt = passes.interpolations ? interpolateProducts(simplified, build) : simplified;
  const together =
    passes.convolutionBatches && passes.winograd
      ? fuseConvolutionBatches(rebuilt, passes.largeWinogradTiles, build)
      : rebuilt;
  const lowered = rebuild(lower(together, passes, build));
  const summed = passes.linearSums ? sumBeforeMaps(lowered, build) : lowered;
  const reduced = passes.reductionAsGemm ? reductionsAsGemm(summed, build) : summed;
  const batched = passes.batchFusion ? fuseBatches(reduced, build) : reduced;
  const fused = passes.gemmSumFusion ? fuseGemmSums(batched, build) : batched;
  const widened = passes.narrowBroadcasts ? widenBroadcasts(fused, build) : fused;
  return stageReductions(passes.fuseOptimizerUpdates ? fuseOptimizerUpdates(widened, build) : widened);
}
