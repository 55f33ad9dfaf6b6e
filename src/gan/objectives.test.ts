// The objectives on discrete distributions: at the optimal discriminator the estimate is the divergence in closed form,
// for any other it is less, and training a table finds the optimum. The product's math in float32, the oracle's in
// float64.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { divergences, objectives, estimateOf, type DivergenceId, type ObjectiveConfig } from '../catalog';
import { openOnnxEngine } from '../engine/onnx/engine';
import { boundedExp, LARGEST_EXPONENT } from './objective';
import { createObjective } from './objectives';
import { constant, lossesOf } from '../../test/reference';
import { random } from '../../test/support/randomExperiment';

beforeAll(() => void openOnnxEngine({ threads: 1 }));

/** Two distributions over five atoms, as counts in a batch of 20. */
const p = [8, 5, 4, 2, 1];
const q = [2, 3, 4, 5, 6];
const N = 20;
/** Σ f(p, q) over the atoms. */
const sum = (f: (p: number, q: number) => number, [a, b] = [p, q]): number =>
  a.reduce((total, count, i) => total + f(count / N, b[i] / N), 0);

const kl = sum((p, q) => p * Math.log(p / q));
const half = (p: number, q: number) => (p + q) / 2;
const js = sum((p, q) => (p * Math.log(p / half(p, q)) + q * Math.log(q / half(p, q))) / 2);
const tv = sum((p, q) => Math.abs(p - q) / 2);

/**
 * The divergence that each estimate equals at the optimal discriminator, and that discriminator as a function of p and
 * q.
 */
const closed: Readonly<Record<DivergenceId, { value: number; best: (p: number, q: number) => number }>> = {
  kl: { value: kl, best: (p, q) => 1 + Math.log(p / q) },
  'reverse-kl': { value: sum((p, q) => q * Math.log(q / p)), best: (p, q) => Math.log(p / q) },
  pearson: { value: sum((p, q) => (p - q) ** 2 / q), best: (p, q) => 2 * (p / q - 1) },
  neyman: { value: sum((p, q) => (p - q) ** 2 / p), best: (p, q) => 2 * Math.log(p / q) },
  'squared-hellinger': {
    value: sum((p, q) => (Math.sqrt(p) - Math.sqrt(q)) ** 2),
    best: (p, q) => Math.log(p / q) / 2,
  },
  js: { value: js, best: (p, q) => Math.log(p / q) },
  gan: { value: js, best: (p, q) => Math.log(p / q) },
  'total-variation': { value: tv, best: (p, q) => 20 * Math.sign(p - q) },
};

const logit = (p: number, q: number) => Math.log(p / q);
const fGan = (divergence: DivergenceId): ObjectiveConfig<'f-gan'> => ({
  kind: 'f-gan',
  divergence,
  nonSaturating: false,
});
const lsgan = (a: number, b: number, c: number): ObjectiveConfig<'lsgan'> => ({ kind: 'lsgan', a, b, c });
const delta = sum((p, q) => (p - q) ** 2 / (p + q));
const leastSquares = (a: number, b: number) => (p: number, q: number) => (b * p + a * q) / (p + q);

const cases: Readonly<
  Record<string, { objective: ObjectiveConfig; value: number; best: (p: number, q: number) => number }>
> = {
  minimax: { objective: { kind: 'minimax' }, value: js, best: logit },
  'non-saturating': { objective: { kind: 'non-saturating' }, value: js, best: logit },
  'ml-gan': { objective: { kind: 'ml-gan', halved: false }, value: kl, best: logit },
  'lsgan 0, 1, 1': { objective: lsgan(0, 1, 1), value: delta, best: leastSquares(0, 1) },
  'lsgan -1, 1, 0': { objective: lsgan(-1, 1, 0), value: delta, best: leastSquares(-1, 1) },
  hinge: { objective: { kind: 'hinge' }, value: tv, best: (p, q) => Math.sign(p - q) },
  ...Object.fromEntries(
    (Object.keys(divergences) as DivergenceId[]).map((d) => [`f-gan ${d}`, { objective: fGan(d), ...closed[d] }]),
  ),
};

/** D at every sample of the batch in which atom i occurs counts[i] times. */
const batch = (counts: readonly number[], D: readonly number[]): number[] =>
  counts.flatMap((count, i) => new Array<number>(count).fill(D[i]));

const inFloat64 = (objective: ObjectiveConfig, D: readonly number[], [a, b] = [p, q]): number =>
  lossesOf(objective).estimate(constant(batch(a, D), [N, 1]), constant(batch(b, D), [N, 1]));

