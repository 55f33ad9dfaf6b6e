// How long a user waits for the editor: activation, the first lens, the first point, a reload, and large runs.
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Request } from 'playwright-core';
import { planGeneratedSweep, writeTrial } from '../support/generatedSweep';
import { writeFinishedRun } from '../support/generatedRuns';
import { brief } from './support/experiments';
import { startServer, type Server } from './support/server';
import { openWindow, type Window } from './support/window';
import { workspace } from './support/workspace';

export interface EditorTime {
  /** What was done, in Markdown. */
  readonly what: string;
  /** Milliseconds. */
  readonly ms: readonly number[];
  /** The milliseconds that it should take at most; null if only part of it is ours. */
  readonly limit: number | null;
}

/** Experiments on points: what a new user clicks first. */
const toys = ['eight-gaussians', 'swiss-roll', 'twenty-five-gaussians'];

const large = { runs: 1000, rows: 1_000_000, trials: 1000 } as const;

export interface TimedWindows {
  /** How often the windows of a new user are opened. */
  readonly windows: number;
  /** The same for those with large runs. */
  readonly largeWindows: number;
}

export async function editorTimes(
  root: string,
  { windows, largeWindows }: TimedWindows,
): Promise<readonly EditorTime[]> {
  const server = await startServer();
  const times = new Map<string, number[]>();
  const limits = new Map<string, number | null>();
  const add = (what: string, limit: number | null, ms: number) => {
    times.set(what, [...(times.get(what) ?? []), ms]);
    limits.set(what, limit);
  };
  try {
    await withoutMeasuring(server);
    for (let i = 0; i < windows; i++) {
      await withFirstRuns(server, root, add);
      await withNewFile(server, add);
      process.stderr.write(`Window ${i + 1} of ${windows}\n`);
    }
    const space = workspace({ 'brief.gan.json': brief });
    try {
      writeLargeRuns(path.join(space.folder, '.earthmover'));
      for (let i = 0; i < largeWindows; i++) await withLargeRuns(server, space.folder, add);
    } finally {
      space.remove();
    }
  } finally {
    await server.stop();
  }
  return [...times].map(([what, ms]) => ({ what, ms, limit: limits.get(what) ?? null }));
}

/** Opens a first window, which reads all files of VS Code and of the extension from disk. */
async function withoutMeasuring(server: Server): Promise<void> {
  const space = workspace({ 'brief.gan.json': brief });
  const window = await openWindow(server, space.folder);
  await activation(window);
  await window.close();
  space.remove();
}

type Add = (what: string, limit: number | null, ms: number) => void;

/** A folder with experiments: activation, each first run, and a reload after the last one was stopped. */
async function withFirstRuns(server: Server, root: string, add: Add): Promise<void> {
  const space = workspace({});
  for (const toy of toys)
    cpSync(path.join(root, `examples/${toy}.gan.json`), path.join(space.folder, `${toy}.gan.json`));
  const window = await openWindow(server, space.folder);
  add('activation in a folder with experiments, as _Show Running Extensions_ counts it', 50, await activation(window));
  for (const toy of toys) {
    await window.openFile(`${toy}.gan.json`);
    const lens = await window.lens('▶ Train');
    const took = await elapsed(async () => {
      await lens.click();
      await firstPoint(window);
    });
    add(`click on \`▶ Train\` to the first point in the monitor: \`${toy}\``, 2000, took);
    await window.command('Earthmover: Stop');
    const stopped = window.monitor.frame.getByRole('status').filter({ hasText: /stopped/i });
    await stopped.first().waitFor();
    if (toy === toys.at(-1)) await reload(window, add);
    await window.command('View: Close All Editors');
    await sleep(1000);
  }
  await window.close();
  space.remove();
}

/** Measures from the request for the new document on, also the part of VS Code: until the explorer lists files. */
async function reload(window: Window, add: Add): Promise<void> {
  const { page } = window;
  // Until the machine is idle.
  await sleep(2000);
  const isDocument = (request: Request) => request.isNavigationRequest() && request.frame() === page.mainFrame();
  const requested = page.waitForEvent('request', isDocument).then(() => performance.now());
  const loaded = page.waitForEvent('load');
  const reloaded = window.reload();
  const began = await requested;
  await loaded;
  await appears(page.getByRole('treeitem').first());
  const listed = performance.now();
  await firstPoint(window);
  const shown = performance.now();
  await reloaded;
  add('reload of the window to the curve in the monitor', 5000, shown - began);
  add('of it, VS Code until its explorer is there', null, listed - began);
}

/** A folder without experiments, in which one appears and is opened: this activates the extension. */
async function withNewFile(server: Server, add: Add): Promise<void> {
  const space = workspace({ 'notes.txt': '' });
  const window = await openWindow(server, space.folder);
  await sleep(2000);
  writeFileSync(path.join(space.folder, 'new.gan.json'), JSON.stringify(brief, null, 2));
  const item = window.page.getByRole('treeitem', { name: 'new.gan.json', exact: true });
  await item.waitFor();
  const took = await elapsed(async () => {
    await item.dblclick();
    await appears(window.page.locator('.codelens-decoration a', { hasText: '▶ Train' }).first());
  });
  add('double click on a new experiment to its first lens, with activation', 2000, took);
  const counted = await activation(window);
  add('activation by opening a JSON file, with that of the extensions of VS Code before it', null, counted);
  await window.close();
  space.remove();
}

