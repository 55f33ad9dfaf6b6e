// What the tests of the monitor's page share: a browser, the page under the extension's own policy, and recorded runs to show.
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
  type ExtensionParts,
  loadExtensionParts,
  openPage,
  type OpenedPage,
  servePage,
  type ServedPage,
  type ThemeName,
  themes,
} from '../../../scripts/lib/monitorPage.mjs';
import { type Recorded, recordings, replay, type Where } from '../../../scripts/lib/recordings.mjs';
import { feedComparison, type Feed, feedMonitor } from '../../../src/extension/monitor/feed';
import type { ToPage } from '../../../src/protocol/monitor';
import { openMetrics, type Rows } from '../../../src/run/metricsReader';
import { missing, tools } from './tools';

/** Why the page cannot be tested here; '' where it can. */
export const noBrowser = missing !== '' && !process.env.EARTHMOVER_CHROMIUM ? missing : '';

export interface PageBench {
  /** The directory of a recorded run, laid down anew as if it were trained now; over `directory` where it is given. */
  readonly lay: (run: Recorded, where?: Where, directory?: string) => string;
  /** A file of the recording itself. */
  readonly file: (run: Recorded, ...parts: string[]) => string;
  /** Opens the page, which must never complain: neither an error, nor a breach of its policy. */
  readonly open: (theme?: ThemeName, memory?: unknown, language?: string) => Promise<OpenedPage>;
  /** Shows a run as the extension does: by following its files. Gives its curve, as it is now. */
  readonly watch: (opened: OpenedPage, directory: string, starting?: () => unknown) => Promise<Rows>;
  /** The same of several. A page shows what it was last told to. */
  readonly compare: (opened: OpenedPage, directories: readonly string[]) => void;
  /** Writes so many more rows of the finished ring into a run, as its trainer would. */
  readonly grow: (directory: string, rows: number) => Promise<void>;
}

/** To be called where tests are described. */
export function pageBench(): PageBench {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-page-'));
  let browser: Browser;
  let parts: ExtensionParts;
  let served: ServedPage;
  let recorded: string;
  let laid = 0;

  beforeAll(async () => {
    const { path: executablePath, flags } = missing
      ? { path: process.env.EARTHMOVER_CHROMIUM, flags: ['--no-sandbox'] }
      : tools().chromium;
    parts = await loadExtensionParts();
    [browser, served, recorded] = await Promise.all([
      chromium.launch({ executablePath, args: [...flags] }),
      servePage(parts, folder),
      recordings(parts),
    ]);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    served?.close();
    rmSync(folder, { recursive: true });
  });

  const feeds = new Map<OpenedPage, Feed>();
  /** What a feed posts is sent in the order in which it came; a page that was closed meanwhile needs no more. */
  const feed = (opened: OpenedPage, start: (post: (message: ToPage) => void) => Feed) => {
    const { page, send } = opened;
    let sent = Promise.resolve();
    let over = false;
    feeds.get(opened)?.stop();
    const started = start((message) => {
      if (over) return;
      sent = sent
        .then(() => send(message))
        .catch((error: unknown) => {
          if (!page.isClosed()) throw error;
        });
    });
    const stop = () => {
      over = true;
      started.stop();
    };
    feeds.set(opened, { ...started, stop });
    onTestFinished(() => {
      stop();
      return started.stopped;
    });
  };
  const quick = { curve: 20, rest: 20 };
  const pictureUri = (file: string, version: string) => `${served.uriOf(file)}?${version}`;

  return {
    lay: (run, where = 'here', directory = path.join(folder, `${(laid += 1)}-${run}`)) =>
      replay(parts, path.join(recorded, run), directory, where),
    file: (run, ...rest) => path.join(recorded, run, ...rest),
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
    async watch(opened, directory, starting) {
      feed(opened, (post) => feedMonitor({ directory, pictureUri, everyMs: quick, post, starting }));
      const rows = existsSync(path.join(directory, 'metrics.bin')) ? await curveOf(directory) : none;
      if (rows.count > 0) await has(opened.page, rows.count);
      return rows;
    },
    compare: (opened, directories) =>
      feed(opened, (post) => feedComparison({ directories, pictureUri, everyMs: quick, post })),
    async grow(directory, rows) {
      const source = path.join(recorded, 'finished', 'metrics.bin');
      const { offset } = JSON.parse(readFileSync(source, 'utf8').split('\n', 1)[0]) as { offset: number };
      const all = await curveOf(path.dirname(source));
      const width = (statSync(source).size - offset) / all.count;
      const from = (await curveOf(directory)).count;
      const bytes = Buffer.alloc(rows * width);
      const file = openSync(source, 'r');
      readSync(file, bytes, 0, bytes.length, offset + from * width);
      closeSync(file);
      appendFileSync(path.join(directory, 'metrics.bin'), bytes);
    },
  };
}

const none: Rows = { count: 0, step: new Uint32Array(0), wallTime: new Float64Array(0), columns: {} };

/** The curve on the disk. */
export async function curveOf(directory: string): Promise<Rows> {
  const metrics = await openMetrics(path.join(directory, 'metrics.bin'));
  try {
    return await metrics.read();
  } finally {
    await metrics.close();
  }
}

/** Until the page has drawn so many rows. */
export const has = (page: OpenedPage['page'], count: number) => page.locator(`[data-rows="${count}"]`).waitFor();

/** As when the user chooses another theme while the page is open. */
export const setTheme = (page: OpenedPage['page'], theme: ThemeName) =>
  page.evaluate((to) => (globalThis as unknown as { setTheme: (to: unknown) => void }).setTheme(to), themes[theme]);
