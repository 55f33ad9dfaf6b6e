// `npm run screenshots [folder]`: pictures of the monitor in every theme, width and state, from examples that are trained for it.
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { cached, cache } from './lib/cache.mjs';
import { chromiumFlags, provideChromium } from './lib/chromium.mjs';
import { loadExtensionParts, openPage, servePage, stateOf } from './lib/monitorPage.mjs';
import { build, install, requireNode, root } from './lib/project.mjs';
import { runQuietly } from './lib/quiet.mjs';
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
const server = await servePage(parts, cache);
const state = async (example, settings) => stateOf(parts, await recorded(example, settings), server.uriOf);
const short = ['steps=500', 'samples.every=100'];
const runs = {
  ring: await state('eight-gaussians', []),
  digits: await state('digits-wgan-gp', ['steps=500', 'samples.every=50']),
  seeds: [
    await state('eight-gaussians', [...short, 'seed=1']),
    await state('eight-gaussians', [...short, 'seed=2']),
    await state('eight-gaussians', [...short, 'seed=3']),
  ],
  clipped: await state('eight-gaussians', [...short, 'constraint={"kind":"clip","c":0.05}']),
  single: await state('eight-gaussians', [...short, 'criticSteps=1']),
};

const browser = await chromium.launch({ executablePath: found.path, args: chromiumFlags });
const complaints = [];
for (const scene of scenes(runs)) {
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

/** The run directory of an example, trained here the first time and kept in the cache until the example changes. */
async function recorded(example, settings) {
  const file = path.join(root, 'examples', `${example}.gan.json`);
  const key = createHash('sha256')
    .update(await readFile(file))
    .update(settings.join('\n'));
  const folder = await cached(`monitor-${example}-${key.digest('hex').slice(0, 12)}`, async (aside) => {
    const args = [path.join(root, 'dist/cli.cjs'), 'train', file, '--out', path.join(aside, 'run')];
    const overrides = settings.flatMap((setting) => ['--set', setting]);
    const { code, output } = await runQuietly(`Training ${example} (once; a minute or two)`, process.execPath, [...args, ...overrides], { cwd: root }); // prettier-ignore
    if (code !== 0) throw new Error(`Training ${example} failed:\n${output}`);
  });
  const directory = path.join(folder, 'run');
  if (!existsSync(directory)) throw new Error(`${folder} holds no run; delete it`);
  return directory;
}

/** Until the page shows what it was sent: rows in the charts, and the picture. */
async function settled(page, { messages }) {
  const shown = messages.find(({ type }) => type === 'state')?.state;
  if (shown) await page.locator(`[data-rows="${shown.rows.step.length}"]`).waitFor();
  if (shown?.samples.length > 0) await page.locator('.picture img').first().waitFor();
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
