// Messages between the extension and the monitor page are accepted only if every part is valid.
import { describe, expect, it } from 'vitest';
import type { StepSummary } from './histograms';
import type { FromPage, MonitorRows, MonitorState, ToPage } from './monitor';
import type { Reproduction } from './reproductions';
import type { TableRun } from './runsTable';
import { checkFromPage, checkToPage } from './monitorChecks';
import type { SweepPlan, TrialProgress } from './sweep';

const problemOf = (checked: object) => ('problem' in checked ? checked.problem : undefined);

describe('a message from the page', () => {
  it.each<FromPage>([
    { type: 'ready' },
    { type: 'control', command: 'pause' },
    { type: 'control', command: 'critic-step' },
    { type: 'slowMotion', rate: 2 },
    { type: 'slowMotion', rate: null },
    { type: 'resumeRun' },
    { type: 'nextStep', step: 'copyExperiment' },
    { type: 'openSample', sample: 200 },
    { type: 'saveSample', sample: 'real' },
    { type: 'openSample', sample: 'live' },
    { type: 'saveCsv' },
    { type: 'openLog' },
    { type: 'openExperiment' },
    { type: 'reveal' },
    { type: 'openRun', id: '/runs/a' },
    { type: 'openTableRun', id: '/runs/a' },
    { type: 'compareTableRuns', ids: ['/runs/a', '/runs/b'] },
    { type: 'pinBaseline', id: null },
    { type: 'annotateRun', id: '/runs/a', name: '', tags: ['t'], notes: 'n' },
    { type: 'runStudy', study: 'noise' },
    { type: 'runStudyAgain', study: 'noise' },
    { type: 'stopStudy', study: 'noise' },
    { type: 'openReport', study: 'noise' },
    { type: 'openFigure', study: 'noise' },
    { type: 'revealStudy', study: 'noise' },
    { type: 'openTraining', study: 'noise', run: '-log-D-seed-1' },
    { type: 'openTrial', trial: 3 },
    { type: 'openTrialLog', trial: 3 },
    { type: 'copyTrial', trial: 3 },
    { type: 'compareTrials', trials: [1, 2] },
    { type: 'resumeSweep', failed: true },
    { type: 'cancelSweep' },
    { type: 'openSweepFile' },
    { type: 'openSweepLog' },
    { type: 'revealSweep' },
  ])('is accepted and stripped of unknown fields: %j', (message) =>
    expect(checkFromPage({ ...message, more: 1 })).toEqual({ value: message }),
  );

  it.each([
    null,
    'ready',
    [],
    {},
    { type: 'toString' },
    { type: 'control', command: 'toString' },
    { type: 'control' },
    { type: 'control', command: 'slow-motion' },
    { type: 'slowMotion' },
    { type: 'slowMotion', rate: 11 },
    { type: 'slowMotion', rate: 0 },
    { type: 'slowMotion', rate: '2' },
    { type: 'nextStep', step: 'toString' },
    { type: 'openSample', sample: '../x' },
    { type: 'openSample', sample: -1 },
    { type: 'saveSample', sample: 1.5 },
    { type: 'openRun', id: 7 },
    { type: 'openRun' },
    { type: 'compareTableRuns', ids: '/runs/a' },
    { type: 'pinBaseline' },
    { type: 'annotateRun', id: '/runs/a', name: '', tags: [1], notes: 'n' },
    { type: 'runStudy' },
    { type: 'runStudyAgain' },
    { type: 'stopStudy', study: 3 },
    { type: 'openTraining', study: 'noise' },
    { type: 'openTraining', study: 'noise', run: '..' },
    { type: 'openTraining', study: 'noise', run: 'a/b' },
    { type: 'openTraining', study: 'noise', run: 'a\\b' },
    { type: 'openTrial', trial: 0 },
    { type: 'openTrialLog', trial: '../1' },
    { type: 'copyTrial', trial: 0 },
    { type: 'compareTrials', trials: [1, '2'] },
    { type: 'resumeSweep', failed: 'yes' },
  ])('is rejected: %j', (message) => expect(problemOf(checkFromPage(message))).toBeTypeOf('string'));
});

