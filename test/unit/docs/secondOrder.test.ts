// docs/second-order.md lists every layer and kernel that the unit tests check, with errors within their bound. Its last
// digits depend on the processor, so they are not compared.
import { expect, it } from 'vitest';
import { kernelRows } from '../../support/kernelCases';
import { isExcluded, layerRows, subjects } from '../../support/layerCases';
import { textOf } from '../../support/documents';

/** The bound of src/engine/gradients/secondOrder.test.ts. */
const bound = 1e-5;

/** The cells of the rows below a heading. */
const rowsOf = (heading: string): string[][] =>
  [
    ...textOf('docs/second-order.md')
      .split(`## ${heading}\n`)[1]
      .split('\n## ')[0]
      .matchAll(/^\| (`.*) \|$/gm),
  ].map(([, row]) => row.split('|').map((cell) => cell.trim()));
const plain = (name: string): string => name.replaceAll(/[`"]/g, '');

it('docs/second-order.md lists every layer with its number of configurations (if not, run npm run docs)', () => {
  const listed = rowsOf('Layers').map(([name, cases]) => [plain(name), Number(cases)]);
  expect(listed).toEqual(subjects.map(({ name, cases }) => [plain(name), cases.length]));
  const excluded = Object.entries(layerRows).flatMap(([name, row]) => (isExcluded(row) ? [name] : []));
  expect(rowsOf('Excluded layers').map(([name]) => plain(name))).toEqual([...excluded, 'embedding']);
});

it('docs/second-order.md lists every kernel with its number of functions (if not, run npm run docs)', () => {
  const listed = rowsOf('Kernels').map(([name, cases]) => [plain(name), Number(cases)]);
  const tested = Object.entries(kernelRows).flatMap(([name, row]) =>
    'reason' in row ? [] : [[name, row[0].rejected ? 1 : row.length]],
  );
  expect(listed).toEqual(tested);
});

it('docs/second-order.md has no error above the bound of the tests', () => {
  const errors = [...rowsOf('Layers'), ...rowsOf('Kernels')].flatMap(([name, , ...orders]) =>
    orders.filter((error) => error !== 'rejected by name').map((error) => [name, Number(error)] as const),
  );
  expect(errors.length).toBeGreaterThan(200);
  expect(errors.filter(([, error]) => !(error < bound))).toEqual([]);
});
