// What `npm run measure` reports about the editor: the times of editorTimes.ts with their limits, and sizes.
import { readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { blocks, code, table } from '../../scripts/docs/markdown';
import { editorTimes, type TimedWindows } from './editorTimes';

export interface MeasureOptions extends TimedWindows {
  /** The project's folder. */
  readonly root: string;
  /** Platforms whose packages are in dist/. */
  readonly targets: readonly string[];
}

/** Measures, and returns the page with the results. */
export async function measure({ root, targets, ...windows }: MeasureOptions): Promise<string> {
  const load = os.loadavg()[0].toFixed(1);
  const times = await editorTimes(root, windows);
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Record<string, string>;
  const size = (file: string, unit: number) => (statSync(path.join(root, file)).size / unit).toFixed(1);
  const [processor] = os.cpus();
  return blocks(
    '# Measures of the editor',
    `Written by \`npm run measure -- --write\` on ${os.cpus().length} × ${processor.model.trim()}, with a load average of ${load} before it began. VS Code is the real one, with the packaged extension, in a browser on the same machine; each of ${windows.windows + windows.largeWindows} windows has an extension host of its own, and the first one, which reads all files from disk, is not counted. _95 %_ is the time that 95 % of the measurements stay within.`,
    table(
      ['measure', 'times', 'median', '95 %', 'most', 'limit'],
      times.map(({ what, ms, limit }) => [what, String(ms.length), ...spread(ms), limit === null ? '' : `${limit} ms`]),
    ),
    'VS Code counts as activation the time from its decision to load an extension until `activate` has returned. Extensions that start for the same reason are loaded one after the other, so that the count of each has the time of those before it: the second line has the loading of the JSON and TypeScript extensions of VS Code.',
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

function spread(times: readonly number[]): string[] {
  const sorted = [...times].sort((a, b) => a - b);
  return [0.5, 0.95, 1].map((share) => `${sorted[Math.ceil(share * sorted.length) - 1].toFixed(0)} ms`);
}
