// `npm run docs`: writes the pages of docs/ that follow from the code; `-- NAME...` writes only those.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import * as prettier from 'prettier';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);

await esbuild.build({
  entryPoints: ['scripts/docs/pages.ts'],
  outfile: 'dist/docs/pages.cjs',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  external: ['onnxruntime-node', 'onnxruntime-web', 'sharp', 'esbuild', '@tensorflow/tfjs-node-gpu', 'node-fetch'],
  logLevel: 'warning',
});
const { pages } = createRequire(import.meta.url)(path.join(root, 'dist/docs/pages.cjs'));

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !Object.hasOwn(pages, name));
if (unknown !== undefined) {
  console.error(`There is no page ${unknown}; these are written: ${Object.keys(pages).join(', ')}.`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : Object.keys(pages)) {
  const file = path.join('docs', name);
  const config = await prettier.resolveConfig(file);
  writeFileSync(file, await prettier.format(await pages[name](), { ...config, filepath: file }));
  console.log(`wrote ${file}`);
}
