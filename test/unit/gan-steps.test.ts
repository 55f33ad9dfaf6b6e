// The product's training steps, compiled, against the float64 oracle: losses and every weight over five iterations.
import { describe, expect, it } from 'vitest';
import type { CatalogNetwork, Constraint, Objective, Optimizer, Role } from '../../src/catalog';
import { openOnnxEngine } from '../../src/engine/onnx/engine';
import { ALL_PASSES, NO_PASSES, type Passes } from '../../src/engine/passes/optimise';
import { constraintOf } from '../../src/gan/constraints';
import { createGan } from '../../src/gan/gan';
import { buildNetwork, networkOf } from '../../src/gan/networks';
import { objectiveOf } from '../../src/gan/objectives';
import { optimizerOf } from '../../src/gan/optimizers';
import { fillNormal, fillUniform } from '../../src/math/random';
import {
  referenceIteration,
  referenceState,
  weightShapes,
  type Architecture,
  type ReferenceSystem,
} from '../reference';
import { architectureOf } from '../support/architectureOf';

interface System {
  readonly shape: readonly number[];
  readonly latent: number;
  readonly batch: number;
  readonly generator: CatalogNetwork;
  readonly critic: CatalogNetwork;
  readonly objective: Objective;
  readonly constraint: readonly Constraint[];
  readonly optimizer: Optimizer;
}

const SEED = 7;
const CRITIC_STEPS = 2;
const ITERATIONS = 5;

const mlp = (activation: CatalogNetwork<'mlp'>['activation']): CatalogNetwork<'mlp'> =>
  ({ network: 'mlp', depth: 2, width: 16, normalization: 'none', activation, initialiser: 'he' }); // prettier-ignore
const dcgan = (activation: CatalogNetwork<'dcgan'>['activation'], normalization: 'none' | 'batch', kernel: 4 | 5): CatalogNetwork<'dcgan'> =>
  ({ network: 'dcgan', filters: 4, activation, normalization, kernel, slope: 0.2, initialiser: 'he' }); // prettier-ignore
const penalty = (lambda: number, sides: 'one' | 'two' = 'two'): Constraint => ({ kind: 'gradient-penalty', lambda, target: 1, sides }); // prettier-ignore
const adam = (learningRate: number, beta1: number): Optimizer => ({ kind: 'adam', learningRate, beta1, beta2: 0.9, epsilon: 1e-8 }); // prettier-ignore
/** Adam divides by a moment near zero where a gradient is pure rounding; a larger ε keeps that from being the whole update. */
const gentle: Optimizer = { kind: 'adam', learningRate: 1e-3, beta1: 0, beta2: 0.9, epsilon: 1e-3 };
const rmsprop: Optimizer = { kind: 'rmsprop', learningRate: 1e-3, rho: 0.99, epsilon: 1e-8 };
const points = { shape: [2], latent: 3, batch: 8 };
const images = { shape: [16, 16, 2], latent: 5, batch: 4 };

/** ReLU's masks flip under rounding and both sides are right: where it stands, the tolerance is wider. */
const systems: Readonly<Record<string, { system: System; tolerance: number }>> = {
  'WGAN with clipping, RMSProp, MLP': {
    system: { ...points, generator: mlp('tanh'), critic: mlp('tanh'), objective: { kind: 'wgan' }, constraint: [{ kind: 'clip', c: 0.1 }], optimizer: rmsprop },
    tolerance: 2e-5,
  },
  'WGAN-GP, Adam without momentum, MLP': {
    system: { ...points, generator: mlp('tanh'), critic: mlp('tanh'), objective: { kind: 'wgan' }, constraint: [penalty(10)], optimizer: adam(1e-3, 0) },
    tolerance: 2e-5,
  },
  'WGAN-GP, one-sided, swish and softplus, MLP': {
    system: { ...points, generator: mlp('softplus'), critic: mlp('swish'), objective: { kind: 'wgan' }, constraint: [penalty(0.1, 'one')], optimizer: adam(1e-3, 0.5) },
    tolerance: 2e-5,
  },
  'WGAN-GP, ReLU, MLP': {
    system: { ...points, generator: mlp('relu'), critic: mlp('leaky-relu'), objective: { kind: 'wgan' }, constraint: [penalty(10)], optimizer: gentle },
    tolerance: 1e-3,
  },
  'non-saturating GAN, Adam with momentum, MLP on images': {
    system: { ...images, generator: mlp('tanh'), critic: mlp('tanh'), objective: { kind: 'non-saturating' }, constraint: [], optimizer: adam(1e-3, 0.5) },
    tolerance: 2e-5,
  },
  'WGAN-GP, DCGAN': {
    system: { ...images, generator: dcgan('tanh', 'none', 4), critic: dcgan('tanh', 'none', 4), objective: { kind: 'wgan' }, constraint: [penalty(10)], optimizer: adam(1e-3, 0) },
    tolerance: 1e-4,
  },
  'non-saturating GAN with a penalty, DCGAN of kernel 5 with batch norm in the generator': {
    system: { ...images, generator: dcgan('tanh', 'batch', 5), critic: dcgan('softplus', 'none', 5), objective: { kind: 'non-saturating' }, constraint: [penalty(1)], optimizer: adam(1e-3, 0.5) },
    tolerance: 1e-3,
  },
  'non-saturating GAN, DCGAN with batch norm in both, ReLU': {
    system: { ...images, generator: dcgan('relu', 'batch', 4), critic: dcgan('leaky-relu', 'batch', 4), objective: { kind: 'non-saturating' }, constraint: [], optimizer: rmsprop },
    tolerance: 2e-2,
  },
}; // prettier-ignore

