// `npm run measure [-- --windows N] [--write]`: what the editor costs: sizes, activation, and from a click to the first point; --write keeps it in docs/measures.md.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import * as prettier from 'prettier';
import { provideTools } from './lib/e2e.mjs';
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
  entryPoints: [path.join(root, 'test', 'e2e', 'measure.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['playwright-core'],
  logLevel: 'warning',
});
// The tests' own helpers find the editor and the browser there.
process.env.EARTHMOVER_E2E = JSON.stringify(tools);
const { measure } = createRequire(import.meta.url)(outfile);
const file = path.join(root, 'docs', 'measures.md');
const page = await prettier.format(await measure({ root, windows, targets: native }), {
  ...(await prettier.resolveConfig(file)),
  filepath: file,
});
console.log(`\n${page}`);
if (options.write) writeFileSync(file, page);
