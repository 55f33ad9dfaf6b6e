// The monitor's page in a plain browser under the extension's own policy: what a user does to it, and what it must not lose.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { loadExtensionParts, openPage, type OpenedPage, servePage, type ServedPage, themes, type ThemeName } from '../../scripts/lib/monitorPage.mjs'; // prettier-ignore
import type { MonitorRows, MonitorState } from '../../src/protocol/monitor';
import type { RunStatus } from '../../src/protocol/status';
import { palettes } from '../../webview/palette';
import { missing, tools } from './support/tools';

const columns = ['criticLoss', 'generatorLoss', 'estimate', 'w1'].map((name) => ({ name, label: name, unit: '' }));

/** Rows of steps [from, to], w1 at every hundredth. */
function rows(from: number, to: number): MonitorRows {
  const step = Float64Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const column = (f: (step: number) => number) => Float32Array.from(step, f);
  const values = {
    criticLoss: column((s) => -1 / s),
    generatorLoss: column((s) => Math.sin(s / 50)),
    estimate: column((s) => 1 + Math.cos(s / 70)),
    w1: column((s) => (s % 100 === 0 ? 0.5 : NaN)),
  };
  return { step, wallTime: step.map((s) => 1e9 + s / 20), values };
}

const running: RunStatus = { version: 1, state: 'running', attempt: 1, pid: 42, host: 'h', processStart: null, startedAt: 1e9, updatedAt: 1e9 + 50, steppedAt: 1e9 + 50, step: 1000, steps: 2000, medianStepSeconds: 0.05, device: 'cpu', engine: 'onnx', threads: 2, message: null, errors: [], measures: {}, acknowledged: [] }; // prettier-ignore

const skip = missing !== '' && !process.env.EARTHMOVER_CHROMIUM;