describe.each(Object.entries(systems))('%s', (_, { system, tolerance }) => {
  it.each([
    ['as compiled', ALL_PASSES],
    ['without any pass', NO_PASSES],
  ])('equals float64 over five iterations, %s', async (_, passes) => {
    const ours = await train(system, passes);
    const oracle = reference(system, ours.initial);
    expect(distance(ours.losses, oracle.losses)).toBeLessThan(tolerance);
    for (const role of ['generator', 'critic'] as const) {
      expect(parametersOf(ours.final, role).length).toBe(oracle.state[role].w.length);
      // What an update did, not what the weight was: at a small learning rate the weight would hide an error.
      parametersOf(ours.final, role).forEach(({ name, values }, k) => {
        const start = ours.initial[name];
        const moved = (to: ArrayLike<number>): Float64Array => Float64Array.from(to, (w, i) => w - start[i]);
        expect(distance(moved(values), moved(oracle.state[role].w[k])), name).toBeLessThan(50 * tolerance);
      });
    }
  });
});

type Weights = Readonly<Record<string, Float32Array>>;

/** Parameters of a role in the order of the layers; what only batch norm remembers is left out. */
const parametersOf = (state: Weights, role: Role) =>
  Object.entries(state)
    .filter(([name]) => name.startsWith(`${role}/`) && !name.includes('moving'))
    .map(([name, values]) => ({ name, values }));

async function train(system: System, passes: Passes) {
  const { shape, latent, objective, constraint, optimizer } = system;
  const engine = openOnnxEngine({ threads: 1, passes });
  const ends = { generator: { input: [latent], output: shape }, critic: { input: shape, output: [1] } };
  const build = (role: Role) => networkOf(buildNetwork(system[role], { role, seed: SEED, ...ends[role] }));
  const [generator, critic] = [build('generator'), build('critic')];
  const rules = {
    generator: optimizerOf(optimizer, generator.parameters, 'generator'),
    critic: optimizerOf(optimizer, critic.parameters, 'critic'),
  };
  const constraints = constraint.map((c) => constraintOf(c));
  const parts = { generator, critic, average: null, objective: objectiveOf(objective), constraints, noise: false };
  const gan = createGan({ ...parts, optimizer: rules }, system);
  const state = engine.state(gan.variables);
  const initial: Record<string, Float32Array> = await state.read();
  // Biases that start at 0 would hide a mistake in theirs.
  for (const [name, w] of Object.entries(initial)) {
    if (/(bias|beta)$/.test(name)) initial[name] = draw('normal', w.length, name, 0).map((v) => v / 10);
  }
  await state.write(initial);
  const criticStep = await engine.compile({ ...gan.criticStep, state });
  const generatorStep = await engine.compile({ ...gan.generatorStep, state });
  const losses: number[] = [];
  for (let i = 0; i < ITERATIONS; i++) {
    const batches = batchesOf(system, i);
    for (const { real, z, eps } of batches.critic) {
      const fed: Weights = 'epsilon' in gan.criticStep.inputs ? { real, z, epsilon: eps } : { real, z };
      const { criticLoss, estimate, penalty, gradientNorm } = await criticStep.run(fed);
      losses.push(criticLoss[0], estimate[0], penalty?.[0] ?? 0, gradientNorm?.[0] ?? 0);
    }
    losses.push((await generatorStep.run(batches.generator)).generatorLoss[0]);
  }
  const final = await state.read();
  await Promise.all([criticStep.dispose(), generatorStep.dispose()]);
  state.dispose();
  return { losses, initial, final };
}

function reference(system: System, initial: Weights) {
  const { objective, constraint, optimizer } = system;
  const [generator, critic] = [architecture(system, 'generator'), architecture(system, 'critic')];
  const of: ReferenceSystem = { generator, critic, objective, constraint, optimizer: { generator: optimizer, critic: optimizer } }; // prettier-ignore
  const weights = (role: Role) =>
    weightShapes(of[role]).map(({ shape }, i) => ({ shape, data: parametersOf(initial, role)[i].values }));
  let state = referenceState(of, { generator: weights('generator'), critic: weights('critic') });
  const losses: number[] = [];
  for (let i = 0; i < ITERATIONS; i++) {
    const step = referenceIteration(of, state, batchesOf(system, i));
    for (const c of step.critic) losses.push(c.criticLoss, c.estimate, c.penalty, c.gradientNorm || 0);
    losses.push(step.generator.generatorLoss);
    state = step.state;
  }
  return { losses, state };
}

function architecture({ shape, latent, ...of }: System, role: Role): Architecture {
  const [input, output] = role === 'generator' ? [[latent], shape] : [shape, [1]];
  return architectureOf(of[role], { role, input, output });
}

const batchesOf = ({ batch, shape, latent }: System, iteration: number) => ({
  critic: Array.from({ length: CRITIC_STEPS }, (_, i) => {
    const step = iteration * CRITIC_STEPS + i;
    const real = draw('normal', batch * shape.reduce((a, b) => a * b, 1), 'real', step).map(Math.tanh);
    return { real, z: draw('normal', batch * latent, 'z', step), eps: draw('uniform', batch, 'epsilon', step) };
  }),
  generator: { z: draw('normal', batch * latent, 'z of the generator', iteration) },
});

function draw(distribution: 'normal' | 'uniform', size: number, stream: string, step: number): Float32Array {
  const out = new Float32Array(size);
  (distribution === 'normal' ? fillNormal : fillUniform)(out, { seed: SEED, stream, step });
  return out;
}

/** The largest difference, relative to the largest value. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [worst, scale] = [0, 1e-12];
  for (let i = 0; i < b.length; i++) {
    worst = Math.max(worst, Math.abs(a[i] - b[i]));
    scale = Math.max(scale, Math.abs(b[i]));
  }
  return Number.isNaN(worst) ? Infinity : worst / scale;
}
