// The training loop with a fake session: how often each step runs, with which inputs, and its rows.
import { describe, expect, test } from 'vitest';
import { LARGEST_EXPONENT } from '../gan/objective';
import { parseExperiment } from '../experiment';
import type { StepPosition } from '../protocol/livePreview';
import type { Row } from './trainerEvents';
import type { StepInputs } from './prefetch/stepInputs';
import { trainingLoop, type LoopHooks, type Progress } from './trainingLoop';
import type { Session } from './session';

interface CriticResults {
  readonly estimate: (update: number) => number;
  readonly more?: Row;
}

/** Runs the loop with these settings and results of the critic step at each update. */
async function run(
  settings: object,
  { estimate, more = {} }: CriticResults,
  from: Progress = { step: 0, criticUpdates: 0 },
  hooks: Partial<LoopHooks> = {},
) {
  const { experiment } = parseExperiment(
    JSON.stringify({ data: { source: 'gaussians-ring' }, steps: 4, ...settings }),
    'a',
  );
  const criticCalls: [update: number, step: number][] = [];
  const linearized: [number, number][] = [];
  const rows: Row[] = [];
  const result = (row: Row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, Float32Array.of(v)]));
  const inputs: StepInputs = {
    critic: (update, step) => {
      criticCalls.push([update, step]);
      return {};
    },
    generator: () => ({}),
    validation: () => ({}),
  };
  const session = {
    experiment,
    critic: {
      run: async () => result({ criticLoss: 1, estimate: estimate(criticCalls.length - 1), ...more }),
      advance: async () => {},
    },
    generator: { run: async () => result({ generatorLoss: 2 }) },
    validation: null,
    hasNormalizedEstimate: true,
  } as unknown as Session;
  const end = await trainingLoop(session, inputs, from, experiment!.steps, {
    stepDone: async (_, values) => void rows.push(values),
    beforeUpdate: async () => null,
    showsUpdates: () => false,
    checkpointIsDue: () => false,
    linearized: (step, exponent) => void linearized.push([step, exponent]),
    ...hooks,
  });
  return { end, criticCalls, rows, linearized };
}

describe('critic updates', () => {
  test('runs a constant number of critic updates per step, without a column for it', async () => {
    const { end, criticCalls, rows } = await run({ criticSteps: 2 }, { estimate: () => 1 });
    expect(criticCalls).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((update) => [update, 1 + Math.floor(update / 2)]));
    expect(end).toMatchObject({ reason: 'finished', step: 4, criticUpdates: 8 });
    expect(rows[0]).toEqual({ criticLoss: 1, estimate: 1, generatorLoss: 2 });
  });

  test('records the number of critic updates', async () => {
    const settings = { criticSteps: { untilOptimal: { window: 2, max: 9 } } };
    const { end, rows } = await run(settings, { estimate: (update) => (update < 9 ? 2 ** update : 1) });
    expect(rows.map(({ criticUpdates }) => criticUpdates)).toEqual([9, 4, 4, 4]);
    expect(end.criticUpdates).toBe(21);
  });

  test('makes the same decisions after a resume', async () => {
    const settings = { criticSteps: { untilOptimal: { tolerance: 0.6, window: 2, max: 9 } } };
    const estimate = (update: number) => Math.round(Math.sin(update ** 2) * 100);
    const whole = await run(settings, { estimate });
    const counts = whole.rows.map(({ criticUpdates }) => criticUpdates);
    const before = counts[0] + counts[1];
    const rest = await run(settings, { estimate: (i) => estimate(i + before) }, { step: 2, criticUpdates: before });
    expect(rest.rows.map(({ criticUpdates }) => criticUpdates)).toEqual(counts.slice(2));
    expect(rest.criticCalls).toEqual(whole.criticCalls.slice(before));
    expect(new Set(counts).size).toBeGreaterThan(1);
  });
});

