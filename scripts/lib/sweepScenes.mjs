// Sweeps for screenshots and measurements of their page: plans and results made up by a formula.

/**
 * The messages of a sweep like examples/robustness.sweep.json: GAN and WGAN-GP on `samples` random architectures with
 * `seeds` each, of which the share `done` has ended.
 */
export function sweepMessages({ samples = 20, seeds = 3, done = 1, active = done < 1, name = 'robustness' } = {}) {
  const cases = ['GAN', 'WGAN-GP'];
  const choices = {
    'generator.depth': [1, 2, 4, 8],
    'generator.width': [32, 64, 128],
    'generator.activation': ['relu', 'leaky-relu', 'tanh', 'smooth-elu'],
    'critic.depth': [1, 2, 4, 8],
    'critic.normalization': ['none', 'batch', 'layer'],
  };
  const draw = (sample, k) => (Math.sin(12.9898 * (sample + 1) + 78.233 * (k + 1)) * 43758.5453) % 1;
  const unit = (sample, k) => Math.abs(draw(sample, k));
  const architectures = Array.from({ length: samples }, (_, sample) => [
    ...Object.values(choices).map((values, k) => values[Math.floor(unit(sample, k) * values.length)]),
    Number((10 ** (-4.5 + 2 * unit(sample, 9))).toPrecision(4)),
  ]);
  const trials = [];
  for (let seed = 1; seed <= seeds; seed++)
    for (const [index, values] of architectures.entries())
      for (const each of cases)
        trials.push({ trial: trials.length + 1, values: [each, ...values], sample: index + 1, seed });
  const plan = {
    directory: `/home/anna/rings/.earthmover/sweeps/${name}`,
    name,
    ofFile: trials.length,
    settings: ['case', ...Object.keys(choices), 'optimizer.learningRate'],
    grid: ['case'],
    comparison: { metric: 'w1', maximize: false, thresholds: [0.4, 0.25] },
    trials,
  };
  const ended = Math.round(done * trials.length);
  return [
    { type: 'sweep', plan },
    {
      type: 'trials',
      trials: trials.map((trial) => progressOf(trial, ended, unit)),
      active,
      canceled: false,
      submitted: false,
      problem: null,
    },
  ];
}

/** The simplest sweep: seeds only. */
function seedsMessages() {
  const trials = [1, 2, 3, 4, 5].map((seed) => ({ trial: seed, values: [], sample: null, seed }));
  const plan = {
    directory: '/home/anna/rings/.earthmover/sweeps/seeds',
    ofFile: 20,
    name: 'seeds',
    ...{ settings: [], grid: [], comparison: { metric: 'modes', maximize: true, thresholds: [8] } },
    trials,
  };
  const states = trials.map(({ trial }) => ({
    ...{ trial, state: 'finished', step: 2000, steps: 2000, seconds: 61 },
    value: [8, 7, 8, 8, 6][trial - 1],
    message: null,
  }));
  return [
    { type: 'sweep', plan },
    { type: 'trials', trials: states, active: false, canceled: false, submitted: false, problem: null },
  ];
}

const steps = 1000;

function progressOf({ trial, values, sample, seed }, ended, unit) {
  const [name, depth, width, , criticDepth, , rate] = values;
  const common = { trial, steps, seconds: 20 + width / 8, value: null, message: null };
  if (trial > ended + 2) return { ...common, state: 'waiting', step: 0, steps: 0, seconds: 0 };
  if (trial > ended) return { ...common, state: 'running', step: 130 * (trial - ended), seconds: 9 };
  const luck = unit(sample + 31 * seed, name.length);
  if (trial % 53 === 17) {
    const message =
      'Cannot write /scratch/anna/rings/metrics.bin: no space is left on the disk. Free some space and resume.';
    return { ...common, state: 'failed', step: 410, message };
  }
  if (name === 'GAN' && depth === 8 && luck > 0.55) {
    const step = 100 + Math.round(500 * luck);
    return { ...common, state: 'diverged', step, message: `The critic's loss is not finite at step ${step}.` };
  }
  const hard = name === 'GAN' ? 0.22 * Math.log2(depth * criticDepth + 1) : 0.05 * Math.log2(depth + 1);
  const value = 0.12 + hard * (0.5 + luck) + 0.08 * Math.abs(Math.log10(rate) + 3.4) + 4 / width;
  return { ...common, state: 'finished', step: steps, value: Number(value.toFixed(4)) };
}

const wide = { width: 1320, height: 900 };
/** A panel beside an editor on a small screen. */
const slim = { width: 312, height: 1100 };

/** The scenes of the page of a sweep. */
export function sweepScenes() {
  const scene = (name, messages, more) => ({ name, theme: 'dark', ...wide, fullPage: true, messages, ...more });
  const running = sweepMessages({ done: 0.62 });
  const finished = sweepMessages();
  const filtered = {
    sweep: finished[0].plan.directory,
    brushes: { 'generator.depth': { from: 4, to: null } },
    sorting: { column: 'median', descending: false },
  };
  return [
    ...['dark', 'light', 'hc-dark', 'hc-light'].flatMap((theme) => [
      scene(`sweep-running-${theme}`, running, { theme }),
      scene(`sweep-running-slim-${theme}`, running, { theme, ...slim }),
      scene(`sweep-finished-${theme}`, finished, { theme }),
      scene(`sweep-finished-slim-${theme}`, finished, { theme, ...slim }),
    ]),
    scene('sweep-filtered-dark', finished, { viewState: filtered, act: pointAtLine }),
    scene('sweep-trials-light', finished, {
      theme: 'light',
      viewState: {
        sweep: finished[0].plan.directory,
        everyTrial: true,
        sorting: { column: 'state', descending: false },
      },
    }),
    scene('sweep-seeds-dark', seedsMessages()),
    scene('sweep-seeds-slim-light', seedsMessages(), { theme: 'light', ...slim }),
    scene('sweep-german-light', running, { theme: 'light', language: 'de' }),
    scene('sweep-german-slim-dark', running, { language: 'de', ...slim }),
  ];
}

async function pointAtLine(page) {
  await page.locator('.thumb.from').nth(1).focus();
  const box = await page.locator('.plot-area .lines').boundingBox();
  await page.mouse.move(box.x + 0.72 * box.width, box.y + 0.55 * box.height);
}
