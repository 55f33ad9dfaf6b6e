// With --json, whatever goes wrong is a line of JSON too: the last one, an error.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { experiment } from '../support/tinyRuns';
import { cli, lines, scratch } from './cliProcess';

it.each([
  ['an unknown option', () => ['train', 'x.gan.json', '--stepz', '3'], 'input', /--stepz/],
  ['a missing file', () => ['train', 'missing.gan.json'], 'input', /does not exist/],
  ['a wrong value', (folder: string) => ['train', experiment(folder, { steps: 'many' })], 'wrong-value', /"many"/],
  ['a wrong value, for a preview', (folder: string) => ['preview', experiment(folder, { steps: 0 })], /./, /steps/],
  ['a missing run', () => ['resume', 'no-run'], 'input', /No run/],
  ['a run that is none', () => ['export', 'folder'], 'not-a-run', /not a run directory/],
  ['an unknown data set', () => ['download', 'mnist-1'], 'input', /mnist/],
] as const)('%s', async (_, args, code, message) => {
  const folder = scratch();
  mkdirSync(path.join(folder, 'folder'));
  writeFileSync(path.join(folder, 'x.gan.json'), '{}');
  const ended = await cli([...args(folder), '--json'], folder);
  expect(ended.code).toBe(2);
  const error = lines(ended).at(-1);
  expect(error).toMatchObject({ event: 'error' });
  expect(error?.code).toMatch(code);
  expect(error?.message).toMatch(message);
  expect(ended.stderr).toMatch(message);
  if (code === 'wrong-value') expect(error).toMatchObject({ file: path.join(folder, 'tiny.gan.json'), line: 31 });
});
