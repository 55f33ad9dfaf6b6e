// The oracle's training steps against central differences and closed forms; trainSteps.test.ts compares them with
// PyTorch.
import { describe, expect, test } from 'vitest';
import {
  apply,
  constant,
  criticLoss,
  generatorLoss,
  referenceAverage,
  referenceCriticStep,
  referenceGeneratorStep,
  referenceState,
  scalar,
  sizeOf,
  weightShapes,
  type Architecture,
  type CriticBatch,
  type Mlp,
  type ReferenceConstraint,
  type ReferenceOptimizer,
  type ReferenceState,
  type ReferenceSystem,
  type Shape,
} from '../../reference';

const adam: ReferenceOptimizer = { kind: 'adam', learningRate: 0.01, beta1: 0.5, beta2: 0.9, epsilon: 1e-8 };
const rmsprop: ReferenceOptimizer = { kind: 'rmsprop', learningRate: 0.01, rho: 0.99, epsilon: 1e-8 };
const penalty: ReferenceConstraint = { kind: 'gradient-penalty', lambda: 10, target: 1, sides: 'two' };
const mlp = (input: Shape, output: Shape, activation: Mlp['activation']): Mlp => {
  return { kind: 'mlp', input, output, depth: 2, width: 5, activation };
};
const vectors = (generator: Mlp['activation'], critic: Mlp['activation']) => {
  return { generator: mlp([3], [2], generator), critic: mlp([2], [1], critic) };
};
const dcgan = (role: 'generator' | 'critic', normalization: 'none' | 'batch'): Architecture => ({
  kind: 'dcgan',
  role,
  size: 16,
  channels: 1,
  latent: 3,
  filters: 2,
  kernel: 4,
  normalization,
  activation: role === 'generator' ? 'relu' : 'leaky-relu',
});

const systems: Record<string, ReferenceSystem> = {
  'wgan-gp mlp adam': {
    ...vectors('tanh', 'tanh'),
    objective: { kind: 'wgan' },
    constraint: [penalty],
    optimizer: { generator: adam, critic: adam },
  },
  'non-saturating mlp rmsprop, one-sided': {
    ...vectors('relu', 'leaky-relu'),
    objective: { kind: 'non-saturating' },
    constraint: [{ kind: 'gradient-penalty', lambda: 2, target: 0.1, sides: 'one' }],
    optimizer: { generator: rmsprop, critic: rmsprop },
  },
  'wgan clip mlp rmsprop': {
    generator: mlp([3], [2], 'relu'),
    critic: mlp([2], [1], 'swish'),
    objective: { kind: 'wgan' },
    constraint: [{ kind: 'clip', c: 0.3 }],
    optimizer: { generator: rmsprop, critic: rmsprop },
  },
  'wgan-gp dcgan adam': {
    generator: dcgan('generator', 'batch'),
    critic: dcgan('critic', 'none'),
    objective: { kind: 'wgan' },
    constraint: [penalty],
    optimizer: { generator: adam, critic: adam },
  },
};

const wave = (size: number, phase: number, scale = 1) =>
  Float64Array.from({ length: size }, (_, i) => scale * Math.sin(phase + 1.7 * i));

const stateOf = (system: ReferenceSystem): ReferenceState => {
  const weights = (role: 'generator' | 'critic', phase: number) =>
    weightShapes(system[role]).map(({ shape }, k) => ({ shape, data: wave(sizeOf(shape), 0.3 * k + phase, 0.6) }));
  return referenceState(system, { generator: weights('generator', 0), critic: weights('critic', 5) });
};

const sampleSize = (system: ReferenceSystem) => (system.critic.kind === 'dcgan' ? 256 : 2);

/** Different arrays at each call. */
function drawer(system: ReferenceSystem, batch = 4) {
  let phase = 10;
  const draw = (size: number) => wave(size, ++phase);
  const critic = (): CriticBatch => ({
    real: draw(batch * sampleSize(system)),
    z: draw(batch * 3),
    eps: draw(batch).map((v) => (v + 1) / 2),
  });
  return { critic, generator: () => ({ z: draw(batch * 3) }) };
}

