// What is photographed of the monitor: the same two runs in every theme and width, and in every state a run can be in.

const wide = { width: 1320, height: 860 };
const narrow = { width: 500, height: 1100 };

/**
 * @param runs the monitor's state of a run on points (`ring`) and one on pictures (`digits`), both finished
 * @returns scenes: name, theme, size, the messages that the page gets, and what is done to it then
 */
export function scenes({ ring, digits }) {
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
    { name: 'problem-dark', theme: 'dark', ...narrow, messages: [{ type: 'problem', message: '/home/anna/rings/.earthmover/runs/20261121-eight-gaussians is not a run directory: it has no experiment.json. Choose a run in the Runs view.' }] }, // prettier-ignore
  ];
}

const now = () => Date.now() / 1000;

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
  const status = { ...run.status, state: 'running', step: steps, steps: 250_000, startedAt: at - 2500, updatedAt: at, steppedAt: at }; // prettier-ignore
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