describe('the row', () => {
  test('the estimate is divided by the mean and by the largest gradient norm', async () => {
    const { rows } = await run({}, { estimate: () => 3, more: { gradientNorm: 2, largestGradientNorm: 4 } });
    expect(rows[0]).toMatchObject({ estimate: 3, gradientNorm: 2, normalizedEstimate: 1.5, lowerBound: 0.75 });
  });

  test('comes with the estimates of all critic updates where a sample is due, and otherwise of the last', async () => {
    const seen: (readonly number[])[] = [];
    const stepDone: LoopHooks['stepDone'] = async (_, __, ___, estimates) => void seen.push(estimates);
    await run({ criticSteps: 3, samples: { every: 2 } }, { estimate: (update) => update }, undefined, { stepDone });
    expect(seen).toEqual([[2], [3, 4, 5], [8], [9, 10, 11]]);
  });

  test('a linearized exponential is reported, but has no column', async () => {
    const within = await run({}, { estimate: () => 3, more: { largestExponent: LARGEST_EXPONENT } });
    expect(within.linearized).toEqual([]);
    const past = await run({}, { estimate: () => 3, more: { largestExponent: 31 } });
    expect(past.linearized).toEqual([1, 2, 3, 4].map((step) => [step, 31]));
    expect(past.rows[0]).toEqual({ criticLoss: 1, estimate: 3, generatorLoss: 2 });
  });

  test('a value that is not finite ends the run as diverged', async () => {
    const { end } = await run({ criticSteps: 1 }, { estimate: (update) => (update < 2 ? 1 : NaN) });
    expect(end).toMatchObject({ reason: 'diverged', step: 3 });
  });
});

describe('the hook before each update', () => {
  const positions = async (settings: object, estimate: (update: number) => number, showsUpdates = false) => {
    const seen: [StepPosition, Row][] = [];
    const { rows } = await run(settings, { estimate }, undefined, {
      beforeUpdate: async (next, losses) => (seen.push([next, losses]), null),
      showsUpdates: () => showsUpdates,
    });
    return { seen, rows };
  };

  test('gets the position: network, step, critic updates done and their total', async () => {
    const { seen } = await positions({ criticSteps: 2, steps: 2 }, () => 1);
    expect(seen.map(([next]) => next)).toEqual([
      { step: 1, network: 'critic', criticUpdatesDone: 0, criticUpdatesTotal: 2 },
      { step: 1, network: 'critic', criticUpdatesDone: 1, criticUpdatesTotal: 2 },
      { step: 1, network: 'generator', criticUpdatesDone: 2, criticUpdatesTotal: 2 },
      { step: 2, network: 'critic', criticUpdatesDone: 0, criticUpdatesTotal: 2 },
      { step: 2, network: 'critic', criticUpdatesDone: 1, criticUpdatesTotal: 2 },
      { step: 2, network: 'generator', criticUpdatesDone: 2, criticUpdatesTotal: 2 },
    ]);
  });

  test('gets no total if a rule decides the number of critic updates', async () => {
    const { seen } = await positions({ criticSteps: { untilOptimal: { window: 2, max: 9 } }, steps: 1 }, () => 1);
    expect(
      seen.map(([{ network, criticUpdatesDone, criticUpdatesTotal }]) => [
        network,
        criticUpdatesDone,
        criticUpdatesTotal,
      ]),
    ).toEqual([...[0, 1, 2, 3].map((done) => ['critic', done, null]), ['generator', 4, null]]);
  });

  test('gets the losses of each update if updates are shown, otherwise only those fetched anyway', async () => {
    const known = (seen: [StepPosition, Row][]) => seen.map(([, { estimate }]) => estimate);
    const shown = await positions({ criticSteps: 3, steps: 2 }, (update) => update, true);
    expect(known(shown.seen)).toEqual([undefined, 0, 1, 2, 2, 3, 4, 5]);
    expect(shown.seen[4][1]).toEqual(shown.rows[0]);
    const hidden = await positions({ criticSteps: 3, steps: 2 }, (update) => update);
    // Those of the last step, at which a sample is due, are fetched for the health watch.
    expect(known(hidden.seen)).toEqual([undefined, undefined, undefined, 2, 2, 3, 4, 5]);
    expect(hidden.rows).toEqual(shown.rows);
  });

  test('can stop the run before a step, and the results of earlier steps are kept', async () => {
    const { end, rows } = await run({ criticSteps: 2 }, { estimate: () => 1 }, undefined, {
      beforeUpdate: async ({ step, criticUpdatesDone }) => (step === 3 && criticUpdatesDone === 0 ? 'stopped' : null),
    });
    expect(end).toMatchObject({ reason: 'stopped', step: 2, criticUpdates: 4 });
    expect(rows).toHaveLength(2);
  });
});
