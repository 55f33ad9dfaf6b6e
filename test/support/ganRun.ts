// For tests: trains a small GAN for a few iterations, with the compiled steps and with the float64 oracle, from the
// same weights and batches.
import type {
  CatalogNetworkConfig,
  ConstraintConfig,
  ObjectiveConfig,
  OptimizerConfig,
  Role,
  WeightDecayConfig,
} from '../../src/catalog';
import { openOnnxEngine } from '../../src/engine/onnx/engine';
import { ALL_PASSES, type Passes } from '../../src/engine/passes/optimize';
import { createConstraints } from '../../src/gan/constraints';
import { createGan, type Gan } from '../../src/gan/gan';
import { buildNetwork } from '../../src/gan/architectures';
import { networkOf } from '../../src/gan/network';
import { createObjective } from '../../src/gan/objectives';
import { createOptimizer, fillUpdateScalars } from '../../src/gan/optimizers';
import { fillNormal, fillUniform } from '../../src/math/random';
import { learningRateAt } from '../../src/trainer/schedules';
import {
  referenceIteration,
  referenceState,
  weightShapes,
  type Architecture,
  type ReferenceState,
  type ReferenceSystem,
} from '../reference';
import { architectureOf, inReferenceOrder } from './architectureOf';

export interface GanSystem {
  readonly shape: readonly number[];
  readonly latent: number;
  readonly batch: number;
  readonly generator: CatalogNetworkConfig;
  readonly critic: CatalogNetworkConfig;
  readonly objective: ObjectiveConfig;
  readonly constraint: readonly ConstraintConfig[];
  readonly optimizer: OptimizerConfig;
  readonly labelSmoothing?: number;
  /** Of the critic. */
  readonly weightDecay?: WeightDecayConfig;
  readonly stepCosine?: boolean;
}

/** Iterations, each of two critic updates and one of the generator. */
const ITERATIONS = 5;
const CRITIC_STEPS = 2;
const SEED = 7;

export type Weights = Readonly<Record<string, Float32Array>>;

/** Parameters of a role in the reference's order, without the moving averages of batch norm. */
export const parametersOf = (state: Weights, role: Role) =>
  inReferenceOrder(
    Object.fromEntries(
      Object.entries(state)
        .filter(([name]) => name.startsWith(`${role}/`) && !name.includes('moving'))
        .map(([name, values]) => [name.slice(role.length + 1), { name, values }]),
    ),
  );

/** The steps of a system with its initial weights. An engine must be open. */
export function ganOf(system: GanSystem): Gan {
  const { shape, latent, objective, constraint, optimizer } = system;
  const { labelSmoothing = null, weightDecay = null, stepCosine = false } = system;
  const ends = { generator: { input: [latent], output: shape }, critic: { input: shape, output: [1] } };
  const build = (role: Role) => networkOf(buildNetwork(system[role], { role, seed: SEED, ...ends[role] }));
  const [generator, critic] = [build('generator'), build('critic')];
  const parts = {
    generator,
    critic,
    average: null,
    objective: createObjective(objective),
    labelSmoothing,
    ...createConstraints(constraint, critic, SEED),
    optimizer: {
      generator: createOptimizer(optimizer, generator.parameters, 'generator'),
      critic: createOptimizer(optimizer, critic.parameters, 'critic', weightDecay),
    },
    stepCosine,
    instanceNoise: false,
  };
  return createGan(parts, system);
}

/**
 * Weights that depend on nothing but their names, so that PyTorch's results for them stay valid: biases and gains away
 * from 0 and 1, where they would hide errors. Null for the slots of an optimizer and the buffers of a normalization.
 */
function initialValues(name: string, shape: readonly number[]): Float32Array | null {
  const size = shape.reduce((a, b) => a * b, 1);
  const normal = (scale: number, mean = 0) => draw('normal', size, name, 0).map((v) => mean + scale * v);
  if (name.startsWith('optimizer/') || name.includes('moving')) return null;
  if (/(bias|beta)$/.test(name)) return normal(0.1);
  if (/(gamma|theta)$/.test(name)) return normal(0.1, 1);
  if (name.endsWith('/u')) {
    const u = normal(1);
    return u.map((v) => v / Math.hypot(...u));
  }
  return normal(Math.sqrt((1.5 * shape.at(-1)!) / size)); // a kernel
}

/**
 * Trains with the compiled steps. Returns all losses, the cosines of the critic's steps if asked for, and the state
 * before and after.
 */
