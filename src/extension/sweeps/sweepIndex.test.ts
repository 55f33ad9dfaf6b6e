// The list of sweeps, and how far each is.
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { failTrial, planGeneratedSweep, writeTrial } from '../../../test/support/generatedSweep';
import { plannedSweep, smallGrid } from '../../../test/support/plannedSweep';
import { createSweepIndex } from './sweepIndex';

it('has the progress of each, and the same object while nothing changes', async () => {
  const { folder, directory } = plannedSweep(smallGrid);
  const index = createSweepIndex();
  const folders = [path.join(folder, 'sweeps'), path.join(folder, 'none')];
  mkdirSync(path.join(folder, 'sweeps', 'no-sweep'));
  writeTrial(directory, 1, { state: 'finished' });
  writeTrial(directory, 2, { state: 'running' });
  writeTrial(directory, 3, { state: 'diverged' });
  const [sweep, ...others] = await index.read(folders);
  expect(others).toEqual([]);
  expect(sweep).toEqual({
    ...{ kind: 'sweep', directory, name: 'widths', trials: 4 },
    ...{ ended: 2, left: 1, running: 1, failed: 0, diverged: 1 },
  });
  expect((await index.read(folders))[0]).toBe(sweep);
  failTrial(directory, 4, 'No.');
  expect((await index.read(folders))[0]).toMatchObject({ ended: 3, left: 0, failed: 1 });
  // A stopped trial can be resumed.
  writeTrial(directory, 2, { state: 'stopped' });
  expect((await index.read(folders))[0]).toMatchObject({ ended: 4, left: 1, running: 0 });
  planGeneratedSweep(directory, { ...smallGrid, seeds: 3 });
  expect((await index.read(folders))[0]).toMatchObject({ trials: 6 });
  appendFileSync(path.join(directory, 'sweep.json'), '}');
  expect(await index.read(folders)).toEqual([]);
});
