// `npm test [-- stage...]`: installs, then checks types, style, build, unit, conformance, integration and end-to-end tests; the last line has the counts.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { provideChromium } from './lib/chromium.mjs';
import { provideTools } from './lib/e2eTools.mjs';
import { bin, install, requireNode, root, run } from './lib/project.mjs';

const node = (...args) => run(process.execPath, args);
const tsc = bin('typescript', 'bin', 'tsc');
const prettier = bin('prettier', 'bin', 'prettier.cjs');

/** Runs commands one after the other until one fails; resolves to its exit code. */
async function inTurn(...commands) {
  for (const command of commands) {
    const code = await command();
    if (code !== 0) return code;
  }
  return 0;
}

/** In the order in which a mistake is cheapest to find. Each resolves to an exit code. */
const stages = {
  typecheck: () =>
    inTurn(
      () => node(tsc, '--noEmit'),
      () =>
        existsSync(path.join(root, 'webview', 'main.ts')) ? node(tsc, '--noEmit', '-p', path.join(root, 'webview')) : 0,
    ),
  lint: () =>
    inTurn(
      () => node(bin('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0'),
      () => node(prettier, '--check', '.', '--log-level', 'warn'),
    ),
  build: () => node(path.join(root, 'esbuild.mjs')),
  unit: () => vitest('unit'),
  conformance: () =>
    counted('conformance', (file) => node(path.join(root, 'scripts', 'conformance.mjs'), '--summary', file)),
  integration: async () => {
    // Its SwiftShader plays the GPU; where there is none those tests are skipped, and say so.
    await provideChromium();
    return vitest('integration');
  },
  e2e: async () => {
    try {
      return await vitest('e2e', { EARTHMOVER_E2E: JSON.stringify(await provideTools()) });
    } catch (error) {
      console.error(error.message);
      return 1;
    }
  },
};

const total = { passed: 0, failed: [], skipped: [] };
const scratch = mkdtempSync(path.join(tmpdir(), 'earthmover-test-'));

/** Runs one vitest project. */
function vitest(project, extra = {}) {
  const args = [
    'run',
    '--project',
    project,
    '--reporter',
    'default',
    '--reporter',
    './scripts/lib/summaryReporter.mjs',
  ];
  return counted(project, (file) => {
    const env = { ...process.env, EARTHMOVER_TEST_SUMMARY: file, ...extra };
    return run(process.execPath, [bin('vitest', 'vitest.mjs'), ...args], { env });
  });
}

/** Runs tests that write their counts into a file, and adds these to the total. */
async function counted(name, tests) {
  const file = path.join(scratch, `${name}.json`);
  const code = await tests(file);
  const counts = read(file);
  total.passed += counts.passed;
  total.failed.push(...counts.failed);
  total.skipped.push(...counts.skipped);
  // A failure that the report knows is counted there; the stage itself fails only where the runner broke down.
  return counts.failed.length > 0 ? 0 : code;
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: [], skipped: [] };
  }
}

function summarise() {
  if (total.failed.length > 0) console.log(`\nFailed:\n${total.failed.map((name) => `  ${name}`).join('\n')}`);
  if (total.skipped.length > 0) {
    const lines = total.skipped.map(
      ({ name, reason }) => `  ${name}${reason ? `: ${reason}` : ' (its name says why)'}`,
    );
    console.log(`\nSkipped:\n${lines.join('\n')}`);
    if (process.env.CI) console.log('\nNothing may be skipped where CI is set: install what these tests need.');
  }
  console.log(`\n${total.passed} passed, ${total.failed.length} failed, ${total.skipped.length} skipped`);
  return total.failed.length > 0 || (process.env.CI && total.skipped.length > 0) ? 1 : 0;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(stages, name));
if (unknown.length > 0) {
  console.error(`There is no stage '${unknown[0]}'. Stages: ${Object.keys(stages).join(', ')}.`);
  process.exit(2);
}

requireNode();
await install();
// These tests run what is built, so the build comes along with them.
if (wanted.includes('integration') || wanted.includes('e2e')) wanted.push('build');
for (const [name, stage] of Object.entries(stages)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n${name}`);
  const started = performance.now();
  const failedBefore = total.failed.length;
  const code = await stage();
  if (code === 130) process.exit(130);
  if (code !== 0) total.failed.push(`${name} (exit code ${code})`);
  const ok = total.failed.length === failedBefore;
  console.log(`${ok ? 'ok' : 'failed'}: ${name}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
  // Tests of an older build would say nothing about these sources.
  if (name === 'build' && code !== 0) break;
}
rmSync(scratch, { recursive: true });
process.exitCode = summarise();