function inFloat32(objective: ObjectiveConfig, D: readonly number[], [a, b] = [p, q]): number {
  const scores = { real: tf.tensor2d(batch(a, D), [N, 1]), fake: tf.tensor2d(batch(b, D), [N, 1]) };
  const created = createObjective(objective);
  const exp = boundedExp([]);
  return created.estimate(created.criticLoss(scores, exp), scores, exp).dataSync()[0];
}

describe.each(Object.entries(cases))('%s', (_, { objective, value, best }) => {
  const optimal = p.map((count, i) => best(count / N, q[i] / N));

  test('the estimate equals the divergence for the optimal discriminator', () => {
    expect(inFloat64(objective, optimal)).toBeCloseTo(value, 12);
    expect(inFloat32(objective, optimal)).toBeCloseTo(value, 5);
  });

  test('the estimate is lower for any other discriminator', () => {
    const next = random(3);
    for (let i = 0; i < 200; i++) {
      const scale = [0.01, 0.3, 3][i % 3];
      const D = optimal.map((v) => v + scale * (2 * next() - 1));
      expect(inFloat64(objective, D)).toBeLessThanOrEqual(value + 1e-12);
    }
    const D = optimal.map((v) => 0.3 * v);
    expect(inFloat64(objective, D)).toBeLessThan(value - 1e-9 * (1 + Math.abs(value)));
  });

  test('the estimate is zero for equal distributions', () => {
    const same = p.map((count) => best(count / N, count / N));
    expect(inFloat64(objective, same, [p, p])).toBeCloseTo(0, 12);
  });
});

describe('for disjoint supports', () => {
  const disjoint: [number[], number[]] = [
    [12, 8, 0, 0, 0],
    [0, 0, 4, 6, 10],
  ];
  const split = (D: number, fake = -D) => disjoint[0].map((count) => (count > 0 ? D : fake));

  test.each(Object.entries(cases))(
    '%s reaches the upper bound that the catalog shows, or grows without bound',
    (_, { objective }) => {
      const { theory } = estimateOf(objective);
      if (theory === undefined) {
        // KL and χ² are unbounded: they grow with the confidence of D.
        expect(inFloat32(objective, split(8, -2), disjoint)).toBeGreaterThan(
          inFloat32(objective, split(4, -2), disjoint),
        );
        return;
      }
      const [a, b] = objective.kind === 'lsgan' ? [objective.a, objective.b] : [-1, 1];
      const sure =
        objective.kind === 'hinge' || objective.kind === 'lsgan' ? split(1).map((s) => (s > 0 ? b : a)) : split(20);
      expect(inFloat32(objective, sure, disjoint)).toBeCloseTo(theory.value, 6);
    },
  );

  test.each(['minimax', 'non-saturating'] as const)('%s: JS is log 2', (kind) => {
    expect(inFloat32({ kind }, split(40), disjoint)).toBeCloseTo(Math.LN2, 7);
  });
});

describe('a discriminator trained as a table of logits', () => {
  test.each(['minimax', 'non-saturating', 'ml-gan'] as const)(
    '%s: its sigmoid converges to p_r/(p_r + p_g)',
    (kind) => {
      const objective = createObjective(kind === 'ml-gan' ? { kind, halved: false } : { kind });
      const rows = (counts: readonly number[]) => tf.cast(tf.oneHot(batch(counts, [0, 1, 2, 3, 4]), 5), 'float32');
      const [real, fake] = [rows(p), rows(q)];
      const D = tf.variable(tf.zeros([5, 1]));
      const exp = boundedExp([]);
      for (let i = 0; i < 400; i++) {
        const { value, grads } = tf.variableGrads(() =>
          objective.criticLoss({ real: tf.matMul(real, D), fake: tf.matMul(fake, D) }, exp),
        );
        D.assign(tf.sub(D, tf.mul(4, grads[D.name])));
        value.dispose();
        D.dataSync();
      }
      const trained = tf.sigmoid(D).dataSync();
      p.forEach((count, i) => expect(trained[i]).toBeCloseTo(count / (count + q[i]), 4));
    },
  );
});

