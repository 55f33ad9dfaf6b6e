// `npm run measure [-- --windows N] [--write]`: measures the extension (package sizes, activation, click to first
// point) in real VS Code; --write updates docs/editor-performance.md.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import * as prettier from 'prettier';
import { provideTools } from './lib/e2eTools.mjs';
import { native } from './lib/nativePackages.mjs';
import { build, install, requireNode, root, run } from './lib/project.mjs';

const { values: options } = parseArgs({
  options: { windows: { type: 'string', default: '5' }, write: { type: 'boolean', default: false } },
});
const windows = Number(options.windows);
if (!Number.isSafeInteger(windows) || windows < 1) {
  console.error(`--windows is '${options.windows}'; give a whole number above 0, such as 5.`);
  process.exit(2);
}

requireNode();
await install();
await build();
const tools = await provideTools();
if (tools.missing) {
  console.error(`Nothing was measured: ${tools.missing}.`);
  process.exit(2);
}
const others = native.filter((target) => target !== `${process.platform}-${process.arch}`);
const code = await run(process.execPath, [path.join(root, 'scripts', 'package.mjs'), ...others]);
if (code !== 0) process.exit(code);

const outfile = path.join(root, 'dist', 'bench', 'measure.cjs');
await esbuild.build({
  entryPoints: [path.join(root, 'test', 'e2e', 'editorPerformance.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['playwright-core'],
  logLevel: 'warning',
});
// Where the end-to-end helpers look up the editor and the browser.
process.env.EARTHMOVER_E2E = JSON.stringify(tools);
const { measure } = createRequire(import.meta.url)(outfile);
const file = path.join(root, 'docs', 'editor-performance.md');
const page = await prettier.format(await measure({ root, windows, targets: native }), {
  ...(await prettier.resolveConfig(file)),
  filepath: file,
});
console.log(`\n${page}`);
if (options.write) writeFileSync(file, page);
