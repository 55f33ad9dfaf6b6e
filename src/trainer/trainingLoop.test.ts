// The loop on a session that only counts: how often each step runs, what it is fed, and what stands in the row.
import { describe, expect, test } from 'vitest';
import { LARGEST_EXPONENT } from '../gan/objective';
import { parseExperiment } from '../experiment';
import type { StepPosition } from '../protocol/livePreview';
import type { Row } from './trainerEvents';
import type { StepInputs } from './prefetch/stepInputs';
import { trainingLoop, type LoopHooks, type Progress } from './trainingLoop';
import type { Session } from './session';

interface Said {
  readonly estimate: (update: number) => number;
  readonly more?: Row;
}

/** Runs the loop of these settings; `said` is what the critic step gives at each of its updates. */
async function run(
  settings: object,
  { estimate, more = {} }: Said,
  from: Progress = { step: 0, criticUpdates: 0 },
  hooks: Partial<LoopHooks> = {},
) {
  const { experiment } = parseExperiment(
    JSON.stringify({ data: { source: 'gaussians-ring' }, steps: 4, ...settings }),
    'a',
  );
  const fed: [update: number, step: number][] = [];
  const bounded: [number, number][] = [];
  const rows: Row[] = [];
  const result = (row: Row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, Float32Array.of(v)]));
  const feeder: StepInputs = {
    critic: (update, step) => {
      fed.push([update, step]);
      return {};
    },
    generator: () => ({}),
    validation: () => ({}),
  };
  const session = {
    experiment,
    critic: {
      run: async () => result({ criticLoss: 1, estimate: estimate(fed.length - 1), ...more }),
      advance: async () => {},
    },
    generator: { run: async () => result({ generatorLoss: 2 }) },
    validation: null,
    hasNormalizedEstimate: true,
  } as unknown as Session;
  const end = await trainingLoop(session, feeder, from, experiment!.steps, {
    recorded: async (_, values) => void rows.push(values),
    between: async () => null,
    watched: () => false,
    bounded: (step, exponent) => void bounded.push([step, exponent]),
    ...hooks,
  });
  return { end, fed, rows, bounded };
}

describe('critic updates', () => {
  test('a constant number: counted over the run, with the step that they belong to, and no column', async () => {
    const { end, fed, rows } = await run({ criticSteps: 2 }, { estimate: () => 1 });
    expect(fed).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((update) => [update, 1 + Math.floor(update / 2)]));
    expect(end).toMatchObject({ reason: 'finished', step: 4, criticUpdates: 8 });
    expect(rows[0]).toEqual({ criticLoss: 1, estimate: 1, generatorLoss: 2 });
  });

  test('until the critic is optimal: their number stands in the row', async () => {
    const settings = { criticSteps: { untilOptimal: { window: 2, max: 9 } } };
    const { end, rows } = await run(settings, { estimate: (update) => (update < 9 ? 2 ** update : 1) });
    expect(rows.map(({ criticUpdates }) => criticUpdates)).toEqual([9, 4, 4, 4]);
    expect(end.criticUpdates).toBe(21);
  });

  test('a resumed run decides as the whole one did', async () => {
    const settings = { criticSteps: { untilOptimal: { tolerance: 0.6, window: 2, max: 9 } } };
    const estimate = (update: number) => Math.round(Math.sin(update ** 2) * 100);
    const whole = await run(settings, { estimate });
    const counts = whole.rows.map(({ criticUpdates }) => criticUpdates);
    const before = counts[0] + counts[1];
    const rest = await run(settings, { estimate: (i) => estimate(i + before) }, { step: 2, criticUpdates: before });
    expect(rest.rows.map(({ criticUpdates }) => criticUpdates)).toEqual(counts.slice(2));
    expect(rest.fed).toEqual(whole.fed.slice(before));
    expect(new Set(counts).size).toBeGreaterThan(1);
  });
});

