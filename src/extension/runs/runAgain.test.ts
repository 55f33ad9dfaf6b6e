// Running a run again.
import fs from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { scratch } from '../../../test/fixtures/run/scratch';
import { parseExperiment } from '../../experiment';
import { createRun } from '../../run/directory';
import { experimentText, runAgain } from './runAgain';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const folder = scratch();

it('creates a new file: with the comments of the experiment, or with all settings if the run had others', async () => {
  const text = '{\n  // mine\n  "data": { "source": "gaussians-ring" },\n  "objective": "wgan"\n}\n';
  const source = { path: path.join(folder(), 'ring.gan.json'), text };
  const { experiment } = parseExperiment(text, source.path);
  expect(experimentText(experiment, source)).toBe(text);
  const changed = { ...experiment!, steps: 7 };
  expect(parseExperiment(experimentText(changed, source), source.path).experiment).toEqual(changed);

  const directory = path.join(folder(), 'run');
  createRun(directory, { experiment, source, versions: {}, seed: 1, device: 'cpu' }, 10);
  fs.writeFileSync(source.path, 'edited since');
  fs.writeFileSync(path.join(folder(), 'ring-2.gan.json'), 'taken');
  await runAgain(directory);
  expect(fs.readFileSync(path.join(folder(), 'ring-3.gan.json'), 'utf8')).toBe(text);
  expect(fs.readFileSync(source.path, 'utf8')).toBe('edited since');
});
