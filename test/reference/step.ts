// An update of the critic, an update of the generator, and a training iteration that combines them.
import { add } from './elementwise';
import { gradients } from './gradient';
import { type BatchStatistics } from './layers';
import { apply, outputShape, weightShapes, layersOf, type Architecture } from './networks';
import { lossesOf, type ReferenceObjective } from './objectives';
import { atRest, update, type Moving, type ReferenceDecay, type ReferenceOptimizer } from './optimizers';
import { penaltyOf, type ReferencePenalty } from './penalty';
import { divided, powerIteration } from './spectral';
import { assert, constant, detach, sameShape, scalar, sizeOf, type Shape, type Value } from './value';

/** A whole GAN as plain data; objective, constraint and optimizer as in an experiment file. */
export interface ReferenceSystem {
  readonly generator: Architecture;
  readonly critic: Architecture;
  readonly objective: ReferenceObjective;
  readonly constraint: readonly ReferenceConstraint[];
  readonly optimizer: { readonly generator: ReferenceOptimizer; readonly critic: ReferenceOptimizer };
  /** One-sided label smoothing α; default: none. */
  readonly smoothing?: number;
  /** Weight decay of the critic; default: none. */
  readonly decay?: ReferenceDecay;
}

export type ReferenceConstraint =
  | { readonly kind: 'clip'; readonly c: number }
  | { readonly kind: 'spectral-norm'; readonly iterations: number }
  | ReferencePenalty;

export interface ReferenceWeight {
  readonly shape: Shape;
  readonly data: ArrayLike<number>;
}

export interface ReferenceState {
  readonly generator: Moving;
  readonly critic: Moving;
  /** The vector u of each critic weight under spectral normalization; null if a weight has none. */
  readonly u?: readonly (Float64Array | null)[];
}

/** Inputs of a critic update. Noise, if any, is added to the critic's inputs. */
export interface CriticBatch {
  /** [B,...sample], flat. */
  readonly real: ArrayLike<number>;
  /** [B,latent], flat. */
  readonly z: ArrayLike<number>;
  /** [B]; only needed for the gradient penalty. */
  readonly eps?: ArrayLike<number>;
  /** [B,...sample], flat, from U[0, 1]; only needed for DRAGAN. */
  readonly u?: ArrayLike<number>;
  /** [B], from U[0, 1]; only needed for DRAGAN. */
  readonly alpha?: ArrayLike<number>;
  /** The learning rate of this update; default: that of the optimizer. */
  readonly learningRate?: number;
  /** [B,...sample] each, scaled by σ already. */
  readonly noise?: { readonly real: ArrayLike<number>; readonly fake: ArrayLike<number> };
}

/** Inputs of a generator update. */
export interface GeneratorBatch {
  readonly z: ArrayLike<number>;
  readonly noise?: ArrayLike<number>;
  readonly learningRate?: number;
}

interface Step {
  readonly state: ReferenceState;
  /** dL/dw in the order of the weights that were updated. */
  readonly gradients: readonly Float64Array[];
  /** Batch statistics of the generator's batch norm layers, in order. */
  readonly statistics: readonly BatchStatistics[];
}

export interface CriticStep extends Step {
  /**
   * L_D alone, the estimate from it, the penalty λE(...)² (0 without one), their sum, and mean ‖∇D(x^)‖ (NaN without
   * one).
   */
  readonly criticLoss: number;
  readonly estimate: number;
  readonly penalty: number;
  readonly total: number;
  readonly gradientNorm: number;
  /** The cosine of the update before clipping, w - w', and the gradient. */
  readonly stepCosine: number;
}

export interface GeneratorStep extends Step {
  readonly generatorLoss: number;
}

