// `npm run modes [-- --seeds N] [--only ID]`: counts the modes of a ring and of a grid of Gaussians that each GAN
// variant covers within the same number of steps, over several seeds. Writes the table to docs/results.md. Runs that are
// already done are reused.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { build, install, requireNode, root } from './lib/project.mjs';
import { writeResults } from './lib/resultsPage.mjs';

const { values: options } = parseArgs({
  options: { seeds: { type: 'string', default: '5' }, only: { type: 'string', multiple: true } },
});
const seeds = Array.from({ length: Number(options.seeds) }, (_, i) => i + 1);
if (!(seeds.length >= 1)) {
  console.error(`--seeds is "${options.seeds}"; it must be a whole number of at least 1.`);
  process.exit(2);
}

/** Settings that all variants share. */
const common = {
  latent: { size: 2 },
  generator: { network: 'mlp', depth: 3, width: 128 },
  critic: { network: 'mlp', depth: 3, width: 128 },
  stabilization: { ema: 0.998 },
  batchSize: 128,
  steps: 5000,
  metrics: ['modes'],
  samples: { every: 1000 },
  checkpoints: { every: 1_000_000, keep: 1 },
};

const adam = (learningRate, beta1, beta2) => ({ kind: 'adam', learningRate, beta1, beta2, schedule: 'linear' });
const rmsprop = (learningRate) => ({ kind: 'rmsprop', learningRate, schedule: 'linear' });

/**
 * Each with the optimizer, constraint and critic updates of its preset. Learning rates are several times those of the
 * presets, because the networks are small, but not for the f-GANs: exp(D) explodes at twice the rate of their preset.
 */
const variants = {
  'wgan-gp': {
    title: 'WGAN-GP, λ 0.1',
    settings: {
      preset: 'wgan-gp',
      constraint: { kind: 'gradient-penalty', lambda: 0.1 },
      optimizer: adam(2e-3, 0, 0.9),
    },
  },
  lsgan: { title: 'LSGAN', settings: { preset: 'lsgan', optimizer: rmsprop(8e-4) } },
  'non-saturating': { title: 'GAN, −log D', settings: { preset: 'gan', optimizer: adam(1e-3, 0.5, 0.999) } },
  minimax: {
    title: 'GAN, minimax',
    settings: { preset: 'gan', objective: 'minimax', optimizer: adam(1e-3, 0.5, 0.999) },
  },
  wgan: {
    title: 'WGAN, c 0.1',
    settings: { preset: 'wgan', constraint: { kind: 'clip', c: 0.1 }, optimizer: rmsprop(4e-4) },
  },
  'fgan-kl': { title: 'f-GAN, KL', settings: { preset: 'fgan-kl', optimizer: adam(2e-4, 0.5, 0.999) } },
  'fgan-kl-spectral': {
    title: 'f-GAN, KL, spectral norm',
    settings: { preset: 'fgan-kl', constraint: 'spectral-norm', optimizer: adam(2e-4, 0.5, 0.999) },
  },
};
const mixtures = {
  'gaussians-grid': { title: 'grid', modes: 25 },
  'gaussians-ring': { title: 'ring', modes: 8 },
};

requireNode();
await install();
await build();
const folder = path.join(root, '.earthmover', 'modes');
await mkdir(folder, { recursive: true });
const load = loadavg()[0];
const chosen = Object.keys(variants).filter((id) => options.only?.includes(id) ?? true);
for (const id of chosen) {
  for (const source of Object.keys(mixtures)) for (const seed of seeds) await trained(source, id, seed);
}
await writePage();

/** Modes, share of high-quality samples and seconds of a run; reused if the same run was done before. */
async function trained(source, id, seed) {
  const experiment = { name: `${source}-${id}`, ...common, ...variants[id].settings, data: { source }, seed };
  const stem = path.join(folder, `${source}-${id}-${seed}`);
  const text = JSON.stringify(experiment, null, 2);
  const saved = await resultOf(stem, text);
  if (saved) return saved;
  await writeFile(`${stem}.gan.json`, text);
  await rm(`${stem}.run`, { recursive: true, force: true });
  const cli = path.join(root, 'dist', 'cli.cjs');
  const started = performance.now();
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [cli, 'train', `${stem}.gan.json`, '--out', `${stem}.run`, '--json'],
    { maxBuffer: 2 ** 30 },
  );
  const { metrics } = JSON.parse(stdout.trimEnd().split('\n').at(-1));
  const result = { ...metrics, seconds: (performance.now() - started) / 1000 };
  await writeFile(`${stem}.result.json`, JSON.stringify({ text, result }));
  const { modes, highQuality, seconds } = result;
  console.log(`${source}  ${id}  seed ${seed}: ${modes} modes, ${percent(highQuality)}, ${seconds.toFixed(0)} s`);
  return result;
}

async function resultOf(stem, text) {
  const saved = await readFile(`${stem}.result.json`, 'utf8').catch(() => undefined);
  const parsed = saved && JSON.parse(saved);
  return parsed?.text === text ? parsed.result : undefined;
}

async function writePage() {
  const head = [
    'GAN',
    ...Object.values(mixtures).flatMap(({ title, modes }) => [`${title}: modes of ${modes}`, 'samples within 3σ']),
    'seconds per seed',
  ];
  const rows = [];
  for (const id of chosen) {
    const results = {};
    for (const source of Object.keys(mixtures)) {
      results[source] = await Promise.all(seeds.map((seed) => trained(source, id, seed)));
    }
    const cells = Object.values(results).flatMap((all) => [all.map(({ modes }) => modes).join(', '), range(all)]);
    const seconds = Object.values(results).flatMap((all) => all.map((r) => r.seconds));
    rows.push([variants[id].title, ...cells, median(seconds).toFixed(0)]);
  }
  const table = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
  const caption = `${seeds.length} seeds, ${common.steps} steps each; load average at start: ${load.toFixed(1)}.`;
  console.log(`\n${table}\n\n${caption}`);
  if (!options.only) await writeResults('modes', `${table}\n\n${caption}`);
}

function percent(share) {
  return `${(100 * share).toFixed(0)}%`;
}

/** Median, minimum and maximum. */
function range(all) {
  const shares = all.map(({ highQuality }) => highQuality).sort((a, b) => a - b);
  return `${percent(median(shares))} (${percent(shares[0])} to ${percent(shares.at(-1))})`;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
