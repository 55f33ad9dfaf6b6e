// `npm run screenshots [folder] [scene]`: screenshots of the monitor in every theme, width and state, from recorded
// runs.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { cached } from './lib/cache.mjs';
import { chromiumFlags, provideChromium } from './lib/chromium.mjs';
import { loadExtensionModules, openPage, servePage, stateOf } from './lib/monitorPage.mjs';
import { build, install, requireNode, root } from './lib/project.mjs';
import { isAt, recordings, replay, trainer } from './lib/recordings.mjs';
import { scenes } from './lib/scenes.mjs';

requireNode();
await install();
await build();
const out = path.resolve(process.argv[2] ?? path.join(root, '.earthmover', 'screenshots'));
await mkdir(out, { recursive: true });
const only = process.argv[3];

const found = await provideChromium();
if (found.missing) {
  console.error(`Cannot take screenshots: ${found.missing}.`);
  process.exit(2);
}
const modules = await loadExtensionModules();
/** Part of the cache key; increase it when runs contain something new that screenshots should show. */
const recordedFormat = 2;
const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-scenes-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const server = await servePage(modules, folder);
let runCount = 0;
/** The state that the extension would send for a run directory. */
const state = (directory, liveness) =>
  stateOf(modules, replay(modules, directory, path.join(folder, `${(runCount += 1)}`), liveness), server.uriOf);
const shortRun = async (...settings) =>
  state(path.join(await trained('eight-gaussians', ['steps=500', 'samples.every=100', ...settings]), 'finished'));
const ring = await trained('eight-gaussians', [], 1700);
const digits = await trained('digits-wgan-gp', ['steps=500', 'samples.every=50'], 420);
const runs = {
  ring: await state(path.join(ring, 'running')),
  finished: await state(path.join(ring, 'finished')),
  digits: await state(path.join(digits, 'running')),
  schedule: await shortRun('criticSteps="authors"', 'data.samples=20000', 'data.validation=0.1'),
  seeds: [await shortRun('seed=1'), await shortRun('seed=2'), await shortRun('seed=3')],
  clipped: await shortRun('constraint={"kind":"clip","c":0.05}'),
  single: await shortRun('criticSteps=1'),
  figure: figure(),
};
const recorded = new Map();
const livenesses = { running: ['stalled', 'dead', 'elsewhere'] };
const recordingsFolder = await recordings(modules);
for (const name of [
  'starting',
  'running',
  'paused',
  'stopping',
  'stopped',
  'interrupted',
  'failed',
  'failed-at-start',
  'diverged',
])
  for (const liveness of livenesses[name] ?? ['alive'])
    recorded.set(`${name} ${liveness}`, await state(path.join(recordingsFolder, name), liveness));

const browser = await chromium.launch({ executablePath: found.path, args: chromiumFlags });
const consoleErrors = [];
for (const scene of scenes(runs, (name, liveness = 'alive') => recorded.get(`${name} ${liveness}`))) {
  if (only && !scene.name.includes(only)) continue;
  const opened = await openPage(browser, server.origin, scene);
  for (const message of scene.messages) await opened.send(asNow(message));
  await settled(opened.page, scene);
  if (scene.fullPage) {
    // Charts out of view are not drawn.
    const height = await opened.page.evaluate(() => globalThis.document.documentElement.scrollHeight);
    await opened.page.setViewportSize({ width: scene.width, height });
    await drawn(opened.page);
  }
  await scene.act?.(opened.page, opened.send);
  await drawn(opened.page);
  await opened.page.screenshot({ path: path.join(out, `${scene.name}.png`), fullPage: scene.fullPage ?? false });
  consoleErrors.push(...opened.consoleErrors.map((text) => `${scene.name}: ${text}`));
  await opened.close();
}
await browser.close();
server.close();
console.log(`Screenshots are in ${out}`);
for (const text of consoleErrors) console.error(text);
process.exitCode = consoleErrors.length > 0 ? 1 : 0;

/**
 * Trains an example, cached until the example changes. Returns a folder with the `finished` run and, if `step` is
 * given, a copy of the `running` run at that step.
 */
async function trained(example, settings, step) {
  const file = path.join(root, 'examples', `${example}.gan.json`);
  const key = createHash('sha256')
    .update(await readFile(file))
    .update([...settings, step, recordedFormat].join('\n'));
  return cached(`monitor-${example}-${key.digest('hex').slice(0, 12)}`, async (aside) => {
    console.error(
      `Training ${example}${settings.map((setting) => ` ${setting}`).join('')} (only once, takes a minute or two)...`,
    );
    const finished = path.join(aside, 'finished');
    const overrides = settings.flatMap((setting) => ['--set', setting]);
    const run = trainer(finished, 'train', file, '--out', finished, ...overrides);
    if (step)
      await run.when('it is under way', isAt(step), () =>
        cpSync(finished, path.join(aside, 'running'), { recursive: true }),
      );
    await run.end('finished');
  });
}

/** The URI of the figure of the study that trains nothing. */
function figure() {
  const reproduction = path.join(folder, 'reproduction');
  execFileSync(process.execPath, [path.join(root, 'dist/cli.cjs'), 'reproduce', 'distances', '--out', reproduction]);
  return server.uriOf(path.join(reproduction, 'figure.svg'));
}

/** The message with the times of a live run moved to now: scenes are drawn long after their runs were read. */
function asNow(message) {
  if (message.type === 'of') return { ...message, message: asNow(message.message) };
  const { status, liveness } = message.state ?? {};
  if (!status || liveness !== 'alive') return message;
  const shift = Date.now() / 1000 - status.updatedAt;
  const times = ['startedAt', 'updatedAt', 'lastStepAt'].map((key) => [key, status[key] && status[key] + shift]);
  return { ...message, state: { ...message.state, status: { ...status, ...Object.fromEntries(times) } } };
}

/** Waits until the page shows the rows and the sample image that it was sent. */
async function settled(page, { messages }) {
  const shown = messages.find(({ type }) => type === 'state')?.state;
  if (shown) await page.locator(`[data-rows="${shown.rows.step.length}"]`).waitFor();
  if (shown?.samples.length > 0) await page.locator('.sample-image img').first().waitFor();
  await page.evaluate(() => globalThis.document.fonts.ready);
  await drawn(page);
}

/** Waits two frames, until pending updates are drawn. */
function drawn(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const { requestAnimationFrame } = globalThis;
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 50)));
      }),
  );
}