/** The state before the first update, from weights in the order of `weightShapes`. */
export function referenceState(
  system: ReferenceSystem,
  weights: { readonly generator: readonly ReferenceWeight[]; readonly critic: readonly ReferenceWeight[] },
): ReferenceState {
  const start = (role: 'generator' | 'critic') => {
    const wanted = weightShapes(system[role]);
    const given = weights[role];
    assert(wanted.length === given.length, () => `the ${role} has ${wanted.length} weights, not ${given.length}`);
    wanted.forEach(({ name, shape }, i) =>
      assert(sameShape(shape, given[i].shape), () => `${role}.${name} is [${shape}], not [${given[i].shape}]`),
    );
    return atRest(given.map(({ data }) => data));
  };
  return { generator: start('generator'), critic: start('critic') };
}

/** The critic's whole loss as Values of its weights: L_D, the penalty, and its reported parts. */
export function criticLoss(
  system: ReferenceSystem,
  weights: { generator: Value[]; critic: Value[] },
  batch: CriticBatch,
  state?: Pick<ReferenceState, 'u'>,
) {
  const statistics: BatchStatistics[] = [];
  const { used, u } = normalized(system, weights.critic, state);
  const D = (x: Value) => apply(system.critic, used, x);
  const z = batchOf(batch.z, layersOf(system.generator).input);
  const sample = outputShape(system.generator);
  const fake = noisy(
    detach(apply(system.generator, weights.generator, z, (of) => statistics.push(of))),
    batch.noise?.fake,
  );
  const real = noisy(batchOf(batch.real, sample), batch.noise?.real);
  const scores = [D(real), D(fake)] as const;
  const losses = lossesOf(system.objective);
  const adversarial = losses.critic(...scores); // L_D
  const estimate = losses.estimate(...scores);
  const penalties = system.constraint.flatMap((rule) => {
    if (rule.kind === 'clip' || rule.kind === 'spectral-norm') return [];
    return penaltyOf(D, { ...batch, real, fake }, rule);
  });
  const { smoothing } = system;
  assert(smoothing === undefined || losses.smoothed !== undefined, () => 'there are no labels to smooth');
  const trained = smoothing === undefined ? adversarial : losses.smoothed!(...scores, smoothing);
  const total = penalties.reduce((loss, penalty) => add(loss, penalty.loss), trained);
  return { adversarial, estimate, penalties, total, statistics, u };
}

/** Gradients of the whole critic loss, one optimizer update, then clipping, if any. */
export function referenceCriticStep(system: ReferenceSystem, state: ReferenceState, batch: CriticBatch): CriticStep {
  const weights = {
    generator: valuesOf(system.generator, state.generator),
    critic: valuesOf(system.critic, state.critic),
  };
  const { adversarial, estimate, penalties, total, statistics, u } = criticLoss(system, weights, batch, state);
  const g = gradients(total, weights.critic).map(({ data }) => data);
  const moved = update(atRate(system.optimizer.critic, batch), state.critic, g, system.decay);
  return {
    state: { ...state, critic: { ...moved, w: clipped(system, moved.w) }, u },
    gradients: g,
    statistics,
    criticLoss: scalar(adversarial),
    estimate,
    penalty: penalties.reduce((sum, { loss }) => sum + scalar(loss), 0),
    total: scalar(total),
    gradientNorm: penalties.length ? average(penalties[0].norms.data) : NaN,
    stepCosine: cosine(
      moved.w.flatMap((w, k) => [...w].map((w, i) => state.critic.w[k][i] - w)),
      g.flatMap((g) => [...g]),
    ),
  };
}

/** The generator's loss as a Value of its weights. */
export function generatorLoss(
  system: ReferenceSystem,
  weights: { generator: Value[]; critic: Value[] },
  batch: GeneratorBatch,
  state?: Pick<ReferenceState, 'u'>,
) {
  const statistics: BatchStatistics[] = [];
  const z = batchOf(batch.z, layersOf(system.generator).input);
  const fake = noisy(
    apply(system.generator, weights.generator, z, (of) => statistics.push(of)),
    batch.noise,
  );
  const { used } = normalized(system, weights.critic, state);
  return { loss: lossesOf(system.objective).generator(apply(system.critic, used, fake)), statistics };
}