describe('the row', () => {
  test('W is the estimate by the slope', async () => {
    const { rows } = await run({}, { estimate: () => 3, more: { penalty: 0.5, gradientNorm: 2 } });
    expect(rows[0]).toMatchObject({ estimate: 3, gradientNorm: 2, normalizedEstimate: 1.5 });
  });

  test('an exponential that was bounded is told, and is no column', async () => {
    const within = await run({}, { estimate: () => 3, more: { largestExponent: LARGEST_EXPONENT } });
    expect(within.bounded).toEqual([]);
    const past = await run({}, { estimate: () => 3, more: { largestExponent: 31 } });
    expect(past.bounded).toEqual([1, 2, 3, 4].map((step) => [step, 31]));
    expect(past.rows[0]).toEqual({ criticLoss: 1, estimate: 3, generatorLoss: 2 });
  });

  test('a number that is none ends the run', async () => {
    const { end } = await run({ criticSteps: 1 }, { estimate: (update) => (update < 2 ? 1 : NaN) });
    expect(end).toMatchObject({ reason: 'diverged', step: 3 });
  });
});

describe('between updates', () => {
  const turns = async (settings: object, estimate: (update: number) => number, watched = false) => {
    const seen: [StepPosition, Row][] = [];
    const { rows } = await run(settings, { estimate }, undefined, {
      between: async (next, measured) => (seen.push([next, measured]), null),
      watched: () => watched,
    });
    return { seen, rows };
  };

  test('the place is told before each: the network, the step, how many updates of the critic are made and how many are to be', async () => {
    const { seen } = await turns({ criticSteps: 2, steps: 2 }, () => 1);
    expect(seen.map(([next]) => next)).toEqual([
      { step: 1, network: 'critic', criticUpdatesDone: 0, criticUpdatesTotal: 2 },
      { step: 1, network: 'critic', criticUpdatesDone: 1, criticUpdatesTotal: 2 },
      { step: 1, network: 'generator', criticUpdatesDone: 2, criticUpdatesTotal: 2 },
      { step: 2, network: 'critic', criticUpdatesDone: 0, criticUpdatesTotal: 2 },
      { step: 2, network: 'critic', criticUpdatesDone: 1, criticUpdatesTotal: 2 },
      { step: 2, network: 'generator', criticUpdatesDone: 2, criticUpdatesTotal: 2 },
    ]);
  });

  test('where a rule decides, nobody knows how many there will be', async () => {
    const { seen } = await turns({ criticSteps: { untilOptimal: { window: 2, max: 9 } }, steps: 1 }, () => 1);
    expect(
      seen.map(([{ network, criticUpdatesDone, criticUpdatesTotal }]) => [
        network,
        criticUpdatesDone,
        criticUpdatesTotal,
      ]),
    ).toEqual([...[0, 1, 2, 3].map((made) => ['critic', made, null]), ['generator', 4, null]]);
  });

  test('what an update measured is told before the next: of each where somebody looks, else of those whose losses are fetched', async () => {
    const known = (seen: [StepPosition, Row][]) => seen.map(([, { estimate }]) => estimate);
    const looked = await turns({ criticSteps: 3, steps: 2 }, (update) => update, true);
    expect(known(looked.seen)).toEqual([undefined, 0, 1, 2, 2, 3, 4, 5]);
    expect(looked.seen[4][1]).toEqual(looked.rows[0]);
    const alone = await turns({ criticSteps: 3, steps: 2 }, (update) => update);
    expect(known(alone.seen)).toEqual([undefined, undefined, undefined, 2, 2, undefined, undefined, 5]);
    expect(alone.rows).toEqual(looked.rows);
  });

  test('a run ends before a step, with all that the steps before it made', async () => {
    const { end, rows } = await run({ criticSteps: 2 }, { estimate: () => 1 }, undefined, {
      between: async ({ step, criticUpdatesDone }) => (step === 3 && criticUpdatesDone === 0 ? 'stopped' : null),
    });
    expect(end).toMatchObject({ reason: 'stopped', step: 2, criticUpdates: 4 });
    expect(rows).toHaveLength(2);
  });
});
