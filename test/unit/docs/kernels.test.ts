// docs/kernels.md is up to date with the table of kernels and lists every kernel.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as prettier from 'prettier';
import { expect, it } from 'vitest';
import { kernelsPage } from '../../../scripts/docs/kernels';
import { kernels } from '../../../src/engine/onnx/kernels/table';

const file = path.resolve(__dirname, '../../../docs/kernels.md');

it('docs/kernels.md is up to date (if not, run npm run docs)', async () => {
  const options = await prettier.resolveConfig(file);
  expect(readFileSync(file, 'utf8')).toBe(await prettier.format(kernelsPage(), { ...options, filepath: file }));
});

it('docs/kernels.md names every kernel once', () => {
  const named = [...kernelsPage().matchAll(/`(\w+)`/g)].map(([, name]) => name);
  const counts = Object.keys(kernels).map((kernel) => [kernel, named.filter((name) => name === kernel).length]);
  expect(counts.filter(([, count]) => count !== 1)).toEqual([]);
});