export async function trained(system: GanSystem, passes: Passes = ALL_PASSES, iterations = ITERATIONS) {
  const engine = openOnnxEngine({ threads: 1, passes });
  const gan = ganOf(system);
  const state = engine.state(gan.variables);
  const zeros = await state.read();
  const initial = Object.fromEntries(
    Object.entries(zeros).map(([name, w]) => [name, initialValues(name, state.variables[name]!.shape) ?? w]),
  );
  await state.write(initial);
  const criticStep = await engine.compile({ ...gan.criticStep, state });
  const generatorStep = await engine.compile({ ...gan.generatorStep, state });
  const losses: number[] = [];
  const cosines: number[] = [];
  for (let i = 0; i < iterations; i++) {
    const { critic, generator } = batchesOf(system, i);
    const alpha = learningRateAt(system.optimizer, i + 1, iterations);
    const scalars = (t: number): Weights => {
      const arrays = { learningRate: new Float32Array(1), stepSize: new Float32Array(1), floor: new Float32Array(1) };
      fillUpdateScalars(arrays, system.optimizer, t, alpha);
      return arrays;
    };
    for (const [k, { eps, ...rest }] of critic.entries()) {
      const fed = only(gan.criticStep.inputs, { ...rest, epsilon: eps, ...scalars(i * CRITIC_STEPS + k + 1) });
      const { criticLoss, estimate, penalty, gradientNorm, stepCosine } = await criticStep.run(fed);
      losses.push(criticLoss[0], estimate[0], penalty?.[0] ?? 0, gradientNorm?.[0] ?? 0);
      if (stepCosine) cosines.push(stepCosine[0]);
    }
    const fed = only(gan.generatorStep.inputs, { ...generator, ...scalars(i + 1) });
    losses.push((await generatorStep.run(fed)).generatorLoss[0]);
  }
  const final = await state.read();
  await Promise.all([criticStep.dispose(), generatorStep.dispose()]);
  state.dispose();
  return { losses, cosines, initial, final };
}

/** The system and these weights as plain data, for another implementation. */
export function asData(system: GanSystem, initial: Weights, iterations = ITERATIONS) {
  const { shape, objective, constraint, optimizer, labelSmoothing: smoothing, weightDecay: decay } = system;
  const of: Record<Role, Architecture> = {
    generator: architecture(system, 'generator'),
    critic: architecture(system, 'critic'),
  };
  const weights = (role: Role) =>
    weightShapes(of[role]).map(({ shape }, i) => ({ shape, data: parametersOf(initial, role)[i]!.values }));
  return {
    ...{ shape, of, objective, constraint, optimizer, smoothing, decay },
    weights: { generator: weights('generator'), critic: weights('critic') },
    /** The vector u of each critic weight under spectral normalization; null if a weight has none. */
    u: parametersOf(initial, 'critic').map(({ name }) => initial[`normalization/${name}/u`] ?? null),
    steps: Array.from({ length: iterations }, (_, i) => batchesOf(system, i)),
  };
}

/** The same with the oracle, from these weights. */
export function reference(system: GanSystem, initial: Weights, iterations = ITERATIONS) {
  const { of, optimizer, weights, u, steps, ...rules } = asData(system, initial, iterations);
  const oracle: ReferenceSystem = { ...rules, ...of, optimizer: { generator: optimizer, critic: optimizer } };
  let state: ReferenceState = { ...referenceState(oracle, weights), u: u.map((u) => u && Float64Array.from(u)) };
  const losses: number[] = [];
  const cosines: number[] = [];
  for (const [i, { critic, generator }] of steps.entries()) {
    const t = i / iterations;
    const fade = { constant: 1, linear: 1 - t, cosine: Math.cos((Math.PI * t) / 2) ** 2 }[optimizer.schedule];
    const learningRate = fade * optimizer.learningRate;
    const batches = {
      critic: critic.map((batch) => ({ ...batch, learningRate })),
      generator: { ...generator, learningRate },
    };
    const step = referenceIteration(oracle, state, batches);
    for (const c of step.critic) {
      losses.push(c.criticLoss, c.estimate, c.penalty, c.gradientNorm || 0);
      cosines.push(c.stepCosine);
    }
    losses.push(step.generator.generatorLoss);
    state = step.state;
  }
  return { losses, cosines, state };
}

/** The largest difference, relative to the largest value. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [worst, scale] = [0, 1e-12];
  for (let i = 0; i < b.length; i++) {
    worst = Math.max(worst, Math.abs(a[i] - b[i]));
    scale = Math.max(scale, Math.abs(b[i]));
  }
  return Number.isNaN(worst) ? Infinity : worst / scale;
}

function architecture({ shape, latent, ...of }: GanSystem, role: Role): Architecture {
  const [input, output] = role === 'generator' ? [[latent], shape] : [shape, [1]];
  return architectureOf(of[role], { role, input, output });
}

const batchesOf = ({ batch, shape, latent }: GanSystem, iteration: number) => ({
  critic: Array.from({ length: CRITIC_STEPS }, (_, i) => {
    const step = iteration * CRITIC_STEPS + i;
    const size = batch * shape.reduce((a, b) => a * b, 1);
    return {
      real: draw('normal', size, 'real', step).map(Math.tanh),
      z: draw('normal', batch * latent, 'z', step),
      eps: draw('uniform', batch, 'epsilon', step),
      u: draw('uniform', size, 'u', step),
      alpha: draw('uniform', batch, 'alpha', step),
    };
  }),
  generator: { z: draw('normal', batch * latent, 'z of the generator', iteration) },
});

export const only = (inputs: object, given: Weights): Weights =>
  Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(inputs, name)));

export function draw(distribution: 'normal' | 'uniform', size: number, stream: string, step: number): Float32Array {
  const out = new Float32Array(size);
  (distribution === 'normal' ? fillNormal : fillUniform)(out, { seed: SEED, stream, step });
  return out;
}
