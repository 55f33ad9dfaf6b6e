// The oracle's penalties, optimizers and weight decay against closed forms, on a critic that is linear and one that is
// curved.
import { describe, expect, test } from 'vitest';
import {
  constant,
  divided,
  gradients,
  mul,
  penaltyOf,
  powerIteration,
  scalar,
  square,
  sum,
  update,
  atRest,
  type ReferenceOptimizer,
  type ReferencePenalty,
  type Value,
} from '../../reference';

/** D(x) = 3x₁ + 4x₂, with gradient norm 5 everywhere. */
const linear = (x: Value): Value => sum(mul(x, constant([3, 4], [1, 2])), [1]);
/** D(x) = x₁² + x₂², with gradient norm 2‖x‖. */
const curved = (x: Value): Value => sum(square(x), [1]);
const points = {
  real: constant([3, 4, 0, 0], [2, 2]),
  fake: constant([0, 1, 0, -2], [2, 2]),
  u: [1, 0, 0, 1],
  alpha: [0.5, 1],
  eps: [1, 0],
};
const at = (critic: (x: Value) => Value, rule: ReferencePenalty) => {
  const { loss, norms } = penaltyOf(critic, points, rule);
  return { loss: scalar(loss), norms: [...norms.data] };
};

describe('penalties', () => {
  test('R1 and R2 are γ/2 times the mean squared gradient norm, at real and at fake points', () => {
    expect(at(linear, { kind: 'r1', gamma: 10 }).loss).toBeCloseTo(125, 9);
    expect(at(curved, { kind: 'r1', gamma: 10 }).loss).toBeCloseTo((5 * (100 + 0)) / 2, 9);
    expect(at(curved, { kind: 'r2', gamma: 2 }).loss).toBeCloseTo((4 + 16) / 2, 9);
  });

  test('DRAGAN penalizes deviations from its target, up to half a standard deviation from the data', () => {
    expect(at(linear, { kind: 'dragan', lambda: 10, target: 1 }).loss).toBeCloseTo(160, 9);
    // The four numbers 3, 4, 0, 0 have the variance 25/4 - (7/4)².
    const deviation = Math.sqrt(25 / 4 - (7 / 4) ** 2);
    const { norms } = at(curved, { kind: 'dragan', lambda: 1, target: 0 });
    expect(norms[0]).toBeCloseTo(2 * Math.hypot(3 + (0.5 * deviation) / 2, 4), 9);
    expect(norms[1]).toBeCloseTo(deviation, 9);
  });

  test('the gradient penalty is evaluated between real and fake points', () => {
    const rule = { kind: 'gradient-penalty', lambda: 1, target: 0, sides: 'two' } as const;
    at(curved, rule).norms.forEach((norm, i) => expect(norm).toBeCloseTo([10, 4][i], 9));
  });
});

describe('updates', () => {
  const sgd: ReferenceOptimizer = { kind: 'sgd', learningRate: 0.1, momentum: 0.5 };
  const g = [Float64Array.of(2, -1)];
  const start = atRest([[10, 20]]);
  const near = (got: ArrayLike<number>, wanted: readonly number[]) =>
    wanted.forEach((v, i) => expect(got[i]).toBeCloseTo(v, 12));

  test('SGD with momentum 0.5 moves by g, then by 1.5 g', () => {
    const once = update(sgd, start, g);
    near(once.w[0], [9.8, 20.1]);
    near(update(sgd, once, g).w[0], [9.8 - 0.3, 20.1 + 0.15]);
  });

  test('coupled decay contributes to the momentum, decoupled decay does not', () => {
    const coupled = { rate: 0.01, coupling: 'coupled' } as const;
    const decoupled = { rate: 0.01, coupling: 'decoupled' } as const;
    near(update(sgd, start, g, coupled).m[0], [2.1, -0.8]);
    near(update(sgd, start, g, decoupled).m[0], [2, -1]);
    // At the first step of SGD both give w - α(g + δw).
    for (const decay of [coupled, decoupled]) near(update(sgd, start, g, decay).w[0], [10 - 0.21, 20 + 0.08]);
  });

  test('Adam rescales coupled decay, but not decoupled decay', () => {
    const adam: ReferenceOptimizer = { kind: 'adam', learningRate: 0.1, beta1: 0, beta2: 0.9, epsilon: 0 };
    near(update(adam, start, g, { rate: 0.01, coupling: 'coupled' }).w[0], [9.9, 20.1]);
    near(update(adam, start, g, { rate: 0.01, coupling: 'decoupled' }).w[0], [9.9 - 0.01, 20.1 - 0.02]);
  });
});

describe('spectral normalization', () => {
  // W = 2 a bᵀ with unit vectors a and b: one iteration from any vector finds σ = 2.
  const [a, b] = [
    [0.6, 0.8],
    [0.28, 0.96],
  ];
  const W = constant(
    a.flatMap((x) => b.map((y) => 2 * x * y)),
    [2, 2],
  );

  test('divides a matrix of rank one by its singular value', () => {
    const { u, v } = powerIteration(W, [1, 0], 1);
    a.forEach((x, i) => expect(v[i]).toBeCloseTo(x, 9));
    b.forEach((x, i) => expect(u[i]).toBeCloseTo(x, 9));
    W.data.forEach((w, i) => expect(divided(W, { u, v }).data[i]).toBeCloseTo(w / 2, 9));
  });

  test('has a gradient without a component along W: the sum of W̄ ∘ ∂L/∂W is 0', () => {
    const vectors = powerIteration(W, [1, 0], 1);
    const loss = sum(mul(divided(W, vectors), constant([1, 5, -2, 3], [2, 2])));
    const [gradient] = gradients(loss, [W]);
    expect(gradient.data.reduce((total, v, i) => total + v * W.data[i], 0)).toBeCloseTo(0, 9);
    expect(Math.hypot(...gradient.data)).toBeGreaterThan(0.1);
  });
});
