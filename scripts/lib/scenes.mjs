// The scenes of the monitor's screenshots: runs in every theme, width and state, and comparisons.

import { doctorScenes } from './doctorScenes.mjs';
import { layoutScenes } from './layoutScenes.mjs';
import { runsTableScenes } from './runsTableScenes.mjs';
import { sweepScenes } from './sweepScenes.mjs';

const wide = { width: 1320, height: 860 };
const narrow = { width: 500, height: 1100 };
/** A panel beside an editor on a small screen. */
const slim = { width: 312, height: 1100 };

/**
 * @param runs the monitor's states of runs: one on points (`ring`) and one on images (`digits`) under way, the former
 * when   `finished`, one with a critic `schedule`, and short runs for comparisons: three `seeds`, weight clipping
 * (`clipped`) and a   `single` critic step
 * @param recorded returns the state of a recorded run by name and liveness
 * @returns scenes: name, theme, size, messages to the page, and actions on the page
 */
export function scenes({ ring, digits, finished, schedule, seeds, clipped, single, figure }, recorded) {
  const scene = (name, state, more = {}) => ({
    name,
    theme: 'dark',
    ...wide,
    messages: [{ type: 'state', state }],
    ...more,
  });
  const inTheme = (theme) => [
    scene(`running-${theme}`, ring, { theme }),
    scene(`narrow-${theme}`, ring, { theme, ...narrow }),
  ];
  const diverged = recorded('diverged');
  const lastStep = `step ${diverged.status.step}`;
  return [
    ...['dark', 'light', 'hc-dark', 'hc-light'].flatMap(inTheme),
    scene('digits-dark', digits),
    scene('digits-light', digits, { theme: 'light' }),
    scene('finished-light', finished, {
      theme: 'light',
      fullPage: true,
      viewState: { id: finished.id, settingsOpen: true },
    }),
    scene('hover-zoom-dark', ring, {
      viewState: { id: ring.id, zoom: [400, 1300], hidden: ['criticLoss'] },
      act: hover,
    }),
    scene('focus-hc-dark', ring, { theme: 'hc-dark', act: focus }),
    scene('narrow-full-light', digits, { theme: 'light', width: 500, height: 1900 }),
    scene('paused-dark', recorded('paused'), narrow),
    scene('stopping-dark', recorded('stopping'), narrow),
    scene('stopped-light', recorded('stopped'), { theme: 'light' }),
    scene('interrupted-dark', recorded('interrupted')),
    scene('stalled-light', recorded('running', 'stalled'), { ...narrow, theme: 'light' }),
    scene('dead-dark', recorded('running', 'dead'), narrow),
    scene('elsewhere-dark', recorded('running', 'elsewhere'), narrow),
    scene('failed-dark', recorded('failed')),
    scene('failed-light', recorded('failed'), { ...narrow, theme: 'light' }),
    scene('failed-hc-light', recorded('failed'), { ...narrow, theme: 'hc-light' }),
    scene('failed-at-start-dark', recorded('failed-at-start')),
    scene('failed-at-start-light', recorded('failed-at-start'), { ...narrow, theme: 'light' }),
    scene('diverged-dark', diverged),
    scene('starting-dark', recorded('starting')),
    scene('starting-light', recorded('starting'), { ...narrow, theme: 'light' }),
    scene('not-started-dark', notStarted(recorded('starting'))),
    scene('long-dark', long(finished, 100_000)),
    scene('log-axis-light', ring, { theme: 'light', viewState: { id: ring.id, log: true } }),
    scene('raw-dark', ring, { viewState: { id: ring.id, window: 1 } }),
    scene('german-light', ring, { theme: 'light', language: 'de' }),
    scene('german-narrow-dark', diverged, {
      ...narrow,
      language: 'de',
      fullPage: true,
      viewState: { id: diverged.id, settingsOpen: true },
    }),
    compare('german-compare-light', [...seeds, clipped, single], { theme: 'light', language: 'de', fullPage: true }),
    compare('compare-long-names-dark', longNames([...seeds, clipped, single]), { fullPage: true }),
    compare('compare-long-names-narrow-light', longNames([...seeds, clipped, single]), {
      ...narrow,
      theme: 'light',
      fullPage: true,
    }),
    scene('schedule-dark', schedule),
    scene('real-dark', digits, { viewState: { id: digits.id, real: true }, height: 1180 }),
    scene('real-narrow-light', digits, {
      theme: 'light',
      ...narrow,
      height: 1400,
      viewState: { id: digits.id, real: true },
    }),
    scene('lists-dark', diverged, {
      fullPage: true,
      viewState: { id: diverged.id, settingsOpen: true, logOpen: true },
    }),
    ...['dark', 'light', 'hc-dark', 'hc-light'].map((theme) =>
      scene(`histograms-${theme}`, finished, {
        theme,
        fullPage: true,
        viewState: { id: finished.id, histogramsOpen: true },
      }),
    ),
    scene('histograms-german-narrow-light', digits, {
      theme: 'light',
      ...narrow,
      language: 'de',
      fullPage: true,
      viewState: { id: digits.id, histogramsOpen: true },
    }),
    scene('event-light', diverged, {
      theme: 'light',
      act: (page) => page.getByRole('button', { name: lastStep }).click(),
    }),
    scene('hostile-dark', hostile(ring), {
      ...narrow,
      viewState: { id: ring.id, logOpen: true, histogramsOpen: true },
    }),
    ...['dark', 'light', 'hc-dark', 'hc-light'].map((theme) =>
      compare(`compare-${theme}`, [...seeds, clipped, single], { theme, fullPage: true }),
    ),
    compare('compare-narrow-light', [...seeds, clipped], { theme: 'light', ...narrow, fullPage: true }),
    compare('compare-runs-dark', [...seeds, clipped, single], { viewState: { band: 'runs', log: true, column: 'w1' } }),
    compare('compare-cursor-dark', [...seeds, single], { act: hover }),
    compare('compare-problem-dark', [...seeds, ring], {
      lost: '/home/anna/rings/.earthmover/runs/20261121-091500-gone',
    }),
    ...['dark', 'light', 'hc-dark', 'hc-light'].flatMap((theme) => [
      reproductions(`reproductions-${theme}`, figure, { theme }),
      reproductions(`reproductions-slim-${theme}`, figure, { theme, ...slim }),
      distances(`distances-${theme}`, { theme }),
      distances(`distances-slim-${theme}`, { theme, ...slim }),
    ]),
    ...layoutScenes(
      {
        ...{ running: ring, finished, failed: recorded('failed'), stepping: recorded('paused'), latents: digits },
        compared: [...seeds, clipped],
      },
      compare,
    ),
    ...doctorScenes(),
    ...runsTableScenes(),
    ...sweepScenes(),
    reproductions('reproductions-german-light', figure, { theme: 'light', language: 'de' }),
    distances('distances-german-slim-dark', { language: 'de', ...slim }),
    distances('distances-noise-light', { theme: 'light', viewState: overlapping }),
    { name: 'compare-opening-dark', theme: 'dark', ...narrow, messages: [{ type: 'comparison', runs: runsOf(seeds) }] },
    {
      name: 'problem-dark',
      theme: 'dark',
      ...narrow,
      messages: [
        {
          type: 'problem',
          message:
            '/home/anna/rings/.earthmover/runs/20261121-eight-gaussians is not a run directory: it has no experiment.json. Choose a run in the Runs view.',
        },
      ],
    },
  ];
}

