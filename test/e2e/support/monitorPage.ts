// Setup for the tests of the monitor's page: a browser, the page with the extension's CSP, and recorded runs.
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import {
  type ExtensionModules,
  loadExtensionModules,
  openPage,
  type OpenedPage,
  servePage,
  type ServedPage,
  type ThemeName,
  themes,
} from '../../../scripts/lib/monitorPage.mjs';
import { type Recorded, recordings, replay, type ReplayLiveness } from '../../../scripts/lib/recordings.mjs';
import { feedComparison, type Feed, feedMonitor } from '../../../src/extension/monitor/feed';
import { feedSweep } from '../../../src/extension/sweeps/feedSweep';
import { feedReproductions } from '../../../src/extension/reproductions/readReproductions';
import type { ToPage } from '../../../src/protocol/monitor';
import { openMetrics, type Rows } from '../../../src/run/metricsReader';
import { missing, tools } from './tools';

/** Why there is no browser for the tests; '' if there is one. */
export const noBrowser = missing !== '' && !process.env.EARTHMOVER_CHROMIUM ? missing : '';

export interface PageTests {
  /**
   * Copies a recorded run, as if it were trained now, to a new directory or over `directory`. Returns the directory.
   */
  readonly replayRun: (run: Recorded, liveness?: ReplayLiveness, directory?: string) => string;
  /** The path of a file in a recording. */
  readonly file: (run: Recorded, ...parts: string[]) => string;
  /** Opens the page. The test fails if the console gets errors, warnings or CSP violations. */
  readonly open: (theme?: ThemeName, viewState?: unknown, language?: string) => Promise<OpenedPage>;
  /** Shows a run by following its files, like the extension. Returns its current curve. */
  readonly followRun: (opened: OpenedPage, directory: string, starting?: () => unknown) => Promise<Rows>;
  /** The same for a comparison of several runs. */
  readonly compare: (opened: OpenedPage, directories: readonly string[]) => void;
  /**
   * Shows the reproductions of a new workspace folder. Returns it, and the studies whose processes are said to be
   * starting.
   */
  readonly reproductions: (opened: OpenedPage) => { readonly root: string; readonly starting: Set<string> };
  /** The path of a new folder, which does not exist yet. */
  readonly newFolder: () => string;
  /** Shows a sweep by following its directory, like the extension. */
  readonly followSweep: (opened: OpenedPage, directory: string) => void;
  /** Appends rows of the finished `ring` recording to a run, like its trainer. */
  readonly appendRows: (directory: string, rows: number) => Promise<void>;
}

/** Must be called within `describe`. Tests without recorded runs need not wait for them. */
export function setUpPageTests({ withRecordings = true } = {}): PageTests {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-page-'));
  let browser: Browser;
  let parts: ExtensionModules;
  let served: ServedPage;
  let recorded: string;
  let runCount = 0;

  beforeAll(async () => {
    const { path: executablePath, flags } = missing
      ? { path: process.env.EARTHMOVER_CHROMIUM, flags: ['--no-sandbox'] }
      : tools().chromium;
    parts = await loadExtensionModules();
    [browser, served, recorded] = await Promise.all([
      chromium.launch({ executablePath, args: [...flags] }),
      servePage(parts, folder),
      withRecordings ? recordings(parts) : '',
    ]);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    served?.close();
    rmSync(folder, { recursive: true });
  });

  const feeds = new Map<OpenedPage, Feed>();
  /** Sends a feed's messages to the page in order, until the page is closed. */
  const feed = (opened: OpenedPage, start: (post: (message: ToPage) => void) => Feed) => {
    const { page, send } = opened;
    let sent = Promise.resolve();
    let stopped = false;
    feeds.get(opened)?.stop();
    const started = start((message) => {
      if (stopped) return;
      sent = sent
        .then(() => send(message))
        .catch((error: unknown) => {
          if (!page.isClosed()) throw error;
        });
    });
    const stop = () => {
      stopped = true;
      started.stop();
    };
    feeds.set(opened, { ...started, stop });
    onTestFinished(() => {
      stop();
      return started.stopped;
    });
  };
  const intervals = { curve: 20, rest: 20 };
  const pictureUri = (file: string, version: string) => `${served.uriOf(file)}?${version}`;

  return {
    replayRun: (run, liveness = 'alive', directory = path.join(folder, `${(runCount += 1)}-${run}`)) =>
      replay(parts, path.join(recorded, run), directory, liveness),
    file: (run, ...rest) => path.join(recorded, run, ...rest),
    async open(theme = 'dark', viewState, language = 'en') {
      const opened = await openPage(browser, served.origin, { theme, width: 1300, height: 900, viewState, language });
      opened.page.setDefaultTimeout(10_000);
      onTestFinished(async () => {
        await opened.close();
        expect(opened.consoleErrors).toEqual([]);
      });
      expect(await opened.postedMessages()).toEqual([{ type: 'ready' }]);
      return opened;
    },
    async followRun(opened, directory, starting) {
      feed(opened, (post) => feedMonitor({ directory, pictureUri, everyMs: intervals, post, starting }));
      const rows = existsSync(path.join(directory, 'metrics.bin')) ? await readCurve(directory) : none;
      if (rows.count > 0) await waitForRows(opened.page, rows.count);
      return rows;
    },
    compare: (opened, directories) =>
      feed(opened, (post) => feedComparison({ directories, pictureUri, everyMs: intervals, post })),
    reproductions(opened) {
      const root = mkdtempSync(path.join(folder, 'workspace-'));
      const starting = new Set<string>();
      feed(opened, (post) =>
        feedReproductions({ root, starting: (study) => starting.has(study), pictureUri, everyMs: 20, post }),
      );
      return { root, starting };
    },
    newFolder: () => path.join(folder, `new-${(runCount += 1)}`, 'sweep'),
    followSweep: (opened, directory) =>
      feed(opened, (post) => feedSweep({ directory, working: () => false, post, everyMs: 20 })),
    async appendRows(directory, rows) {
      const source = path.join(recorded, 'finished', 'metrics.bin');
      const { offset } = JSON.parse(readFileSync(source, 'utf8').split('\n', 1)[0]) as { offset: number };
      const all = await readCurve(path.dirname(source));
      const width = (statSync(source).size - offset) / all.count;
      const from = (await readCurve(directory)).count;
      const bytes = Buffer.alloc(rows * width);
      const file = openSync(source, 'r');
      readSync(file, bytes, 0, bytes.length, offset + from * width);
      closeSync(file);
      appendFileSync(path.join(directory, 'metrics.bin'), bytes);
    },
  };
}

const none: Rows = { count: 0, damaged: 0, step: new Uint32Array(0), wallTime: new Float64Array(0), columns: {} };

/** Reads the metrics of a run directory. */
export async function readCurve(directory: string): Promise<Rows> {
  const metrics = await openMetrics(path.join(directory, 'metrics.bin'));
  try {
    return await metrics.read();
  } finally {
    await metrics.close();
  }
}

/** Waits until the page has drawn `count` rows. */
export const waitForRows = (page: OpenedPage['page'], count: number) =>
  page.locator(`[data-rows="${count}"]`).waitFor();

/** Changes the theme while the page is open. */
export const setTheme = (page: OpenedPage['page'], theme: ThemeName) =>
  page.evaluate((to) => (globalThis as unknown as { setTheme: (to: unknown) => void }).setTheme(to), themes[theme]);
