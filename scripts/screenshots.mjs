// `npm run screenshots [folder]`: pictures of the monitor in every theme, width and state, over run directories that the trainer wrote.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { cached } from './lib/cache.mjs';
import { chromiumFlags, provideChromium } from './lib/chromium.mjs';
import { loadExtensionParts, openPage, servePage, stateOf } from './lib/monitorPage.mjs';
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
  console.error(`No screenshots were made: ${found.missing}.`);
  process.exit(2);
}
const parts = await loadExtensionParts();
/** Another one where a run leaves something else than it did, which is to be seen: 2 has histograms, and arrows on its pictures. */
const recordedFormat = 2;
const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-scenes-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const server = await servePage(parts, folder);
let laid = 0;
/** What the extension would send of a run directory. */
const state = (directory, where) =>
  stateOf(parts, replay(parts, directory, path.join(folder, `${(laid += 1)}`), where), server.uriOf);
const short = async (...settings) =>
  state(path.join(await trained('eight-gaussians', ['steps=500', 'samples.every=100', ...settings]), 'finished'));
const ring = await trained('eight-gaussians', [], 1700);
const digits = await trained('digits-wgan-gp', ['steps=500', 'samples.every=50'], 420);
const runs = {
  ring: await state(path.join(ring, 'running')),
  finished: await state(path.join(ring, 'finished')),
  digits: await state(path.join(digits, 'running')),
  schedule: await short('criticSteps="authors"', 'data.samples=20000', 'data.validation=0.1'),
  seeds: [await short('seed=1'), await short('seed=2'), await short('seed=3')],
  clipped: await short('constraint={"kind":"clip","c":0.05}'),
  single: await short('criticSteps=1'),
};
const recorded = new Map();
const places = { running: ['silent', 'gone', 'elsewhere'] };
const recordedIn = await recordings(parts);
for (const name of [
  'starting',
  'running',
  'paused',
  'stopping',
  'stopped',
  'interrupted',
  'failed',
  'unbegun',
  'diverged',
])
  for (const where of places[name] ?? ['here'])
    recorded.set(`${name} ${where}`, await state(path.join(recordedIn, name), where));

const browser = await chromium.launch({ executablePath: found.path, args: chromiumFlags });
const complaints = [];
for (const scene of scenes(runs, (name, where = 'here') => recorded.get(`${name} ${where}`))) {
  if (only && !scene.name.includes(only)) continue;
  const opened = await openPage(browser, server.origin, scene);
  for (const message of scene.messages) await opened.send(message);
  await settled(opened.page, scene);
  if (scene.fullPage) {
    // What is out of sight is not drawn.
    const height = await opened.page.evaluate(() => globalThis.document.documentElement.scrollHeight);
    await opened.page.setViewportSize({ width: scene.width, height });
    await drawn(opened.page);
  }
  await scene.act?.(opened.page);
  await drawn(opened.page);
  await opened.page.screenshot({ path: path.join(out, `${scene.name}.png`), fullPage: scene.fullPage ?? false });
  complaints.push(...opened.complaints.map((complaint) => `${scene.name}: ${complaint}`));
  await opened.close();
}
await browser.close();
server.close();
console.log(`Screenshots are in ${out}`);
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length > 0 ? 1 : 0;

/**
 * A folder with the run of an example, trained here the first time and kept in the cache until the example changes: as it
 * was when it was `finished`, and where `step` is given, as it was then, `running`.
 */
async function trained(example, settings, step) {
  const file = path.join(root, 'examples', `${example}.gan.json`);
  const key = createHash('sha256')
    .update(await readFile(file))
    .update([...settings, step, recordedFormat].join('\n'));
  return cached(`monitor-${example}-${key.digest('hex').slice(0, 12)}`, async (aside) => {
    console.error(`Training ${example}${settings.map((setting) => ` ${setting}`).join('')} (once; a minute or two) …`);
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

/** Until the page shows what it was sent: rows in the charts, and the picture. */
async function settled(page, { messages }) {
  const shown = messages.find(({ type }) => type === 'state')?.state;
  if (shown) await page.locator(`[data-rows="${shown.rows.step.length}"]`).waitFor();
  if (shown?.samples.length > 0) await page.locator('.sample-image img').first().waitFor();
  await page.evaluate(() => globalThis.document.fonts.ready);
  await drawn(page);
}

/** Two frames: what was asked for in one is drawn by the end of the next. */
function drawn(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const { requestAnimationFrame } = globalThis;
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 50)));
      }),
  );
}
