// `npm run measure [-- --windows N] [--large-windows N] [--write]`: measures the extension (package sizes, activation,
// first lens, click to first point; then large runs) in real VS Code; --write updates docs/editor-performance.md.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as prettier from 'prettier';
import { load } from './lib/bundle.mjs';
import { provideTools } from './lib/e2eTools.mjs';
import { native } from './lib/nativePackages.mjs';
import { build, install, requireNode, root, run } from './lib/project.mjs';
import { readOptions } from './lib/readOptions.mjs';

const options = readOptions({
  windows: { type: 'string', default: '5' },
  'large-windows': { type: 'string', default: '5' },
  write: { type: 'boolean', default: false },
});
const [windows, largeWindows] = ['windows', 'large-windows'].map((option) => {
  const count = Number(options[option]);
  if (Number.isSafeInteger(count) && count >= 0 && options[option] !== '') return count;
  console.error(`--${option} is '${options[option]}'; give a whole number, such as 5.`);
  process.exit(2);
});

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

// Where the end-to-end helpers look up the editor and the browser.
process.env.EARTHMOVER_E2E = JSON.stringify(tools);
const { measure } = await load('test/e2e/editorPerformance.ts', 'dist/bench/measure.cjs', {
  external: ['playwright-core'],
});
const file = path.join(root, 'docs', 'editor-performance.md');
const page = await prettier.format(await measure({ root, windows, largeWindows, targets: native }), {
  ...(await prettier.resolveConfig(file)),
  filepath: file,
});
console.log(`\n${page}`);
if (options.write) writeFileSync(file, page);
