// The health watch: which rows and samples raise which event, how often, and what it says.
import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../experiment';
import type { LayerSummary, ValueSummary } from '../protocol/histograms';
import { createHealthWatch, sampleStatistics, type HealthEvent, type HealthState } from './healthWatch';
import type { SampleStatistics } from './healthChecks';
import type { Row } from './trainerEvents';

const unit: SampleStatistics = { rootMeanSquare: 1, min: -2, max: 2, deviation: 1.4, norm: 1.4 };

function watchOf(settings: object = {}, data = unit, from?: HealthState) {
  const file = JSON.stringify({ data: { source: 'gaussians-ring', validation: 0.1 }, ...settings });
  const { experiment, problems } = parseExperiment(file, 'a');
  if (!experiment) throw new Error(problems[0].message);
  return createHealthWatch({ experiment, data }, from);
}

const codes = (events: readonly HealthEvent[]): string[] => events.map(({ code }) => code);

/** The events of rows, with their step. */
const rows = (watch: ReturnType<typeof watchOf>, count: number, row: (step: number) => Row) =>
  Array.from({ length: count }, (_, i) => watch.row(row(i + 1)).map((event) => ({ step: i + 1, ...event }))).flat();

const gradients = (norm: number): ValueSummary => ({ min: 0, max: 0, mean: 0, norm, counts: [60, 40], bad: 0 });
const layer = (network: LayerSummary['network'], norm: number): LayerSummary => ({
  network,
  name: 'dense',
  weights: null,
  gradients: gradients(norm),
});

/** The events of sample steps at which all is well but for `changes`. */
const samples = (
  watch: ReturnType<typeof watchOf>,
  count: number,
  changes: { deviation?: number; generator?: number; critic?: number; estimates?: readonly number[] } = {},
) =>
  Array.from({ length: count }, () =>
    watch.sample({
      samples: { ...unit, deviation: changes.deviation ?? 1 },
      summary: { step: 1, layers: [layer('generator', changes.generator ?? 1), layer('critic', changes.critic ?? 1)] },
      estimates: changes.estimates ?? [1],
    }),
  ).flat();

const healthy = (step: number): Row => ({ estimate: 1 + 0.1 * Math.sin(step), gradientNorm: 1.05 });

test('a healthy run raises nothing', () => {
  const watch = watchOf();
  expect(watch.start()).toEqual([]);
  expect(rows(watch, 500, healthy)).toEqual([]);
  expect(samples(watch, 20, { estimates: [1, 1.1] })).toEqual([]);
});

describe('data', () => {
  test.each([1e4, 3e6, 1e-3])('with a root mean square of %d is far from unit scale', (rootMeanSquare) => {
    const events = watchOf({}, { ...unit, rootMeanSquare }).start();
    expect(codes(events)).toEqual(['unscaled-data']);
    expect(events[0].message).toContain(`its root mean square is ${rootMeanSquare}`);
  });

  test('has the statistics of all its samples', () => {
    const { rootMeanSquare, min, max, deviation, norm } = sampleStatistics(Float32Array.of(0, 1, 4, 1, 2, 4), 2);
    expect([min, max]).toEqual([0, 4]);
    expect(rootMeanSquare).toBeCloseTo(Math.sqrt(38 / 6), 12);
    expect(norm).toBeCloseTo(Math.sqrt(38 / 3), 12);
    expect(deviation).toBeCloseTo(Math.sqrt(8 / 3 + 6 / 3), 12); // the means are 2 and 2
  });
});

describe('rows', () => {
  test('whose estimate grows without bound', () => {
    const [event, ...more] = rows(watchOf({ constraint: null }), 300, (step) => ({ estimate: -(1.1 ** step) }));
    expect(more).toEqual([]);
    expect(event).toMatchObject({ code: 'exploding-estimate' });
    expect(event.message).toMatch(/^The estimate explodes: its size is 14\d\d on average/);
  });

  test('whose discriminator makes no errors', () => {
    const watch = watchOf({ objective: 'minimax' });
    const [event, ...more] = rows(watch, 300, () => ({ estimate: Math.LN2 - 1e-4 }));
    expect(more).toEqual([]);
    expect(event).toMatchObject({ step: 50, code: 'saturated-discriminator' });
    expect(event.message).toContain('JS is 0.693 on average, 0.0144 % below its largest value log 2');
    expect(rows(watchOf({ objective: 'minimax' }), 300, () => ({ estimate: 0.65 }))).toEqual([]);
  });

  test('of a Wasserstein critic have no largest value', () => {
    expect(rows(watchOf({ constraint: null }), 300, () => ({ estimate: Math.LN2 }))).toEqual([]);
  });

  test('of a critic without a gradient, with the exact distance if it is known', () => {
    const watch = watchOf();
    watch.row({ estimate: 0, gradientNorm: 1e-6, w1: 885_664 });
    const [dead, ...more] = rows(watch, 60, () => ({ estimate: 0, gradientNorm: 1e-6 }));
    expect(more).toEqual([]); // the gradient norm is also far from 1, because the critic is dead
    expect(dead).toMatchObject({ step: 19, code: 'dead-critic' });
    expect(dead.message).toContain(
      '‖∇D‖ is 0.000001 and the estimate 0, although the exact Wasserstein distance is 886000',
    );
  });

  test('whose gradient norm is far from k + W/(2λ)', () => {
    // K = 1 + W/(2λ) with λ = 0.1, W = 1: K = 6 and the estimate KW = 6.
    const settings = { constraint: { kind: 'gradient-penalty', lambda: 0.1 } };
    expect(rows(watchOf(settings), 200, () => ({ estimate: 6, gradientNorm: 6 }))).toEqual([]);
    expect(rows(watchOf(settings), 200, () => ({ estimate: 6, gradientNorm: 2.1 }))).toEqual([]);
    const [event, ...more] = rows(watchOf(settings), 200, () => ({ estimate: 6, gradientNorm: 1 }));
    expect(more).toEqual([]);
    expect(event).toMatchObject({ step: 50, code: 'gradient-norm' });
    expect(event.message).toContain('with λ = 0.1 and an estimate of 6 it would be 6 at the optimum');
  });

  test('whose estimate is lower on held-out samples', () => {
    const watch = watchOf();
    const noise = (step: number) => 0.3 * Math.sin(100 * step);
    expect(rows(watch, 40, (step) => ({ estimate: 0.1 + noise(step), validationEstimate: 0.1 - noise(step) }))).toEqual(
      [],
    );
    const [event, ...more] = rows(watch, 40, (step) => ({ estimate: 5 + noise(step), validationEstimate: 2 }));
    expect(more).toEqual([]);
    expect(event.code).toBe('memorizing-critic');
    expect(event.message).toMatch(/the estimate is [\d.]+ on them, and [\d.]+ on held-out samples/);
  });

  test('with numbers that are not finite change nothing', () => {
    expect(rows(watchOf(), 100, () => ({ estimate: NaN, gradientNorm: Infinity }))).toEqual([]);
  });
});

