// What the page says in words and numbers, what it offers in each state, and what it remembers.
import { describe, expect, it } from 'vitest';
import type { MonitorLive } from '../../src/protocol/monitor';
import { endStates, type RunStatus, workingStates } from '../../src/protocol/status';
import { count, duration, measured, percent, stepRate } from '../format';
import {
  defaultCompareViewState,
  defaultRunViewState,
  restoreCompareViewState,
  restoreRunViewState,
} from '../viewState';
import { nearestSample } from '../curve/nearestStep';
import { createCurve } from '../curve/curve';
import { factsOf } from './header';
import { statsOf } from './statCards';
import { updateValues, positionText, disabledReason } from './stepPosition';
import { stateDisplays, isActive, displayStateOf } from './displayState';

const status: RunStatus = {
  version: 1,
  state: 'running',
  attempt: 1,
  pid: 42,
  host: 'h',
  processStart: null,
  startedAt: 1000,
  updatedAt: 1060,
  lastStepAt: 1060,
  step: 500,
  steps: 2500,
  medianStepSeconds: 0.02,
  device: 'cpu',
  engine: 'onnx',
  threads: 1,
  message: null,
  errors: [],
  metrics: {},
  acknowledged: [],
};

describe('numbers', () => {
  it.each([
    [0.46294, '0.4629'],
    [31.4159, '31.42'],
    [3141.59, '3,142'],
    [-0.5084, '−0.5084'],
    [0.00012345, '0.000123'],
    [3.1416e-7, '3.142e−7'],
    [123456789, '1.235e+8'],
    [0, '0'],
    [NaN, '–'],
    [-Infinity, '−∞'],
  ])('%f is measured as %s', (value, text) => expect(measured(value)).toBe(text));

  it.each([
    [0.4, '0 s'],
    [59.6, '1 min 00 s'],
    [185, '3 min 05 s'],
    [3599.7, '1 h 00 min'],
    [7620, '2 h 07 min'],
    [86_399, '1 d 00 h'],
    [100_800, '1 d 04 h'],
    [-3, '0 s'],
    [NaN, '–'],
  ])('%f seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text));

  it('writes paces, shares and counts', () => {
    expect([stepRate(0.04425), stepRate(3.407), stepRate(0.0005), stepRate(0), stepRate(NaN)]).toEqual([
      '22.6 it/s',
      '3.41 s/it',
      '2,000 it/s',
      '–',
      '–',
    ]);
    expect([percent(0.25), percent(0.6789, 0), percent(NaN), count(12500)]).toEqual(['25.0%', '68%', '–', '12,500']);
  });
});

describe('the situation', () => {
  it('is the state, unless the process is stuck or gone', () => {
    for (const state of [...workingStates, ...endStates])
      expect(displayStateOf({ status: { ...status, state }, liveness: 'ended' })).toBe(state);
    expect(displayStateOf({ status, liveness: 'stalled' })).toBe('stalled');
    expect(displayStateOf({ status, liveness: 'dead' })).toBe('dead');
    expect(displayStateOf({ status: null, liveness: null })).toBe('starting');
    expect(displayStateOf({ status: null, liveness: 'dead' })).toBe('dead');
  });

  it('shows Stop as long as a run works, and goes on with what has ended', () => {
    for (const [situation, { actions }] of Object.entries(stateDisplays) as [
      keyof typeof stateDisplays,
      (typeof stateDisplays)['running'],
    ][]) {
      expect([situation, actions.includes('stop')]).toEqual([situation, isActive(situation)]);
      if (isActive(situation)) expect(actions).not.toContain('resumeRun');
      expect(actions.includes('pause') && actions.includes('resume')).toBe(false);
    }
    expect(stateDisplays.stopped.actions).toEqual(['resumeRun']);
    expect(stateDisplays.finished.actions).toEqual([]);
  });
});

describe('the facts', () => {
  const facts = (change: Partial<RunStatus>, liveness: 'alive' | 'ended' = 'alive', paced: number | null = null) =>
    factsOf({ status: { ...status, ...change }, liveness }, 1100, paced).map(([, text]) => text);

  it('say how far, how long and how fast', () => {
    expect(facts({}, 'alive', 0.05)).toEqual([
      'step 500 of 2,500',
      '20%',
      '1 min 40 s left',
      '20.0 it/s',
      '1 min 40 s elapsed',
      'CPU, onnx, 1 thread',
    ]);
    expect(facts({})).toContain('40 s left');
  });

  it('promise no end to a run that is paused, done or new, and stop the clock where it ended', () => {
    for (const change of [{ state: 'paused' }, { step: 2500 }, { medianStepSeconds: null }] as const)
      expect(facts(change).join()).not.toContain('left');
    expect(facts({ state: 'paused' }).join()).not.toContain('it/s');
    // Nobody waits for its end in slow motion.
    expect(facts({ slowMotionRate: 2 }, 'alive', 1.5)).toEqual([
      'step 500 of 2,500',
      '20%',
      'slow motion',
      '1 min 40 s elapsed',
      'CPU, onnx, 1 thread',
    ]);
    expect(facts({ state: 'stopped', attempt: 2, threads: null }, 'ended')).toEqual([
      'step 500 of 2,500',
      '20%',
      '1 min 00 s total',
      'CPU, onnx',
      'attempt 2',
    ]);
    expect(factsOf({ status: null, liveness: null }, 0, null).map(([, text]) => text)).toEqual([
      'Waiting for the trainer',
    ]);
  });
});

describe('the figures', () => {
  const columns = ['estimate', 'modes', 'w1', 'w1Floor'].map((name) => ({ name, label: name, unit: '' }));
  const estimate = { label: 'K·W', text: 'x', theory: null };
  const figures = (settings: [string, string][], metrics: RunStatus['metrics']) => {
    const curve = createCurve(columns);
    curve.append({
      step: Float64Array.of(1, 2, 3),
      wallTime: Float64Array.of(1, 2, 3),
      values: { estimate: Float32Array.of(1, 9, 2), modes: Float32Array.of(NaN, 7, NaN) },
    });
    return statsOf({ estimate, settings: settings.map(([key, value]) => ({ key, value, written: null })) }, curve, {
      status: { ...status, metrics },
      liveness: 'alive',
    }).map(({ label, value, comparison }) => [label, value, comparison]);
  };

  it('are the median of the estimate and the last of each measure, beside what it is compared with', () => {
    expect(
      figures(
        [
          ['data.source', 'gaussians-ring'],
          ['data.modes', '8'],
        ],
        { w1: 0.25, w1Floor: 0.0923 },
      ),
    ).toEqual([
      ['K·W', '2.000', 'median'],
      ['W₁ exact', '0.2500', 'floor 0.09230'],
      ['Modes', '7', 'of 8'],
    ]);
  });

  it('count the modes of a grid, believe the curve before the status, and leave out what was not measured', () => {
    expect(
      figures(
        [
          ['data.source', 'gaussians-grid'],
          ['data.side', '5'],
        ],
        { modes: 24 },
      ),
    ).toContainEqual(['Modes', '7', 'of 25']);
    expect(figures([], { w1: null }).map(([label]) => label)).toEqual(['K·W', 'Modes']);
  });
});

describe('the memory', () => {
  const charts = { zoom: [10, 20], hidden: ['w1'], window: 11, log: true };
  const kept = {
    id: 'a',
    sampleStep: 400,
    real: true,
    histogramsOpen: true,
    settingsOpen: true,
    logOpen: true,
    ...charts,
  };

  it('is taken back for the same run, and is fresh for another', () => {
    expect(restoreRunViewState(kept, 'a')).toEqual(kept);
    expect(restoreRunViewState(kept, 'b')).toEqual(defaultRunViewState('b'));
  });

  it.each([
    undefined,
    null,
    5,
    [[]],
    { id: 'a', sampleStep: -1, zoom: [20, 10], hidden: 'w1', settingsOpen: 1, window: 12, log: 'yes' },
    { id: 'a', zoom: [1, NaN], hidden: null },
  ])('believes nothing of %j', (value) => expect(restoreRunViewState(value, 'a')).toEqual(defaultRunViewState('a')));

  it('of a comparison is taken back for the same runs, in whatever order', () => {
    const compared = { runs: ['a', 'b'], column: 'w1', band: 'quartiles', allSettings: true, ...charts };
    expect(restoreCompareViewState(compared, ['b', 'a'])).toEqual({ ...compared, runs: ['b', 'a'] });
    expect(restoreCompareViewState(compared, ['a', 'c'])).toEqual(defaultCompareViewState(['a', 'c']));
    expect(restoreCompareViewState(kept, ['a'])).toEqual(defaultCompareViewState(['a']));
    expect(restoreCompareViewState({ runs: ['a'], column: 5, band: 'toString' }, ['a'])).toEqual(
      defaultCompareViewState(['a']),
    );
  });

  it('keeps to the picture that is looked at', () => {
    const samples = [200, 400, 600].map((step) => ({ step }));
    expect(nearestSample(samples, null)).toBe(2);
    expect(nearestSample(samples, 400)).toBe(1);
    expect(nearestSample([...samples, { step: 800 }], 600)).toBe(2);
    expect(nearestSample(samples, 290)).toBe(0);
    expect(nearestSample([], 200)).toBe(-1);
  });
});

describe('the place of a run that is stepped by hand', () => {
  const live: MonitorLive = {
    step: 1813,
    network: 'critic',
    criticUpdatesDone: 3,
    criticUpdatesTotal: 5,
    values: { w1: 3, estimate: 0.25, criticLoss: -0.25, generatorLoss: null },
    uri: 'x',
  };

  it('is the step that is made, or the one that is behind', () => {
    expect(positionText(live)).toBe('step 1,813 · critic update 3 of 5');
    expect(positionText({ ...live, criticUpdatesTotal: null })).toBe('step 1,813 · critic update 3');
    expect(positionText({ ...live, criticUpdatesDone: 0 })).toBe('step 1,812');
  });

  it('says what was measured there, in the order of the curve, without what belongs to a whole step', () => {
    const columns = ['criticLoss', 'generatorLoss', 'estimate', 'penalty', 'w1'].map((name) => ({
      name,
      label: name,
      unit: '',
    }));
    expect(updateValues(live, columns)).toEqual([
      ['criticLoss', '−0.2500'],
      ['generatorLoss', '–'],
      ['estimate', '0.2500'],
    ]);
  });

  it('has no further critic step before the generator', () => {
    const generator = { ...live, network: 'generator', made: 5 } as const;
    expect(disabledReason('critic-step', generator)).toContain('the generator update comes next');
    for (const kind of ['generator-step', 'step'] as const) expect(disabledReason(kind, generator)).toBe('');
    for (const known of [live, null]) expect(disabledReason('critic-step', known)).toBe('');
  });
});