const runsOf = (states) => states.map(({ id, name }) => ({ id, name }));

/** A comparison with loaded runs; `lost` is a run that cannot be read. */
function compare(name, states, { viewState, lost, ...more }) {
  const runs = [...runsOf(states), ...(lost ? [{ id: lost, name: 'gone' }] : [])];
  const message = `${lost} is not a run directory: it has no experiment.json. Choose a run in the Runs view.`;
  const messages = [
    { type: 'comparison', runs },
    ...states.map((state) => ({ type: 'of', id: state.id, message: { type: 'state', state } })),
    ...(lost ? [{ type: 'of', id: lost, message: { type: 'problem', message } }] : []),
  ];
  return {
    name,
    theme: 'dark',
    ...wide,
    messages,
    viewState: viewState && { runs: runs.map(({ id }) => id), ...viewState },
    ...more,
  };
}

/** Studies in every state, of which one has a figure. */
function reproductions(name, figure, more) {
  const trainings = ['W at 0', 'W at 0.5', 'JS at 0.5'].flatMap((name) =>
    [1, 2, 3].map((seed) => ({ name, seed, run: `${name.replaceAll(' ', '-')}-seed-${seed}` })),
  );
  const none = { state: 'new', message: null, done: 0, trainings: [], step: 0, steps: 0, result: null };
  const finished = { ...none, state: 'finished', done: trainings.length, trainings };
  const states = {
    'parallel-lines': {
      ...finished,
      result: { holds: true, verdict: 'The trained W is within 1.1% of |θ|, and JS within 0.004 of log 2.', figure },
    },
    distances: {
      ...finished,
      result: { holds: false, verdict: 'A sequence converges in other distances than the theorem says.', figure: null },
    },
    'weight-clipping': { ...none, state: 'training', done: 2, trainings, step: 120, steps: 300 },
    noise: { ...none, state: 'interrupted', done: 4, trainings },
    'mode-collapse': { ...none, state: 'failed', done: 4, trainings, message: 'The disk is full. Free some space.' },
  };
  const message = {
    type: 'reproductions',
    root: '/home/anna/rings',
    reproductions: Object.entries(states).map(([study, state]) => ({ study, ...state })),
  };
  return { name, theme: 'dark', ...wide, fullPage: true, messages: [message], ...more };
}

