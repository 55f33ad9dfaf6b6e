// What is photographed of the monitor: the same runs in every theme and width, in every state a run can be in, and compared.

const wide = { width: 1320, height: 860 };
const narrow = { width: 500, height: 1100 };

/**
 * @param runs the monitor's state of a run on points (`ring`) and one on pictures (`digits`), and for comparisons of shorter
 *   ones with three `seeds`, weight clipping (`clipped`) and a critic that makes a `single` step; all finished
 * @returns scenes: name, theme, size, the messages that the page gets, and what is done to it then
 */
export function scenes({ ring, digits, seeds, clipped, single }) {
  const running = at(ring, 1700);
  const scene = (name, state, more = {}) => ({ name, theme: 'dark', ...wide, messages: [{ type: 'state', state }], ...more }); // prettier-ignore
  const inTheme = (theme) => [
    scene(`running-${theme}`, running, { theme }),
    scene(`narrow-${theme}`, running, { theme, ...narrow }),
  ];
  return [
    ...['dark', 'light', 'hc-dark', 'hc-light'].flatMap(inTheme),
    scene('digits-dark', at(digits, 420)),
    scene('digits-light', at(digits, 420), { theme: 'light' }),
    scene('finished-light', ring, { theme: 'light', fullPage: true, memory: { id: ring.id, settingsOpen: true } }),
    scene('hover-zoom-dark', running, {
      memory: { id: ring.id, zoom: [400, 1300], hidden: ['criticLoss'] },
      act: hover,
    }),
    scene('focus-hc-dark', running, { theme: 'hc-dark', act: focus }),
    scene('narrow-full-light', at(digits, 420), { theme: 'light', width: 500, height: 1900 }),
    scene('paused-dark', withStatus(running, { state: 'paused', message: 'Paused; resume it to go on.' }), narrow),
    scene('stopping-dark', withStatus(running, { state: 'stopping' }), narrow),
    scene('stalled-light', withStatus(running, {}, 'stalled'), { ...narrow, theme: 'light' }),
    scene('dead-dark', withStatus(running, {}, 'dead'), narrow),
    scene('elsewhere-dark', withStatus(running, { host: 'node-17' }, 'elsewhere'), narrow),
    scene('failed-dark', failed(ring)),
    scene('failed-light', failed(ring), { ...narrow, theme: 'light' }),
    scene('failed-hc-light', failed(ring), { ...narrow, theme: 'hc-light' }),
    scene('diverged-dark', diverged(running)),
    scene('starting-dark', starting(ring), { memory: null }),
    scene('starting-light', starting(ring), { ...narrow, theme: 'light' }),
    scene('waiting-dark', withStatus(at(ring, 0), { state: 'starting', step: 0, medianStepSeconds: null, steppedAt: null })), // prettier-ignore
    scene('long-dark', long(ring, 100_000)),
    scene('log-axis-light', running, { theme: 'light', memory: { id: ring.id, log: true } }),
    scene('raw-dark', running, { memory: { id: ring.id, window: 1 } }),
    scene('german-light', running, { theme: 'light', language: 'de' }),
    scene('german-narrow-dark', diverged(running), {
      ...narrow,
      language: 'de',
      fullPage: true,
      memory: { id: ring.id, settingsOpen: true },
    }),
    compare('german-compare-light', [...seeds, clipped, single], { theme: 'light', language: 'de', fullPage: true }),
    compare('compare-long-names-dark', longNames([...seeds, clipped, single]), { fullPage: true }),
    compare('compare-long-names-narrow-light', longNames([...seeds, clipped, single]), {
      ...narrow,
      theme: 'light',
      fullPage: true,
    }),
    scene('schedule-dark', scheduled(running)),
    scene('real-dark', at(digits, 420), { memory: { id: digits.id, real: true }, height: 1180 }),
    scene('real-narrow-light', at(digits, 420), {
      theme: 'light',
      ...narrow,
      height: 1400,
      memory: { id: digits.id, real: true },
    }),
    scene('lists-dark', diverged(running), {
      fullPage: true,
      memory: { id: ring.id, settingsOpen: true, logOpen: true },
    }),
    scene('event-light', diverged(running), {
      theme: 'light',
      act: (page) => page.getByRole('button', { name: 'step 1,563' }).click(),
    }),
    scene('hostile-dark', hostile(ring), { ...narrow, memory: { id: ring.id, logOpen: true } }),
    ...['dark', 'light', 'hc-dark', 'hc-light'].map((theme) =>
      compare(`compare-${theme}`, [...seeds, clipped, single], { theme, fullPage: true }),
    ),
    compare('compare-narrow-light', [...seeds, clipped], { theme: 'light', ...narrow, fullPage: true }),
    compare('compare-runs-dark', [...seeds, clipped, single], { memory: { band: 'runs', log: true, column: 'w1' } }),
    compare('compare-cursor-dark', [...seeds, single], { act: hover }),
    compare('compare-problem-dark', [...seeds, at(clipped, 350)], {
      lost: '/home/anna/rings/.earthmover/runs/20261121-091500-gone',
    }),
    { name: 'compare-opening-dark', theme: 'dark', ...narrow, messages: [{ type: 'comparison', runs: listed(seeds) }] },
    { name: 'problem-dark', theme: 'dark', ...narrow, messages: [{ type: 'problem', message: '/home/anna/rings/.earthmover/runs/20261121-eight-gaussians is not a run directory: it has no experiment.json. Choose a run in the Runs view.' }] }, // prettier-ignore
  ];
}

const now = () => Date.now() / 1000;

const listed = (states) => states.map(({ id, name }) => ({ id, name }));