/** Gradients of L_G and one optimizer update of the generator. */
export function referenceGeneratorStep(
  system: ReferenceSystem,
  state: ReferenceState,
  batch: GeneratorBatch,
): GeneratorStep {
  const weights = {
    generator: valuesOf(system.generator, state.generator),
    critic: valuesOf(system.critic, state.critic),
  };
  const { loss, statistics } = generatorLoss(system, weights, batch, state);
  const g = gradients(loss, weights.generator).map(({ data }) => data);
  const generator = update(atRate(system.optimizer.generator, batch), state.generator, g);
  return { state: { ...state, generator }, gradients: g, statistics, generatorLoss: scalar(loss) };
}

/** One training step: a critic update per entry of `batches.critic`, then one generator update. */
export function referenceIteration(
  system: ReferenceSystem,
  state: ReferenceState,
  batches: { readonly critic: readonly CriticBatch[]; readonly generator: GeneratorBatch },
): { state: ReferenceState; critic: CriticStep[]; generator: GeneratorStep } {
  const critic: CriticStep[] = [];
  for (const batch of batches.critic) critic.push(referenceCriticStep(system, critic.at(-1)?.state ?? state, batch));
  const generator = referenceGeneratorStep(system, critic.at(-1)?.state ?? state, batches.generator);
  return { state: generator.state, critic, generator };
}

/** The exponential average of the generator's weights: a ← δa + (1-δ)w. */
export function referenceAverage(average: readonly Float64Array[], { w }: Moving, decay: number): Float64Array[] {
  return average.map((a, k) => a.map((a, i) => decay * a + (1 - decay) * w[k][i]));
}

const atRate = (
  optimizer: ReferenceOptimizer,
  { learningRate = optimizer.learningRate }: { learningRate?: number },
) => ({
  ...optimizer,
  learningRate,
});

/**
 * The weights that the critic uses, each kernel divided by its largest singular value under spectral normalization, and
 * the next u.
 */
function normalized(system: ReferenceSystem, weights: readonly Value[], state?: Pick<ReferenceState, 'u'>) {
  const rule = system.constraint.find((rule) => rule.kind === 'spectral-norm');
  if (!rule) return { used: weights, u: state?.u };
  assert(state?.u !== undefined, () => 'spectral normalization needs its vectors');
  const vectors = weights.map((W, k) => {
    const start = state!.u![k];
    return start && powerIteration(W, start, rule.iterations);
  });
  const used = weights.map((W, k) => (vectors[k] ? divided(W, vectors[k]) : W));
  return { used, u: vectors.map((found) => found && found.u) };
}

function valuesOf(architecture: Architecture, { w }: Moving): Value[] {
  return weightShapes(architecture).map(({ shape }, k) => constant(w[k], shape));
}

/** Flat numbers as [B,...sample]; the batch size follows from their count. */
function batchOf(data: ArrayLike<number>, sample: Shape): Value {
  return constant(data, [data.length / sizeOf(sample), ...sample]);
}

function noisy(x: Value, noise: ArrayLike<number> | undefined): Value {
  return noise ? add(x, constant(noise, x.shape)) : x;
}

function clipped(system: ReferenceSystem, weights: readonly Float64Array[]): readonly Float64Array[] {
  return system.constraint.reduce(
    (w, rule) => (rule.kind === 'clip' ? w.map((w) => w.map((w) => Math.min(Math.max(w, -rule.c), rule.c))) : w),
    weights,
  );
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const inner = (x: readonly number[], y: readonly number[]) => x.reduce((sum, v, i) => sum + v * y[i], 0);
  return inner(a, b) / Math.sqrt(inner(a, a) * inner(b, b));
}

function average(data: Float64Array): number {
  return data.reduce((sum, v) => sum + v, 0) / data.length;
}
