// `npm run examples [-- --seeds N] [--only NAME]`: trains the examples to their end with several seeds, checks what their
// comments say about it, and, with three seeds or more, writes their rows to docs/results.md. Runs that are already done
// are reused. Exits with 1 if something does not hold.
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { load } from './lib/bundle.mjs';
import { build, install, requireNode, root } from './lib/project.mjs';
import { readOptions } from './lib/readOptions.mjs';
import { writeResults } from './lib/resultsPage.mjs';

const options = readOptions({ seeds: { type: 'string', default: '3' }, only: { type: 'string', multiple: true } });
const seeds = Array.from({ length: Number(options.seeds) }, (_, i) => i + 1);
if (!(seeds.length >= 1)) fail(`--seeds is "${options.seeds}"; it must be a whole number of at least 1.`);

requireNode();
await install();
await build();
const { claimRow, claimsOf, claimsTable, exampleFiles, holds, readRun, settingsHash } = await load(
  'scripts/docs/exampleClaims.ts',
  'dist/docs/exampleClaims.cjs',
);
const folder = path.join(root, '.earthmover', 'examples');
await mkdir(folder, { recursive: true });

const files = exampleFiles(await readdir(path.join(root, 'examples'), { recursive: true }));
const unknown = options.only?.find((name) => !files.has(name));
if (unknown) fail(`There is no example '${unknown}'. Examples: ${[...files.keys()].join(', ')}.`);

const rows = [];
let failed = false;
for (const [name, relative] of files) {
  if (options.only && !options.only.includes(name)) continue;
  const file = path.join(root, 'examples', relative);
  const text = await readFile(file, 'utf8');
  const runs = [];
  for (const seed of seeds) runs.push(await readRun(await train(name, file, text, seed)));
  for (const claim of claimsOf(name, text)) {
    const row = claimRow(name, text, claim, runs);
    const held = runs.every((run) => holds(claim, claim.measure.of(run)));
    console.log(`${held ? 'holds       ' : 'DOES NOT HOLD'}  ${row.join('  ')}`);
    if (!held) failed = true;
    rows.push(row);
  }
}
const page = await readFile(path.join(root, 'docs', 'results.md'), 'utf8');
if (seeds.length >= 3) await writeResults('examples', claimsTable(page, rows));
process.exitCode = failed ? 1 : 0;

/** The run directory of a training with these settings that has ended. */
async function train(name, file, text, seed) {
  const run = path.join(folder, `${name}-${seed}`);
  const settings = settingsHash(text);
  const done = await readFile(`${run}.settings`, 'utf8').catch(() => undefined);
  if (done === settings) return run;
  await rm(run, { recursive: true, force: true });
  const started = performance.now();
  const cli = path.join(root, 'dist', 'cli.cjs');
  const args = [cli, 'train', file, '--seed', String(seed), '--out', run];
  // A training that diverges ends with 3 and has curves; the claims then do not hold.
  await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 30 }).catch((error) => {
    if (error.code !== 3) throw error;
  });
  await writeFile(`${run}.settings`, settings);
  console.log(`${name}  seed ${seed}  ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return run;
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