describe('gradients equal central differences', () => {
  const smooth = (name: string, changes: Partial<ReferenceSystem>) => ({
    name,
    system: { ...systems['wgan-gp mlp adam'], ...changes },
  });
  const all = [
    smooth('wgan-gp, tanh', {}),
    smooth('wgan-gp, smooth-elu', vectors('smooth-elu', 'smooth-elu')),
    smooth('wgan-gp, swish', vectors('swish', 'swish')),
    smooth('wgan-gp, elu', vectors('elu', 'elu')),
    smooth('wgan-gp, sigmoid', vectors('sigmoid', 'sigmoid')),
    smooth('wgan-gp, relu', vectors('relu', 'relu')),
    smooth('wgan-gp, leaky-relu', vectors('leaky-relu', 'leaky-relu')),
    smooth('one-sided non-saturating', {
      objective: { kind: 'non-saturating' },
      constraint: [{ kind: 'gradient-penalty', lambda: 3, target: 0.05, sides: 'one' }],
    }),
    smooth('non-saturating, no penalty', { objective: { kind: 'non-saturating' }, constraint: [] }),
  ];

  test.each(all)('$name: dL_D/dw of every critic parameter and dL_G/dw of every generator parameter', ({ system }) => {
    const draw = drawer(system);
    const [state, batch, z] = [stateOf(system), draw.critic(), draw.generator()];
    const critic = referenceCriticStep(system, state, batch).gradients;
    const generator = referenceGeneratorStep(system, state, z).gradients;
    const lossOfCritic = (s: ReferenceState) => scalar(criticLoss(system, values(system, s), batch).total);
    const lossOfGenerator = (s: ReferenceState) => scalar(generatorLoss(system, values(system, s), z).loss);
    for (const [role, gradient, loss] of [
      ['critic', critic, lossOfCritic],
      ['generator', generator, lossOfGenerator],
    ] as const)
      gradient.forEach((g, k) =>
        g.forEach((v, i) => {
          const direction = gradient.map((g, l) => g.map((_, j) => (l === k && j === i ? 1 : 0)));
          expectNear(v, slope(loss, state, role, direction), 1e-6, `${role} ${k}[${i}]`);
        }),
      );
    expect(Math.max(...critic.flatMap((g) => [...g].map(Math.abs)))).toBeGreaterThan(1e-3);
  });

  const convolutional: Record<string, Partial<ReferenceSystem>> = {
    'batch norm in the generator': {},
    'batch norm in both, no penalty': { critic: dcgan('critic', 'batch'), constraint: [] },
    // Training with it makes no sense, but the gradient of a penalty through batch norm must still be right.
    'batch norm in both, with the penalty': { critic: dcgan('critic', 'batch') },
    'kernel 5': { critic: { ...(dcgan('critic', 'none') as object), kernel: 5 } as Architecture },
  };

  test.each(Object.entries(convolutional))('dcgan, %s: along random directions', (_name, changes) => {
    const system = { ...systems['wgan-gp dcgan adam'], ...changes };
    const draw = drawer(system);
    const [state, batch, z] = [stateOf(system), draw.critic(), draw.generator()];
    const critic = referenceCriticStep(system, state, batch).gradients;
    const generator = referenceGeneratorStep(system, state, z).gradients;
    for (let n = 0; n < 3; n++) {
      const along = (g: readonly Float64Array[]) => g.map((g, k) => wave(g.length, 20 + 3 * n + k));
      const dot = (a: readonly Float64Array[], b: readonly Float64Array[]) =>
        a.reduce((sum, v, k) => sum + v.reduce((s, x, i) => s + x * b[k][i], 0), 0);
      const lossOfCritic = (s: ReferenceState) => scalar(criticLoss(system, values(system, s), batch).total);
      const lossOfGenerator = (s: ReferenceState) => scalar(generatorLoss(system, values(system, s), z).loss);
      const [u, v] = [along(critic), along(generator)];
      expectNear(dot(critic, u), slope(lossOfCritic, state, 'critic', u, 1e-7), 1e-5, `critic ${n}`);
      expectNear(dot(generator, v), slope(lossOfGenerator, state, 'generator', v, 1e-7), 1e-5, `generator ${n}`);
    }
  });
});