describe('generator losses', () => {
  const D = [2, 1, 0.3, -1, -2];
  const fake = batch(q, D);
  const lossOf = (objective: ObjectiveConfig): number =>
    createObjective(objective)
      .generatorLoss(tf.tensor2d(fake, [N, 1]), boundedExp([]))
      .dataSync()[0];
  const mean = (f: (v: number) => number): number => fake.reduce((total, v) => total + f(v), 0) / N;
  const s = (v: number): number => 1 / (1 + Math.exp(-v));

  test('equal their formulas', () => {
    expect(lossOf({ kind: 'minimax' })).toBeCloseTo(
      mean((v) => Math.log(1 - s(v))),
      5,
    );
    expect(lossOf({ kind: 'non-saturating' })).toBeCloseTo(
      mean((v) => -Math.log(s(v))),
      5,
    );
    expect(lossOf({ kind: 'ml-gan', halved: false })).toBeCloseTo(-mean(Math.exp), 5);
    expect(lossOf({ kind: 'ml-gan', halved: true })).toBeCloseTo(-mean(Math.exp) / 2, 5);
    expect(lossOf(lsgan(-1, 1, 0))).toBeCloseTo(
      mean((v) => v ** 2 / 2),
      5,
    );
    expect(lossOf({ kind: 'hinge' })).toBeCloseTo(-mean((v) => v), 5);
    expect(lossOf({ kind: 'wgan' })).toBeCloseTo(-mean((v) => v), 5);
  });

  test.each(Object.keys(divergences) as DivergenceId[])(
    'equal the formula for f-gan %s, saturating and non-saturating',
    (divergence) => {
      for (const nonSaturating of [false, true]) {
        const objective: ObjectiveConfig = { kind: 'f-gan', divergence, nonSaturating };
        const oracle = lossesOf(objective).generator(constant(fake, [N, 1])).data[0];
        expect(Math.abs(lossOf(objective) - oracle)).toBeLessThan(1e-5 * (1 + Math.abs(oracle)));
      }
    },
  );
});

describe('one-sided label smoothing', () => {
  const D = [2, 1, 0.3, -1, -2];
  const scores = () => ({ real: tf.tensor2d(batch(p, D), [N, 1]), fake: tf.tensor2d(batch(q, D), [N, 1]) });
  const all = (Object.keys(objectives) as (keyof typeof objectives)[]).map((kind) => {
    const parameters = {
      'ml-gan': { halved: false },
      lsgan: { a: 0, b: 1, c: 1 },
      'f-gan': { divergence: 'kl', nonSaturating: false },
    };
    return { kind, ...(parameters as Record<string, object>)[kind] } as ObjectiveConfig;
  });

  test.each(all)(
    '$kind has a smoothed loss if and only if the catalog says that it supports smoothing',
    (objective) => {
      const { smoothedLoss } = createObjective(objective);
      expect(smoothedLoss !== undefined).toBe(objectives[objective.kind].labels);
      if (!smoothedLoss) return;
      const plain = createObjective(objective).criticLoss(scores(), boundedExp([])).dataSync()[0];
      expect(smoothedLoss(scores(), 0).dataSync()[0]).toBeCloseTo(plain, 5);
      const oracle = lossesOf(objective).smoothed!(constant(batch(p, D), [N, 1]), constant(batch(q, D), [N, 1]), 0.1);
      expect(smoothedLoss(scores(), 0.1).dataSync()[0]).toBeCloseTo(oracle.data[0], 5);
      expect(oracle.data[0]).not.toBeCloseTo(plain, 3);
    },
  );
});

describe('the bounded exponential', () => {
  const at = (x: number) => boundedExp([])(tf.scalar(x)).dataSync()[0];
  const derivative = (x: number) =>
    tf
      .grad((x) => boundedExp([])(x))(tf.scalar(x))
      .dataSync()[0];

  test('is exact up to its bound, and follows its tangent beyond', () => {
    for (const x of [-50, -1, 0, 3, LARGEST_EXPONENT]) {
      expect(at(x) / Math.exp(x)).toBeCloseTo(1, 5);
      expect(derivative(x) / Math.exp(x)).toBeCloseTo(1, 5);
    }
    const top = Math.exp(LARGEST_EXPONENT);
    expect(at(LARGEST_EXPONENT + 2) / top).toBeCloseTo(3, 5);
    expect(at(1e6) / top).toBeCloseTo(1e6 - LARGEST_EXPONENT + 1, -1);
    expect(derivative(1e6) / top).toBeCloseTo(1, 5);
  });

  test('reports the largest exponent', () => {
    const exponents: tf.Scalar[] = [];
    boundedExp(exponents)(tf.tensor1d([3, 90, -5]));
    expect(exponents.map((e) => e.dataSync()[0])).toEqual([90]);
  });

  test.each([fGan('neyman'), fGan('squared-hellinger'), fGan('kl'), { kind: 'ml-gan', halved: false } as const])(
    '$kind stays finite where float32 would overflow, for every sign of D',
    (objective) => {
      for (const D of [1e3, -1e3, 100, -100])
        expect(Number.isFinite(inFloat32(objective, new Array<number>(5).fill(D)))).toBe(true);
    },
  );
});
