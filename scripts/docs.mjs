// `npm run docs`: writes the pages of docs/ that follow from the code; `-- NAME...` writes only those.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as prettier from 'prettier';
import { load } from './lib/bundle.mjs';
import { root } from './lib/project.mjs';

process.chdir(root);

const { pages } = await load('scripts/docs/pages.ts', 'dist/docs/pages.cjs');

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