describe('samples', () => {
  test('that are all alike', () => {
    const watch = watchOf();
    expect(samples(watch, 8, { deviation: 0.01 })).toEqual([]); // before the first rows
    rows(watch, 49, healthy);
    const [event, ...more] = [...watch.row(healthy(50)), ...samples(watch, 8, { deviation: 0.01 })];
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      code: 'collapsed-samples',
      message: expect.stringContaining('standard deviation is 0.01, that of real samples 1.4.') as string,
    });
  });

  test('without a gradient of the generator', () => {
    const [event, ...more] = samples(watchOf(), 8, { generator: 1e-8 });
    expect(more).toEqual([]);
    expect(event).toMatchObject({ code: 'vanished-gradient', message: expect.stringContaining('1e-9') as string });
  });

  test('without a gradient of a critic that has no penalty', () => {
    expect(codes(samples(watchOf({ constraint: { kind: 'clip' } }), 8, { critic: 1e-12 }))).toEqual(['dead-critic']);
  });

  test('whose critic updates still raise the estimate, beyond noise', () => {
    const watch = watchOf();
    rows(watch, 50, () => ({ estimate: 2 }));
    const [event, ...more] = samples(watch, 20, { estimates: [1, 2, 4] });
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      code: 'lagging-critic',
      message: expect.stringContaining('the 5 updates of a step still raise the estimate by 3,') as string,
    });
  });

  test('is not one whose updates follow the noise of a small estimate', () => {
    const watch = watchOf();
    rows(watch, 200, (step) => ({ estimate: step < 100 ? 5 : 0.05 }));
    expect(samples(watch, 20, { estimates: [0, 0.1, 0.15] })).toEqual([]);
  });
});

describe('an event', () => {
  const dead = { estimate: 0.1, gradientNorm: 1e-6 };

  test('is raised again after the value has recovered', () => {
    const watch = watchOf({ health: { gradientNorm: null } });
    expect(codes(rows(watch, 200, () => dead))).toEqual(['dead-critic']);
    expect(rows(watch, 200, healthy)).toEqual([]);
    expect(codes(rows(watch, 600, () => dead))).toEqual(['dead-critic']);
  });

  test('is off with a threshold of null, and follows its threshold', () => {
    const off = watchOf({ health: { gradientNorm: null, deadCritic: null } });
    expect(rows(off, 200, () => dead)).toEqual([]);
    const strict = watchOf({ health: { gradientNorm: null, deadCritic: 1 } });
    expect(codes(rows(strict, 200, () => ({ estimate: 0.1, gradientNorm: 0.9 })))).toEqual(['dead-critic']);
  });

  test('is not repeated by a resumed watch, which has the same events as an uninterrupted one', () => {
    const settings = { objective: 'minimax', constraint: null };
    const row = (step: number): Row => ({ estimate: step < 200 ? Math.LN2 - 1e-3 : step < 300 ? 0.2 : Math.LN2 });
    const whole = watchOf(settings);
    const expected = rows(whole, 600, row);
    expect(codes(expected)).toEqual(['saturated-discriminator', 'saturated-discriminator']);
    for (const at of [30, 100, 250]) {
      const before = watchOf(settings);
      const events = rows(before, at, row);
      const state = JSON.parse(JSON.stringify(before.state)) as HealthState;
      const after = rows(watchOf(settings, unit, state), 600 - at, (step) => row(step + at));
      expect([...events, ...after.map((event) => ({ ...event, step: event.step + at }))]).toEqual(expected);
    }
  });
});