function writeLargeRuns(folder: string): void {
  const at = (k: number) => `20260101-${String(100000 + k)}`;
  for (let k = 0; k < large.runs - 1; k++) writeFinishedRun(path.join(folder, 'runs', `${at(k)}-ring`), 10);
  writeFinishedRun(path.join(folder, 'runs', '20270101-000000-long'), large.rows);
  const sweep = path.join(folder, 'sweeps', 'large');
  const axes = { 'critic.width': { integer: [16, 256] }, 'optimizer.learningRate': { log: [1e-5, 1e-3] } };
  planGeneratedSweep(sweep, { sample: { count: large.trials, of: axes }, result: { metric: 'w1' } });
  for (let trial = 1; trial <= large.trials; trial++)
    writeTrial(sweep, trial, { state: 'finished', value: 0.1 + (trial % 97) / 50 });
}

/** The Runs view of 1,000 runs, the monitor of a run of a million steps, and the panel of a sweep of 1,000 trials. */
async function withLargeRuns(server: Server, folder: string, add: Add): Promise<void> {
  const window = await openWindow(server, folder);
  const { page, monitor } = window;
  await activation(window);
  const items = page.locator('.pane', { hasText: 'Runs' }).getByRole('treeitem');
  const asked = performance.now();
  await page.getByRole('tab', { name: 'Earthmover' }).first().click();
  await appears(items.filter({ hasText: 'ring' }).first());
  add('click on the view to the newest runs', null, performance.now() - asked);
  // The rows of all of them are below those that can be seen; the first one is the sweep.
  await appears(items.and(page.locator(`[aria-setsize="${large.runs + 1}"]`)).first());
  add('the same until all 1,000 runs are listed', 1000, performance.now() - asked);

  const open = async (run: number) => {
    await items.filter({ hasText: 'ring' }).nth(run).dblclick();
    await firstPoint(window);
  };
  add(
    'double click on a run of ten steps to its curve, the first page in the window',
    null,
    await elapsed(() => open(1)),
  );
  await window.command('View: Close All Editors');
  await sleep(1000);
  const clicked = performance.now();
  await open(0);
  add('double click on a run of a million steps to its curve', 1000, performance.now() - clicked);
  await appears(monitor.frame.locator(`[data-rows="${large.rows}"]`).first());
  add('the same until the page has every row, for zooming in', null, performance.now() - clicked);
  for (const ms of await framesOfPanning(window)) add('script of a frame while its curve is moved', 16, ms);
  await window.command('View: Close All Editors');

  const panel = elapsed(async () => {
    await page.getByRole('treeitem', { name: /^Sweep large/ }).dblclick();
    await appears(monitor.frame.getByText('1,000 of 1,000 trials ended').first());
  });
  add('double click on a sweep of 1,000 trials to its panel', 1000, await panel);
  await window.close();
}

interface PageGlobals {
  frameTimes: number[];
  requestAnimationFrame: (draw: (time: number) => void) => number;
}

/** Milliseconds of script in the frames of a page that a curve is scaled and moved in. */
async function framesOfPanning({ page, monitor }: Window): Promise<number[]> {
  const plot = monitor.frame.locator('.chart.main .u-over');
  await plot.evaluate(() => {
    const self = globalThis as unknown as PageGlobals;
    const ms: number[] = (self.frameTimes = []);
    const request = self.requestAnimationFrame.bind(self);
    self.requestAnimationFrame = (draw) =>
      request((time) => {
        const started = performance.now();
        draw(time);
        ms.push(performance.now() - started);
      });
  });
  await plot.hover();
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -600);
  await page.keyboard.up('Control');
  for (let i = 0; i < 60; i++) await page.mouse.wheel(i % 20 < 10 ? 40 : -40, 0);
  await sleep(500);
  return plot.evaluate(() => (globalThis as unknown as PageGlobals).frameTimes);
}

const firstPoint = (window: Window): Promise<void> =>
  appears(window.monitor.frame.locator('[data-rows]:not([data-rows="0"])').first());

/** Waits until it can be seen. Playwright's own waiting looks every half second only, after a moment. */
async function appears(found: Locator): Promise<void> {
  for (const end = performance.now() + 60_000; !(await found.isVisible().catch(() => false)); await sleep(10))
    if (performance.now() > end) throw new Error(`${String(found)} has not appeared within 60 s`);
}

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Waits until VS Code has activated the extension, and returns the milliseconds that it counts. */
async function activation(window: Window): Promise<number> {
  await window.command('Developer: Show Running Extensions');
  const row = window.page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Earthmover' });
  const text = await row.locator('.activation-time', { hasText: /\d+\s*ms/ }).textContent();
  // It is a modal editor.
  await window.page.keyboard.press('Escape');
  await row.waitFor({ state: 'detached' });
  return Number(/(\d+)\s*ms/.exec(text ?? '')?.[1]);
}