/** A comparison whose states have come; `lost` is a run that cannot be read. */
function compare(name, states, { memory, lost, ...more }) {
  const runs = [...listed(states), ...(lost ? [{ id: lost, name: 'gone' }] : [])];
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
    memory: memory && { runs: runs.map(({ id }) => id), ...memory },
    ...more,
  };
}

/** Runs of experiments whose names say it all. */
const longNames = (runs) => runs.map((run, i) => ({ ...run, name: i < 3 ? run.name : `${run.name}-with-weight-clipping-and-a-name-that-does-not-end-${i}` })); // prettier-ignore

/** With columns that only some runs have: critic updates that vary, and an estimate on samples that were held out. */
function scheduled(run) {
  const more = [
    { name: 'criticUpdates', label: 'critic updates in the step', unit: '' },
    { name: 'validationEstimate', label: `${run.estimate.label} on held-out samples`, unit: '' },
  ];
  const { step, values } = run.rows;
  const criticUpdates = Float32Array.from(step, (s) => (s <= 25 || s % 500 === 0 ? 100 : 5));
  const validationEstimate = values.estimate.map((_, i) => (step[i] % 100 === 0 ? 0.9 * values.wasserstein[i] : NaN));
  return { ...run, columns: [...run.columns, ...more], rows: { ...run.rows, values: { ...values, criticUpdates, validationEstimate } } }; // prettier-ignore
}

/** Names that would like to be markup, to turn the line or to write on a terminal. */
function hostile(run) {
  const name = '<img src=x onerror=alert(1)> \u202eexe.nag \u001b[31m';
  const notes = [{ step: 900, level: 'warning', message: '<svg onload=alert(1)> \u2066hidden\u2069 & \u001b[2J' }];
  const settings = [{ key: 'name', value: name, said: name }, ...run.settings.slice(1)];
  return { ...at(run, 1700), name, notes, settings, log: ['plain line', '<b>bold</b> \u202etxt.exe'] };
}

/** The run as it was at a step, under way. */
function at(run, step) {
  const rows = run.rows.step.findLastIndex((each) => each <= step) + 1;
  const cut = (values) => values.slice(0, rows);
  const { status } = run;
  const lastOf = (name) => cut(run.rows.values[name]).findLast((value) => !Number.isNaN(value)) ?? null;
  const measures = Object.fromEntries(Object.keys(status.measures).map((name) => [name, lastOf(name)]));
  const began = now() - 61.4;
  return {
    ...run,
    status: { ...status, state: 'running', step, startedAt: began, updatedAt: now(), steppedAt: now(), measures },
    liveness: 'alive',
    rows: { step: cut(run.rows.step), wallTime: cut(run.rows.wallTime), values: Object.fromEntries(Object.entries(run.rows.values).map(([name, values]) => [name, cut(values)])) },
    samples: run.samples.filter((sample) => sample.step <= step),
  }; // prettier-ignore
}

const withStatus = (run, change, liveness = run.liveness) => ({ ...run, status: { ...run.status, ...change }, liveness }); // prettier-ignore

const starting = (run) => ({ ...at(run, 0), columns: [], rows: { step: new Float64Array(0), wallTime: new Float64Array(0), values: {} }, status: null, liveness: null, notes: [] }); // prettier-ignore

function failed(run) {
  const message = 'models/critic.ts exports no function named "critic": it exports makeCritic. Name it in the experiment, or rename the function.'; // prettier-ignore
  const errors = [{ message: "Argument of layer 'dense_2' has 3 units where 1 is needed: a critic ends in a single number.", file: '/home/anna/rings/models/critic.ts', line: 14, column: 7 }]; // prettier-ignore
  return { ...withStatus(at(run, 0), { state: 'failed', message, errors, medianStepSeconds: null, step: 0 }, 'ended') };
}

/** Losses that grow beyond all bounds, the notes that were written of it, and the end. */
function diverged(run) {
  const values = Object.fromEntries(
    Object.entries(run.rows.values).map(([name, column]) => [
      name,
      column.map((value, i) => value * (i > 1500 && !(name in run.status.measures) ? Math.exp((i - 1500) / 22) : 1)),
    ]),
  );
  const message = 'The critic loss is not a number at step 1,701. Lower the learning rate, or take a constraint.';
  const notes = [
    ...run.notes,
    { step: 1563, level: 'warning', message: 'The gradient norm of the critic is 40 times its median over the run.' },
    { step: 1701, level: 'error', message },
  ];
  return { ...withStatus(run, { state: 'diverged', message, step: 1701 }, 'ended'), rows: { ...run.rows, values }, notes }; // prettier-ignore
}

/** A long run: the recorded one over and over, slowly falling. */
export function long(run, steps) {
  const n = run.rows.step.length;
  const values = Object.fromEntries(
    Object.entries(run.rows.values).map(([name, column]) => [
      name,
      Float32Array.from({ length: steps }, (_, i) => column[500 + (i % (n - 500))] * (0.4 + 0.6 * Math.exp(-i / 30_000))),
    ]),
  ); // prettier-ignore
  const step = Float64Array.from({ length: steps }, (_, i) => i + 1);
  const rows = { step, wallTime: step.map((i) => run.rows.wallTime[0] + i / 40), values };
  const at = now();
  const measures = Object.fromEntries(Object.keys(run.status.measures).map((name) => [name, values[name].findLast((value) => !Number.isNaN(value))])); // prettier-ignore
  const status = { ...run.status, measures, state: 'running', step: steps, steps: 250_000, startedAt: at - 2500, updatedAt: at, steppedAt: at }; // prettier-ignore
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
