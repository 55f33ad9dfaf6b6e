// `npm run bench`: bundles the benchmark and its contenders into dist/bench, then runs it with the given arguments.
import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { bundle } from './lib/bundle.mjs';
import { root } from './lib/project.mjs';

process.chdir(root);
const contenders = readdirSync('bench/contenders').filter((file) => file.endsWith('.ts'));
rmSync('dist/bench', { recursive: true, force: true });
await bundle(['bench/main.ts', ...contenders.map((file) => `bench/contenders/${file}`)], {
  entryNames: '[name]',
  outdir: 'dist/bench',
  outExtension: { '.js': '.cjs' },
  // Without the optional canvas of Node: the chart is SVG.
  alias: { 'vega-canvas': './node_modules/vega-canvas/build/vega-canvas.browser.js' },
});

const { main } = createRequire(import.meta.url)(path.join(root, 'dist', 'bench', 'main.cjs'));
process.exitCode = await main(process.argv.slice(2), root);