const distances = (name, more) => ({
  name,
  theme: 'dark',
  ...wide,
  fullPage: true,
  messages: [{ type: 'distances' }],
  ...more,
});

/** Of the distances page: two Gaussians with noise. */
const overlapping = {
  p: { kind: 'gaussian', position: -1, width: 0.4 },
  q: { kind: 'uniform', position: 0.5, width: 0.8 },
  noise: 0.35,
};

/** Runs of experiments with long names. */
const longNames = (runs) =>
  runs.map((run, i) => ({
    ...run,
    name: i < 3 ? run.name : `${run.name}-with-weight-clipping-and-a-name-that-does-not-end-${i}`,
  }));

/** A run whose names and texts contain markup, bidirectional marks and escape sequences. */
function hostile(run) {
  const name = '<img src=x onerror=alert(1)> \u202eexe.nag \u001b[31m';
  const notes = [{ step: 900, level: 'warning', message: '<svg onload=alert(1)> \u2066hidden\u2069 & \u001b[2J' }];
  const settings = [{ key: 'name', value: name, written: name }, ...run.settings.slice(1)];
  const histograms = run.histograms.map(({ step, layers }) => ({
    step,
    layers: layers.map((layer) => ({ ...layer, name })),
  }));
  return { ...run, name, notes, settings, histograms, log: ['plain line', '<b>bold</b> \u202etxt.exe'] };
}

/** A run before the trainer has written anything, when only the experiment is known. */
const notStarted = (run) => ({ ...run, status: null, liveness: null });

/** A run that would take hours to record: a shorter one repeated, slowly decreasing. */
function long(run, steps) {
  const n = run.rows.step.length;
  const values = Object.fromEntries(
    Object.entries(run.rows.values).map(([name, column]) => [
      name,
      Float32Array.from(
        { length: steps },
        (_, i) => column[500 + (i % (n - 500))] * (0.4 + 0.6 * Math.exp(-i / 30_000)),
      ),
    ]),
  );
  const step = Float64Array.from({ length: steps }, (_, i) => i + 1);
  const rows = { step, wallTime: step.map((i) => run.rows.wallTime[0] + i / 40), values };
  const at = Date.now() / 1000;
  const metrics = Object.fromEntries(
    Object.keys(run.status.metrics).map((name) => [name, values[name].findLast((value) => !Number.isNaN(value))]),
  );
  const status = {
    ...run.status,
    metrics,
    state: 'running',
    step: steps,
    steps: 250_000,
    startedAt: at - 2500,
    updatedAt: at,
    lastStepAt: at,
  };
  return { ...run, status, liveness: 'alive', rows };
}

async function hover(page) {
  const plot = page.locator('.chart.main .u-over');
  const box = await plot.boundingBox();
  await page.mouse.move(box.x + 0.62 * box.width, box.y + 0.4 * box.height);
}

async function focus(page) {
  await page.locator('.chart.main .plot').focus();
  for (const key of ['ArrowLeft', 'PageDown', 'PageDown', 'PageDown']) await page.keyboard.press(key);
}