describe('closed forms', () => {
  /** D(x) = w·x + b, so ∇D = w everywhere. */
  const linear: ReferenceSystem = {
    generator: { kind: 'layers', input: [2], layers: [] },
    critic: { kind: 'layers', input: [2], layers: [{ type: 'dense', units: 1 }] },
    objective: { kind: 'wgan' },
    constraint: [penalty],
    optimizer: { generator: adam, critic: adam },
  };
  const start = referenceState(linear, {
    generator: [],
    critic: [
      { shape: [2, 1], data: [3, 4] },
      { shape: [1], data: [0.5] },
    ],
  });
  const batch = { real: [1, 2, 3, 4], z: [0, 1, -2, 1], eps: [0.25, 0.75] };

  test('a linear critic has the exact loss, estimate, penalty λ(‖w‖ - 1)² and its gradient 2λ(‖w‖ - 1)w/‖w‖', () => {
    const step = referenceCriticStep(linear, start, batch);
    // E x = (2,3), E x~ = (-1,1): L_D = w·(E x~ - E x) = 3·(-3) + 4·(-2).
    expectNear(step.criticLoss, -17, 1e-12);
    expectNear(step.estimate, 17, 1e-12);
    expectNear(step.gradientNorm, 5, 1e-12);
    expectNear(step.penalty, 10 * 16, 1e-12);
    expectNear(step.total, 143, 1e-12);
    const g = [-3 + 2 * 10 * 4 * 0.6, -2 + 2 * 10 * 4 * 0.8];
    g.forEach((v, i) => expectNear(step.gradients[0][i], v, 1e-12));
    expect(step.gradients[1][0]).toBe(0);
    // Adam's first step is α·sign(g) up to ε.
    g.forEach((v, i) => expectNear(step.state.critic.w[0][i], [3, 4][i] - 0.01 * Math.sign(v), 1e-9));
    expect(step.state.critic.w[1][0]).toBe(0.5);
    expect(start.critic.w[0][0]).toBe(3);
  });

  test('a one-sided penalty is zero for norms below the target; a two-sided one is not', () => {
    const at = (sides: 'one' | 'two', target: number) =>
      referenceCriticStep(
        { ...linear, constraint: [{ kind: 'gradient-penalty', lambda: 10, target, sides }] },
        start,
        batch,
      );
    expect(at('one', 6).penalty).toBe(0);
    expectNear(at('one', 6).gradients[0][0], -3, 1e-12);
    expectNear(at('two', 6).penalty, 10, 1e-12);
    expectNear(at('one', 4).penalty, 10, 1e-12);
  });

  test('a constant critic has the penalty λk², with a finite gradient', () => {
    const flat = referenceState(linear, {
      generator: [],
      critic: [
        { shape: [2, 1], data: [0, 0] },
        { shape: [1], data: [0] },
      ],
    });
    const step = referenceCriticStep(linear, flat, batch);
    expectNear(step.penalty, 10 * (1e-6 - 1) ** 2, 1e-12);
    expect(step.gradients.every((g) => g.every(Number.isFinite))).toBe(true);
  });

  test('ε interpolates between real and fake per sample, which a curved critic shows', () => {
    // D(x) = x·s(x), so ∇D = s(x)(1 + x(1 - s(x))).
    const curved: ReferenceSystem = {
      ...linear,
      generator: { kind: 'layers', input: [1], layers: [] },
      critic: { kind: 'layers', input: [1], layers: [{ type: 'activation', name: 'swish' }] },
      constraint: [{ kind: 'gradient-penalty', lambda: 1, target: 0, sides: 'two' }],
    };
    const nothing = referenceState(curved, { generator: [], critic: [] });
    const { penalty, gradientNorm } = referenceCriticStep(curved, nothing, {
      real: [1, 3],
      z: [-1, 1],
      eps: [0.25, 1],
    });
    const d = (x: number) => {
      const s = 1 / (1 + Math.exp(-x));
      return s * (1 + x * (1 - s));
    };
    expectNear(penalty, (d(0.25 * 1 - 0.75) ** 2 + d(3) ** 2) / 2, 1e-10);
    expectNear(gradientNorm, (d(-0.5) + d(3)) / 2, 1e-10);
  });

  test('non-saturating losses at D = 0 are multiples of log 2, and the estimate is 0', () => {
    const system: ReferenceSystem = { ...linear, objective: { kind: 'non-saturating' }, constraint: [] };
    const zero = referenceState(system, {
      generator: [],
      critic: [
        { shape: [2, 1], data: [0, 0] },
        { shape: [1], data: [0] },
      ],
    });
    const step = referenceCriticStep(system, zero, batch);
    expectNear(step.criticLoss, 2 * Math.LN2, 1e-15);
    expectNear(step.estimate, 0, 1e-15);
    expect(step.gradientNorm).toBeNaN();
    expectNear(referenceGeneratorStep(system, zero, { z: batch.z }).generatorLoss, Math.LN2, 1e-15);
  });

  test('a perfect discriminator with large logits does not overflow, and its estimate is log 2', () => {
    const system: ReferenceSystem = { ...linear, objective: { kind: 'non-saturating' }, constraint: [] };
    const sharp = referenceState(system, {
      generator: [],
      critic: [
        { shape: [2, 1], data: [1e4, 0] },
        { shape: [1], data: [-5e3] },
      ],
    });
    const step = referenceCriticStep(system, sharp, { real: [1, 0], z: [0, 0] });
    expect(step.criticLoss).toBe(0);
    expect(step.estimate).toBe(Math.LN2);
    expect(referenceGeneratorStep(system, sharp, { z: [0, 0] }).generatorLoss).toBe(5000);
  });

  test('weights and biases are clipped after the update', () => {
    const system: ReferenceSystem = {
      ...linear,
      constraint: [{ kind: 'clip', c: 0.4 }],
      optimizer: { generator: rmsprop, critic: rmsprop },
    };
    const { critic } = referenceCriticStep(system, start, batch).state;
    expect(critic.w.map((w) => [...w])).toEqual([[0.4, 0.4], [0.4]]);
    const g = [-3, -2];
    g.forEach((v, i) => expectNear(critic.v[0][i], 0.01 * v ** 2, 1e-12));
  });

  test("noise is added to the critic's real and fake inputs", () => {
    const noise = { real: [1, 0, 1, 0], fake: [0, 2, 0, 2] };
    // E x grows by (1,0) and E x~ by (0,2): L_D by 3·(-1) + 4·2.
    expectNear(referenceCriticStep(linear, start, { ...batch, noise }).criticLoss, -17 + 5, 1e-12);
    expectNear(referenceGeneratorStep(linear, start, { z: batch.z, noise: noise.fake }).generatorLoss, -1.5 - 8, 1e-12);
  });

  test("the moving average of the generator is δa + (1-δ)w'", () => {
    const [a] = referenceAverage([Float64Array.of(3, 5)], { w: [Float64Array.of(-1, 1)], m: [], v: [], t: 3 }, 0.75);
    expect([...a]).toEqual([2, 4]);
  });

  test('batch norm reports its batch statistics, and its output has mean β and standard deviation γ', () => {
    const network: Architecture = { kind: 'layers', input: [2], layers: [{ type: 'batchNorm', epsilon: 0 }] };
    const seen: { mean: Float64Array; variance: Float64Array }[] = [];
    const weights = [constant([2, 3]), constant([10, 20])];
    const y = apply(network, weights, constant([1, 10, 3, 50], [2, 2]), (of) => seen.push(of));
    expect(seen.map(({ mean, variance }) => [...mean, ...variance])).toEqual([[2, 30, 1, 400]]);
    expect([...y.data]).toEqual([8, 17, 12, 23]);
  });
});

function values(system: ReferenceSystem, state: ReferenceState) {
  const of = (role: 'generator' | 'critic') =>
    weightShapes(system[role]).map(({ shape }, k) => constant(state[role].w[k], shape));
  return { generator: of('generator'), critic: of('critic') };
}

/** The central difference of a loss along a direction of one network's weights. */
function slope(
  loss: (state: ReferenceState) => number,
  state: ReferenceState,
  role: 'generator' | 'critic',
  direction: readonly Float64Array[],
  h = 1e-5,
): number {
  const moved = (by: number) => {
    const w = state[role].w.map((w, k) => w.map((v, i) => v + by * direction[k][i]));
    return loss({ ...state, [role]: { ...state[role], w } });
  };
  return (moved(h) - moved(-h)) / (2 * h);
}

/** |got - wanted| ≤ tolerance·max(1, |wanted|). */
function expectNear(got: number, wanted: number, tolerance: number, what = ''): void {
  if (!(Math.abs(got - wanted) <= tolerance * Math.max(1, Math.abs(wanted))))
    expect.fail(`${what}: ${got} is not ${wanted} within ${tolerance}`);
}