describe.skipIf(skip)(skip ? `the monitor's page (${missing})` : "the monitor's page", () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-page-'));
  let browser: Browser;
  let served: ServedPage;
  const pictures = [200, 400, 600, 800];
  const sample = (step: number) => ({ step, uri: served.uriOf(path.join(folder, `step-${step}.png`)) });
  const state = (change: Partial<MonitorState> = {}): MonitorState => ({ id: '/runs/a', name: 'ring', directory: '/runs/a', estimate: { label: 'K·W', text: 'text', theory: null }, columns, rows: rows(1, 1000), samples: pictures.slice(0, 3).map(sample), notes: [], seed: 1, real: null, log: [], settings: [{ key: 'samples.every', value: '200', said: null }], status: running, liveness: 'alive', ...change }); // prettier-ignore

  beforeAll(async () => {
    const { path: executablePath, flags } = missing ? { path: process.env.EARTHMOVER_CHROMIUM, flags: ['--no-sandbox'] } : tools().chromium; // prettier-ignore
    browser = await chromium.launch({ executablePath, args: [...flags] });
    served = await servePage(await loadExtensionParts(), folder);
    for (const step of pictures) {
      const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: { r: step / 4, g: 0, b: 0 } } });
      await picture.png().toFile(path.join(folder, `step-${step}.png`));
    }
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    served?.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens the page, which must never complain: neither an error, nor a breach of its policy. */
  async function open(theme: ThemeName = 'dark', memory?: unknown): Promise<OpenedPage> {
    const opened = await openPage(browser, served.origin, { theme, width: 1300, height: 900, memory });
    opened.page.setDefaultTimeout(10_000);
    onTestFinished(async () => {
      await opened.close();
      expect(opened.complaints).toEqual([]);
    });
    expect(await opened.posted()).toEqual([{ type: 'ready' }]);
    return opened;
  }

  const has = (page: OpenedPage['page'], count: number) => page.locator(`[data-rows="${count}"]`).waitFor();
  const shown = (page: OpenedPage['page'], step: number) => page.getByRole('img', { name: `Samples at step ${step}`, exact: true }).waitFor(); // prettier-ignore

  test('grows from nothing to a curve', async () => {
    const { page, send } = await open();
    await send({ type: 'state', state: state({ columns: [], rows: rows(1, 0), samples: [], status: null, liveness: null }) }); // prettier-ignore
    await page.getByText('The curve begins with the first step.').waitFor();
    await page.getByText('The first samples come at step 200.').waitFor();
    expect(await page.getByRole('status').first().textContent()).toBe('Starting');

    await send({ type: 'state', state: state() });
    await has(page, 1000);
    await send({ type: 'rows', rows: rows(1001, 1010) });
    await has(page, 1010);
    expect(await page.locator('[data-first-step]').getAttribute('data-first-step')).toBe('1');
    const progress = page.getByRole('progressbar', { name: 'Training' });
    expect(await progress.getAttribute('aria-valuetext')).toBe('step 1,000 of 2,000');
    await send({ type: 'status', status: { ...running, step: 1010 }, liveness: 'alive' });
    expect(await progress.getAttribute('aria-valuenow')).toBe('1010');
    // Nothing that can be pressed is without a name.
    for (const button of await page.getByRole('button').all())
      expect(await button.evaluate((e: { ariaLabel: string | null; textContent: string | null }) => `${e.ariaLabel ?? ''}${e.textContent ?? ''}`.trim())).not.toBe(''); // prettier-ignore
  });

  test('keeps its zoom while the curve grows, and over a reload', async () => {
    const first = await open();
    await first.send({ type: 'state', state: state() });
    await has(first.page, 1000);
    const plot = await first.page.locator('.chart.main .u-over').boundingBox();
    if (plot === null) throw new Error('the chart is not there');
    const at = (share: number) => [plot.x + share * plot.width, plot.y + 50] as const;
    await first.page.mouse.move(...at(0.25));
    await first.page.mouse.down();
    await first.page.mouse.move(...at(0.5), { steps: 5 });
    await first.page.mouse.up();
    const all = first.page.getByRole('button', { name: 'Show all' });
    await all.waitFor();
    const { zoom } = (await first.remembered()) as { zoom: [number, number] };
    expect(zoom[0]).toBeGreaterThan(230);
    expect(zoom[0]).toBeLessThan(270);
    expect(zoom[1]).toBeGreaterThan(480);
    expect(zoom[1]).toBeLessThan(520);

    const pixels = () => first.page.locator('.chart.main canvas').evaluate((canvas: { toDataURL: () => string }) => canvas.toDataURL()); // prettier-ignore
    await first.page.mouse.move(0, 0);
    const before = await pixels();
    await first.send({ type: 'rows', rows: rows(1001, 1400) });
    await has(first.page, 1400);
    expect(await pixels()).toBe(before);

    const second = await open('dark', await first.remembered());
    await second.send({ type: 'state', state: state() });
    await second.page.getByText(`steps ${Math.ceil(zoom[0])} to ${Math.floor(zoom[1])}`, { exact: true }).waitFor();
    await second.page.locator('.chart.main .u-over').dblclick();
    await second.page.getByRole('button', { name: 'Show all' }).waitFor({ state: 'hidden' });
    expect(await second.remembered()).toMatchObject({ id: '/runs/a', zoom: null });
  });

  test('tells the values at the cursor, by mouse and by keyboard, in every chart at once', async () => {
    const { page, send } = await open();
    await send({ type: 'state', state: state() });
    await has(page, 1000);
    const chart = page.getByRole('slider', { name: 'K·W by step' });
    const stands = (name: string, step: number) => page.locator(`[aria-label="${name} by step"][aria-valuenow="${step}"]`).waitFor(); // prettier-ignore
    await chart.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.getByText('step 2', { exact: true }).waitFor();
    await stands('Losses', 2);
    expect(await chart.getAttribute('aria-valuetext')).toContain(`K·W raw ${(1 + Math.cos(2 / 70)).toFixed(3)}`);
    await page.keyboard.press('Escape');
    await stands('K·W', 1000);

    const generator = page.getByRole('button', { name: 'generator' });
    await generator.click();
    expect(await generator.getAttribute('aria-pressed')).toBe('false');
  });

  test('follows the latest picture until the user looks at another', async () => {
    const { page, send, remembered, posted } = await open();
    await send({ type: 'state', state: state() });
    await shown(page, 600);
    await page.getByRole('button', { name: 'Previous samples' }).click();
    await shown(page, 400);
    await send({ type: 'samples', samples: pictures.map(sample), real: null });
    await page.getByText('step 400 · 2 of 4').waitFor();
    await shown(page, 400);
    expect(await remembered()).toMatchObject({ sampleStep: 400 });

    await page.getByRole('checkbox', { name: 'Follow latest' }).click();
    await shown(page, 800);
    expect(await remembered()).toMatchObject({ sampleStep: null });
    const slider = page.getByRole('slider', { name: 'Step of the samples' });
    await slider.focus();
    await page.keyboard.press('Home');
    await shown(page, 200);
    expect(await slider.getAttribute('aria-valuetext')).toBe('step 200');
    // Eight pixels wide, so enlarged: without smoothing.
    expect(await page.locator('.picture img').evaluate((image: { className: string }) => image.className)).toBe('enlarged'); // prettier-ignore
    await page.locator('.picture img').click();
    expect(await posted()).toContainEqual({ type: 'openSample', sample: 200 });
  });

  test('offers what the state allows, and asks once', async () => {
    const { page, send, posted } = await open();
    await send({ type: 'state', state: state() });
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    await button('Pause').click();
    await button('Pause').click({ force: true });
    expect((await posted()).slice(1)).toEqual([{ type: 'control', command: 'pause' }]);
    await send({ type: 'status', status: { ...running, state: 'paused', message: 'Paused; resume it to go on.' }, liveness: 'alive' }); // prettier-ignore
    await button('Resume').waitFor();
    expect(await button('Pause').isVisible()).toBe(false);
    expect(await page.getByRole('status').first().textContent()).toBe('Paused');

    const errors = [{ message: 'It ends in 3 numbers.', file: 'models/critic.ts', line: 14, column: 7 }];
    await send({ type: 'status', status: { ...running, state: 'failed', message: 'The critic is wrong.', errors }, liveness: 'ended' }); // prettier-ignore
    const alert = page.getByRole('alert').filter({ hasText: 'The critic is wrong.' });
    expect(await alert.textContent()).toContain('models/critic.ts:14:7: It ends in 3 numbers.');
    expect(await button('Stop').isVisible()).toBe(false);
    await button('Go on').click();
    for (const name of ['Open experiment', 'Open log', 'Reveal run directory']) await button(name).click();
    expect((await posted()).slice(2).map(({ type }) => type)).toEqual(['goOn', 'openExperiment', 'openLog', 'reveal']);
  });

  test('starts over where a resumed run does, and says what is in the way of a run', async () => {
    const { page, send } = await open('light');
    await send({ type: 'problem', message: '/runs/a is not a run directory.' });
    const problem = page.getByRole('alert').filter({ hasText: '/runs/a is not a run directory.' });
    await problem.waitFor();
    await send({ type: 'state', state: state() });
    await has(page, 1000);
    expect(await problem.isVisible()).toBe(false);
    await send({ type: 'state', state: state({ rows: rows(1, 500) }) });
    await has(page, 500);
    await send({ type: 'rows', rows: rows(501, 600) });
    await has(page, 600);
    expect(await page.locator('[data-rows]').count()).toBe(1);
  });

  test('changes its colours with the theme', async () => {
    const { page, send } = await open('dark');
    await send({ type: 'state', state: state() });
    await has(page, 1000);
    const look = () =>
      page.locator('.chart.main').evaluate((chart: { querySelector: (s: string) => { toDataURL: () => string; style: { getPropertyValue: (n: string) => string } } }) => ({ pixels: chart.querySelector('canvas').toDataURL(), line: chart.querySelector('.swatch.bold').style.getPropertyValue('--line') })); // prettier-ignore
    const dark = await look();
    expect(dark.line).toBe(palettes.dark[0]);
    await page.evaluate((theme) => (globalThis as unknown as { setTheme: (t: unknown) => void }).setTheme(theme), themes['hc-light']); // prettier-ignore
    await page.waitForFunction('document.querySelector(".swatch.bold").style.getPropertyValue("--line") !== "' + dark.line + '"'); // prettier-ignore
    const light = await look();
    expect(light.line).toBe(palettes.light[0]);
    expect(light.pixels).not.toBe(dark.pixels);
  });
});
