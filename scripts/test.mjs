// `npm test [-- STAGE...]`: installs, then checks types, style, build, unit, conformance, integration and end-to-end
// tests; stages overlap, and the last line has the counts.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { provideChromium } from './lib/chromium.mjs';
import { provideTools } from './lib/e2eTools.mjs';
import { endGroups, runGroup } from './lib/processGroup.mjs';
import { bin, install, requireNode, root } from './lib/project.mjs';
import { provideMpi, providePip, provideSlurm, provideStrace } from './lib/systemPackages.mjs';

/** Time limit of a stage, after which it is ended and fails. */
const limit = 60 * 60_000;

/** Each takes a function that runs Node with arguments and an environment, and resolves to an exit code. */
const stages = {
  build: (node) => node([path.join(root, 'esbuild.mjs')]),
  typecheck: async (node) => {
    const tsc = bin('typescript-native', 'bin', 'tsc');
    return (await node([tsc, '--noEmit'])) || node([tsc, '--noEmit', '-p', path.join(root, 'webview')]);
  },
  lint: (node) => node([path.join(root, 'scripts', 'lint.mjs')]),
  unit: (node) => vitest(node, 'unit'),
  conformance: (node) => node([path.join(root, 'scripts', 'conformance.mjs'), '--summary', summaryFile('conformance')]),
  integration: async (node) => {
    // Chromium's SwiftShader serves as the GPU; without it those tests are skipped, with the reason.
    await tools.chromium();
    await provideStrace();
    await provideSlurm();
    await provideMpi();
    await providePip();
    return vitest(node, 'integration');
  },
  e2e: async (node) => vitest(node, 'e2e', { EARTHMOVER_E2E: JSON.stringify(await tools.all()) }),
};

/**
 * Lanes run in parallel, the stages of a lane one after the other, the quickest checks first. End-to-end tests mostly wait
 * for windows, so they leave the processor to the other lane.
 */
const lanes = [['typecheck', 'lint', 'unit', 'conformance', 'integration'], ['e2e']];

/** Tools that stages share: found or installed once. */
const tools = {
  chromium: once(provideChromium),
  all: once(() => tools.chromium().then(() => provideTools({ recorded: true }))),
};

function once(provide) {
  let provided;
  return () => (provided ??= provide());
}

function vitest(node, project, more = {}) {
  const reporters = ['default', './scripts/lib/summaryReporter.mjs'].flatMap((reporter) => ['--reporter', reporter]);
  return node([bin('vitest', 'vitest.mjs'), 'run', '--project', project, ...reporters], {
    EARTHMOVER_TEST_SUMMARY: summaryFile(project),
    ...more,
  });
}

const scratch = mkdtempSync(path.join(tmpdir(), 'earthmover-test-'));
const summaryFile = (name) => path.join(scratch, `${name}.json`);

/** The counts that a stage wrote; null if it runs no tests or crashed. */
function readSummary(name) {
  return existsSync(summaryFile(name)) ? JSON.parse(readFileSync(summaryFile(name), 'utf8')) : null;
}

/**
 * Runs a stage. If other stages run at the same time, its output is printed when it ends.
 * @returns {Promise<{ passed: number, failed: string[], skipped: object[], flaky: string[] }>}
 */
async function runStage(name, alone) {
  const started = performance.now();
  const output = [];
  const print = (text) => (alone ? process.stdout.write(text) : output.push(Buffer.from(text)));
  const color = process.stdout.isTTY && !process.env.NO_COLOR ? { FORCE_COLOR: '1' } : {};
  const node = (args, env = {}) =>
    runGroup(process.execPath, args, {
      limit,
      env: { ...process.env, ...(alone ? {} : color), ...env },
      write: alone ? undefined : print,
    });
  print(`\n${name}\n`);
  const code = await stages[name](node).catch((error) => {
    print(`${error.message}\n`);
    return 1;
  });
  if (code === 130 || quitting) await quit('SIGINT');
  const { passed, failed, skipped, flaky = [] } = readSummary(name) ?? { passed: 0, failed: [], skipped: [] };
  // Failed tests are in the summary; the stage itself fails only if the runner crashed.
  if (code === 124) failed.push(`${name} (timed out after ${limit / 60_000} minutes)`);
  else if (code !== 0 && failed.length === 0) failed.push(`${name} (exit code ${code})`);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  print(`${failed.length === 0 ? 'ok' : 'failed'}: ${name}, ${seconds} s\n`);
  if (!alone) process.stdout.write(Buffer.concat(output));
  return { passed, failed, skipped, flaky };
}

function summarize(results) {
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const [failed, skipped, flaky] = ['failed', 'skipped', 'flaky'].map((key) =>
    results.flatMap((result) => result[key]),
  );
  if (flaky.length > 0) console.log(`\nPassed only on the second try:\n${flaky.map((name) => `  ${name}`).join('\n')}`);
  if (failed.length > 0) console.log(`\nFailed:\n${failed.map((name) => `  ${name}`).join('\n')}`);
  if (skipped.length > 0) {
    const lines = skipped.map(({ name, reason }) => `  ${name}${reason ? `: ${reason}` : ' (see its name)'}`);
    console.log(`\nSkipped:\n${lines.join('\n')}`);
    if (process.env.CI) console.log('\nIn CI no test may be skipped: install what these tests need.');
  }
  console.log(`\n${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
  return failed.length > 0 || (process.env.CI && skipped.length > 0) ? 1 : 0;
}

let quitting;
/** Ends everything, once; what a stage makes of its end does not matter any more. */
function quit(signal) {
  return (quitting ??= endGroups(signal).then(() => {
    rmSync(scratch, { recursive: true, force: true });
    process.exit(signal === 'SIGINT' ? 130 : 143);
  }));
}

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(stages, name));
if (unknown !== undefined) {
  console.error(`Unknown stage '${unknown}'. Stages: ${Object.keys(stages).join(', ')}.`);
  process.exit(2);
}
const selected = (name) => wanted.length === 0 || wanted.includes(name);

requireNode();
await install();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void quit(signal));
const results = {};
// Integration and end-to-end tests run the build.
if (['build', 'integration', 'e2e'].some(selected)) results.build = await runStage('build', true);
// Without a successful build they would test older code.
const built = results.build?.failed.length !== 1;
const possible = (name) => selected(name) && (built || ['typecheck', 'lint'].includes(name));
const busy = lanes.map((lane) => lane.filter(possible)).filter((lane) => lane.length > 0);
if (busy.length > 1) console.log(`\nIn parallel: ${busy.map((lane) => lane.join(', ')).join(' | ')}`);
const runLane = async (lane) => {
  for (const name of lane) results[name] = await runStage(name, busy.length === 1);
};
await Promise.all(busy.map(runLane));
rmSync(scratch, { recursive: true, force: true });
process.exitCode = summarize(Object.keys(stages).flatMap((name) => results[name] ?? []));
