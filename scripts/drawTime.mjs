// `npm run draw-time [rows]`: measures the time to redraw the monitor while a long run grows.
import { chromium } from 'playwright-core';
import { chromiumFlags, provideChromium } from './lib/chromium.mjs';
import { loadExtensionModules, openPage, servePage } from './lib/monitorPage.mjs';
import { build, install, requireNode } from './lib/project.mjs';

requireNode();
await install();
await build();
const rows = Number(process.argv[2] ?? 100_000);
if (!Number.isSafeInteger(rows) || rows < 1) {
  console.error(`'${process.argv[2]}' is not a number of rows. Give a whole number above 0, such as 100000.`);
  process.exit(2);
}
const found = await provideChromium();
if (found.missing) {
  console.error(`Cannot measure: ${found.missing}.`);
  process.exit(2);
}
const server = await servePage(await loadExtensionModules(), '.');
const browser = await chromium.launch({ executablePath: found.path, args: chromiumFlags });
const opened = await openPage(browser, server.origin, {
  theme: 'dark',
  width: 1320,
  height: 860,
  reducedMotion: 'reduce',
});

const names = ['criticLoss', 'generatorLoss', 'estimate', 'penalty', 'gradientNorm', 'normalizedEstimate', 'w1'];
const columns = names.map((name) => ({ name, label: name, unit: '' }));
await opened.send({
  type: 'state',
  state: {
    id: '/r',
    name: 'long',
    directory: '/r',
    seed: 1,
    estimate: { label: 'K·W', text: '', theory: null },
    columns,
    rows: rowsOf(1, rows),
    samples: [],
    real: null,
    notes: [],
    histograms: [],
    settings: [],
    log: [],
    status: null,
    liveness: null,
  },
});
await opened.page.locator(`[data-rows="${rows}"]`).waitFor();

// CPU time of the main thread in animation frame callbacks, from Chromium's tracing: all script of a redraw, without
// the
// compositor, and independent of the load of the machine.
await browser.startTracing(opened.page, { categories: ['devtools.timeline'] });
const appended = 25;
for (let i = 0; i < 120; i++) {
  const from = rows + 1 + i * appended;
  await opened.send({ type: 'rows', rows: rowsOf(from, from + appended - 1) });
  await opened.page.locator(`[data-rows="${from + appended - 1}"]`).waitFor();
}
const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
const frameTimes = traceEvents
  .filter(({ name, ph, tdur }) => name === 'FireAnimationFrame' && ph === 'X' && tdur !== undefined)
  .map(({ tdur }) => tdur / 1000)
  .sort((a, b) => a - b);
await browser.close();
server.close();
if (frameTimes.length === 0)
  throw new Error('The trace has no CPU times of frames: this Chromium does not record them.');
const quantile = (share) =>
  frameTimes[Math.min(frameTimes.length - 1, Math.floor(share * frameTimes.length))].toFixed(1);
console.log(
  `${frameTimes.length} redraws of ${names.length} columns, ${rows.toLocaleString('en-US')} rows growing by ${appended}: median ${quantile(0.5)} ms, p95 ${quantile(0.95)} ms, worst ${quantile(1)} ms of CPU time`,
);

function rowsOf(from, to) {
  const step = Float64Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const noise = (s, k) => Math.sin(12.9898 * s + 78.233 * k) * 0.3;
  const column = (name, k) =>
    Float32Array.from(step, (s) =>
      name === 'w1' ? (s % 200 === 0 ? 1 / k : NaN) : 1 + Math.exp(-s / 30_000) + noise(s, k),
    );
  return {
    step,
    wallTime: step.map((s) => 1e9 + s / 40),
    values: Object.fromEntries(names.map((name, k) => [name, column(name, k + 1)])),
  };
}