describe('a message to the page', () => {
  const rows: MonitorRows = {
    step: Float64Array.of(1),
    wallTime: Float64Array.of(2),
    values: { estimate: Float32Array.of(3) },
  };
  const values = { min: -1, max: 1, mean: 0, norm: 2, counts: [3, 0, 3], bad: 0 };
  const layer = { network: 'critic', name: 'hidden1', weights: values, gradients: null } as const;
  const summary: StepSummary = { step: 200, layers: [layer] };
  const withLayers = (...layers: unknown[]) => ({ type: 'histograms', from: 0, histograms: [{ step: 200, layers }] });
  const state: MonitorState = {
    id: '/runs/a',
    name: 'a',
    directory: '/runs/a',
    parent: { directory: '/runs/b', step: 400 },
    seed: 1,
    status: null,
    liveness: null,
    estimate: { label: 'K·W', text: '', theory: { label: 'log 2', value: 0.69 } },
    columns: [{ name: 'estimate', label: 'K·W', unit: '' }],
    rows,
    samples: [{ step: 200, uri: 'x' }],
    real: null,
    notices: [{ step: 0, level: 'info', message: 'm' }],
    histograms: [summary],
    settings: [{ key: 'seed', value: '1', written: null }],
    log: ['line'],
  };

  const row: TableRun = {
    id: '/runs/a',
    name: 'a',
    experiment: 'ring',
    folder: 'a',
    state: 'damaged',
    step: null,
    steps: null,
    startedAt: 1000.5,
    seconds: null,
    values: { estimate: 1, w1: null },
    estimateLabel: 'K·W',
    settings: { seed: '1' },
    parent: { folder: 'b', step: 100 },
    tags: [],
    notes: '',
  };
  const withRow = (part: object) => ({ type: 'tableRuns', runs: [{ ...row, ...part }] });

  const reproduction: Reproduction = {
    study: 'noise',
    state: 'finished',
    message: null,
    done: 1,
    trainings: [{ name: 'W at 0', seed: 1, run: 'W-at-0-seed-1' }],
    step: 0,
    steps: 0,
    result: { holds: true, verdict: 'W is 0.', figure: 'uri' },
  };
  const withReproduction = (part: object) => ({
    type: 'reproductions',
    root: '/w',
    reproductions: [{ ...reproduction, ...part }],
  });

  const plan: SweepPlan = {
    directory: '/w/s',
    name: 's',
    ofFile: 9,
    settings: ['case', 'critic.width'],
    grid: ['case'],
    comparison: { metric: 'w1', maximize: false, thresholds: [0.4] },
    trials: [{ trial: 1, values: ['GAN', null], sample: null, seed: 1 }],
  };
  const progress: TrialProgress = {
    ...{ trial: 1, state: 'running', step: 3, steps: 10, seconds: 0.5 },
    ...{ value: null, message: null },
  };
  const withProgress = (part: object) => ({
    ...{ type: 'trials', active: false, canceled: false, submitted: false, problem: null },
    trials: [{ ...progress, ...part }],
  });

  it.each<ToPage>([
    { type: 'sweep', plan },
    { type: 'sweep', plan: { ...plan, comparison: null } },
    {
      type: 'trials',
      trials: [progress],
      active: true,
      canceled: false,
      submitted: false,
      problem: 'Slurm does not answer.',
    },
    { type: 'state', state },
    { type: 'rows', rows },
    { type: 'status', status: null, liveness: 'dead' },
    { type: 'samples', from: 0, samples: [], real: 'uri' },
    { type: 'notices', notices: [] },
    { type: 'histograms', from: 3, histograms: [summary] },
    { type: 'log', log: [] },
    { type: 'live', live: null },
    {
      type: 'live',
      live: {
        step: 812,
        network: 'critic',
        criticUpdatesDone: 3,
        criticUpdatesTotal: 5,
        values: { estimate: 1, penalty: null },
        uri: 'x',
      },
    },
    { type: 'problem', message: 'x' },
    { type: 'comparison', runs: [{ id: '/runs/a', name: 'a' }] },
    { type: 'of', id: '/runs/a', message: { type: 'state', state } },
    { type: 'runsTable', runs: [row], baseline: '/runs/a' },
    { type: 'tableRuns', runs: [row] },
    { type: 'reproductions', root: '/w', reproductions: [reproduction] },
    { type: 'distances' },
    { type: 'studyAnswered', study: 'noise' },
  ])('is accepted unchanged: $type', (message) => expect(checkToPage(message)).toEqual({ value: message }));

  it.each(Object.keys(state))('is rejected without the %s of a state', (key) => {
    const { [key as keyof MonitorState]: _, ...rest } = state;
    expect(problemOf(checkToPage({ type: 'state', state: rest }))).toBe(
      "the 'state' of a message 'state' is not valid",
    );
  });

  it.each<[string, unknown]>([
    ['rows of other types', { type: 'rows', rows: { ...rows, step: [1] } }],
    ['columns of another length', { type: 'rows', rows: { ...rows, values: { estimate: new Float32Array(2) } } }],
    ['times of another length', { type: 'rows', rows: { ...rows, wallTime: new Float64Array(2) } }],
    ['a status that is none', { type: 'status', status: { state: 'running' }, liveness: 'alive' }],
    ['an unknown liveness', { type: 'status', status: null, liveness: 'toString' }],
    ['an unknown level', { type: 'notices', notices: [{ step: 1, level: 'fatal', message: 'm' }] }],
    ['histograms from a place that is none', { type: 'histograms', from: -1, histograms: [summary] }],
    ...['min', 'max', 'mean', 'norm', 'bad'].map((key): [string, unknown] => [
      `a histogram whose ${key} is no number`,
      withLayers({ ...layer, weights: { ...values, [key]: null } }),
    ]),
    ['a histogram with too many bins', withLayers({ ...layer, weights: { ...values, counts: Array(31).fill(1) } })],
    ['a layer of an unknown network', withLayers({ ...layer, network: 'other' })],
    ['a layer with a very long name', withLayers({ ...layer, name: 'x'.repeat(201) })],
    ['too many layers', withLayers(...Array(513).fill(layer))],
    ['an image without a URI', { type: 'samples', from: 0, samples: [{ step: 1 }], real: null }],
    [
      'a live preview of an unknown network',
      {
        type: 'live',
        live: { step: 1, network: 'x', criticUpdatesDone: 1, criticUpdatesTotal: 5, values: {}, uri: '' },
      },
    ],
    [
      'a live preview with NaN',
      {
        type: 'live',
        live: { step: 1, network: 'critic', criticUpdatesDone: 1, criticUpdatesTotal: 5, values: { a: NaN }, uri: '' },
      },
    ],
    ['a comparison within a comparison', { type: 'of', id: 'a', message: { type: 'comparison', runs: [] } }],
    ['a row whose parent is no run', withRow({ parent: 'b' })],
    ['a row of an unknown state', withRow({ state: 'toString' })],
    ['a row whose values are no numbers', withRow({ values: { w1: '1' } })],
    ['a row whose settings are no texts', withRow({ settings: { seed: 1 } })],
    ['reproductions without a folder', { type: 'reproductions', reproductions: [] }],
    ['a study in an unknown state', withReproduction({ state: 'toString' })],
    ['a training whose run is elsewhere', withReproduction({ trainings: [{ name: 'x', seed: 1, run: '../x' }] })],
    ['a result without a verdict', withReproduction({ result: { holds: true, figure: null } })],
    [
      'a sweep whose trial has a value that is none',
      { type: 'sweep', plan: { ...plan, trials: [{ ...plan.trials[0], values: [{}] }] } },
    ],
    ['a sweep with a trial 0', { type: 'sweep', plan: { ...plan, trials: [{ ...plan.trials[0], trial: 0 }] } }],
    ['a trial in an unknown state', withProgress({ state: 'toString' })],
    ['a result that is no number', withProgress({ value: NaN })],
    ['a type of the prototype', { type: 'constructor' }],
  ])('is rejected with %s', (_, message) => expect(problemOf(checkToPage(message))).toBeTypeOf('string'));
});
