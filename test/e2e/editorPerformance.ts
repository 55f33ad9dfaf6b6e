// What `npm run measure` reports about the editor: sizes, the activation that VS Code counts, and how long a click
// takes to the first point.
import { cpSync, readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { blocks, code, table } from '../../scripts/docs/markdown';
import { startServer } from './support/server';
import { openWindow, type Window } from './support/window';
import { workspace } from './support/workspace';

export interface MeasureOptions {
  /** The project's folder. */
  readonly root: string;
  /** How many windows are opened; each has an extension host of its own. */
  readonly windows: number;
  /** Platforms whose packages are in dist/. */
  readonly targets: readonly string[];
}

/** Experiments on points: what a new user clicks first. */
const toys = ['eight-gaussians', 'swiss-roll', 'twenty-five-gaussians'];

/** Measures, and returns the page with the results. */
export async function measure({ root, windows, targets }: MeasureOptions): Promise<string> {
  const load = os.loadavg()[0].toFixed(1);
  const { activations, points } = await inRealWindows(root, windows);
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Record<string, string>;
  const size = (file: string, unit: number) => (statSync(path.join(root, file)).size / unit).toFixed(1);
  const [processor] = os.cpus();
  return blocks(
    '# Measures of the editor',
    `Written by \`npm run measure -- --write\` on ${os.cpus().length} × ${processor.model.trim()}, with a load average of ${load} before it began. VS Code is the real one, with the packaged extension, in a browser on the same machine; each of ${windows} windows has an extension host of its own.`,
    table(
      ['measure', 'median', 'least', 'most', 'limit'],
      [
        [
          'activation: loading the code and calling `activate`, as _Show Running Extensions_ counts them',
          ...spread(activations),
          '50 ms',
        ],
        ...toys.map((toy, i) => [
          `click on ` + '`▶ Train`' + ` to the first point in the monitor: ${code(toy)}`,
          ...spread(points[i]),
          '2000 ms',
        ]),
      ],
    ),
    table(
      ['package', 'MB', 'limit'],
      [...targets]
        .sort()
        .map((target) => [code(target), size(`dist/${name}-${target}-${version}.vsix`, 2 ** 20), '60']),
    ),
    table(
      ['file', 'kB'],
      ['dist/extension.cjs', 'dist/lazy.cjs', 'dist/webview/main.js', 'dist/webview/main.css'].map((file) => [
        code(file),
        size(file, 1000),
      ]),
    ),
  );
}

interface Times {
  /** Milliseconds, one a window. */
  readonly activations: readonly number[];
  /** Milliseconds, a list for each toy. */
  readonly points: readonly (readonly number[])[];
}

async function inRealWindows(root: string, windows: number): Promise<Times> {
  const server = await startServer();
  const activations: number[] = [];
  const points: number[][] = toys.map(() => []);
  try {
    for (let i = 0; i < windows; i++) {
      const space = workspace({});
      for (const toy of toys)
        cpSync(path.join(root, `examples/${toy}.gan.json`), path.join(space.folder, `${toy}.gan.json`));
      const window = await openWindow(server, space.folder);
      for (const [k, toy] of toys.entries()) points[k].push(await clickToPoint(window, toy));
      activations.push(await activation(window));
      await window.close();
      space.remove();
      process.stderr.write(`Window ${i + 1} of ${windows}\n`);
    }
  } finally {
    await server.stop();
  }
  return { activations, points };
}

/**
 * Milliseconds from the click to a page that has drawn a row; then the run is stopped, so that the next has the machine
 * for itself.
 */
async function clickToPoint(window: Window, toy: string): Promise<number> {
  await window.openFile(`${toy}.gan.json`);
  const lens = await window.lens('▶ Train');
  const clicked = performance.now();
  await lens.click();
  await window.monitor.frame.locator('[data-rows]:not([data-rows="0"])').first().waitFor();
  const took = performance.now() - clicked;
  await window.command('Earthmover: Stop');
  await window.monitor.frame
    .getByRole('status')
    .filter({ hasText: /stopped/i })
    .first()
    .waitFor();
  await window.command('View: Close All Editors');
  await sleep(1000);
  return took;
}

/** Milliseconds, as VS Code counts them. */
async function activation(window: Window): Promise<number> {
  await window.command('Developer: Show Running Extensions');
  const row = window.page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Earthmover' });
  const text = (await row.locator('.activation-time').textContent()) ?? '';
  const [, time] = /(\d+)\s*ms/.exec(text) ?? [];
  if (time === undefined) throw new Error(`VS Code says '${text}' of the activation, which is no time.`);
  return Number(time);
}

function spread(times: readonly number[]): string[] {
  const sorted = [...times].sort((a, b) => a - b);
  return [0.5, 0, 1].map((share) => `${sorted[Math.round(share * (sorted.length - 1))].toFixed(0)} ms`);
}
