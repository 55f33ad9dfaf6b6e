// `npm run docs [-- PAGE...]`: generates the pages of docs/ that are derived from the code.
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
  console.error(`Unknown page '${unknown}'. Generated pages: ${Object.keys(pages).join(', ')}.`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : Object.keys(pages)) {
  const file = path.join('docs', name);
  const config = await prettier.resolveConfig(file);
  writeFileSync(file, await prettier.format(await pages[name](), { ...config, filepath: file }));
  console.log(`wrote ${file}`);
}
