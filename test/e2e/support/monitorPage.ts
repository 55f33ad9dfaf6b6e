// What the tests of the monitor's page share: a browser, the page under the extension's own policy, and states to show.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { loadExtensionParts, openPage, type OpenedPage, servePage, type ServedPage, type ThemeName } from '../../../scripts/lib/monitorPage.mjs'; // prettier-ignore
import type { MonitorRows, MonitorState } from '../../../src/protocol/monitor';
import type { RunStatus } from '../../../src/protocol/status';
import { missing, tools } from './tools';

/** Why the page cannot be tested here; '' where it can. */
export const noBrowser = missing !== '' && !process.env.EARTHMOVER_CHROMIUM ? missing : '';

const columns = ['criticLoss', 'generatorLoss', 'estimate', 'w1'].map((name) => ({ name, label: name, unit: '' }));

/** Rows of steps [from, to], w1 at every hundredth, the estimate times `scale`. */
export function rows(from: number, to: number, scale = 1): MonitorRows {
  const step = Float64Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const column = (f: (step: number) => number) => Float32Array.from(step, f);
  const values = {
    criticLoss: column((s) => -1 / s),
    generatorLoss: column((s) => Math.sin(s / 50)),
    estimate: column((s) => scale * (1 + Math.cos(s / 70))),
    w1: column((s) => (s % 100 === 0 ? 0.5 * scale : NaN)),
  };
  return { step, wallTime: step.map((s) => 1e9 + s / 20), values };
}

export const running: RunStatus = { version: 1, state: 'running', attempt: 1, pid: 42, host: 'h', processStart: null, startedAt: 1e9, updatedAt: 1e9 + 50, steppedAt: 1e9 + 50, step: 1000, steps: 2000, medianStepSeconds: 0.05, device: 'cpu', engine: 'onnx', threads: 2, message: null, errors: [], measures: {}, acknowledged: [] }; // prettier-ignore

/** Steps of the pictures that are there to be shown. */
export const pictures = [200, 400, 600, 800];

export interface PageBench {
  readonly sample: (step: number) => { readonly step: number; readonly uri: string };
  readonly real: () => string;
  readonly state: (change?: Partial<MonitorState>) => MonitorState;
  /** Opens the page, which must never complain: neither an error, nor a breach of its policy. */
  readonly open: (theme?: ThemeName, memory?: unknown, language?: string) => Promise<OpenedPage>;
}

/** To be called where tests are described. */
export function pageBench(): PageBench {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-page-'));
  let browser: Browser;
  let served: ServedPage;
  const uri = (name: string) => served.uriOf(path.join(folder, `${name}.png`));
  const sample = (step: number) => ({ step, uri: uri(`step-${step}`) });

  beforeAll(async () => {
    const { path: executablePath, flags } = missing ? { path: process.env.EARTHMOVER_CHROMIUM, flags: ['--no-sandbox'] } : tools().chromium; // prettier-ignore
    browser = await chromium.launch({ executablePath, args: [...flags] });
    served = await servePage(await loadExtensionParts(), folder);
    for (const name of ['real', ...pictures.map((step) => `step-${step}`)]) {
      const red = Number(/\d+/.exec(name)?.[0] ?? 0) / 4;
      const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: { r: red, g: 0, b: 0 } } });
      await picture.png().toFile(path.join(folder, `${name}.png`));
    }
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    served?.close();
    rmSync(folder, { recursive: true });
  });

  return {
    sample,
    real: () => uri('real'),
    state: (change = {}) => ({ id: '/runs/a', name: 'ring', directory: '/runs/a', seed: 1, estimate: { label: 'K·W', text: 'text', theory: null }, columns, rows: rows(1, 1000), samples: pictures.slice(0, 3).map(sample), real: null, notes: [], settings: [{ key: 'samples.every', value: '200', said: null }], log: [], status: running, liveness: 'alive', ...change }), // prettier-ignore
    async open(theme = 'dark', memory, language = 'en') {
      const opened = await openPage(browser, served.origin, { theme, width: 1300, height: 900, memory, language });
      opened.page.setDefaultTimeout(10_000);
      onTestFinished(async () => {
        await opened.close();
        expect(opened.complaints).toEqual([]);
      });
      expect(await opened.posted()).toEqual([{ type: 'ready' }]);
      return opened;
    },
  };
}

/** Until the page has drawn so many rows. */
export const has = (page: OpenedPage['page'], count: number) => page.locator(`[data-rows="${count}"]`).waitFor();
