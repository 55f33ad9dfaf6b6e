// Reading the trials of a sweep again and again: what is read, and how often.
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { failTrial, writeTrial } from '../../../test/support/generatedSweep';
import { plannedSweep, smallGrid } from '../../../test/support/plannedSweep';
import type { TrialProgress } from '../../protocol/sweep';
import { clearCanceled, markCanceled, sweepPaths } from '../../sweep/sweepDirectory';
import { createTrialReader } from './readTrials';

/** Reads, and returns `trial state` of the trials that have changed. */
async function changes(reader: ReturnType<typeof createTrialReader>, count: number): Promise<string[]> {
  const changed: TrialProgress[] = [];
  await reader.read(count, (part) => changed.push(...part));
  return changed.map(({ trial, state }) => `${trial} ${state}`);
}

describe('the trials of a sweep', () => {
  it('are all reported at first, and later those that have changed', async () => {
    const { directory, count } = plannedSweep(smallGrid);
    const reader = createTrialReader(directory, async () => 0.5);
    writeTrial(directory, 1, { state: 'finished', value: 0.5 });
    writeTrial(directory, 2, { state: 'running' });
    expect(await changes(reader, count)).toEqual(['1 finished', '2 running', '3 waiting', '4 waiting']);
    expect(await changes(reader, count)).toEqual([]);
    writeTrial(directory, 2, { state: 'diverged', message: 'The loss is not finite.' });
    failTrial(directory, 3, 'The model cannot be built.');
    expect(await changes(reader, count)).toEqual(['2 diverged', '3 failed']);
    expect(reader.trials.map(({ value, message }) => [value, message])).toEqual([
      [0.5, null],
      [null, 'The loss is not finite.'],
      [null, 'The model cannot be built.'],
      [null, null],
    ]);
  });

  it('are read once when they are finished, and their result, too', async () => {
    const { directory, count } = plannedSweep(smallGrid);
    let results = 0;
    const reader = createTrialReader(directory, async () => (results += 1));
    writeTrial(directory, 1, { state: 'finished', value: 0.5 });
    await changes(reader, count);
    // Whatever happens to its files now.
    renameSync(sweepPaths(directory).run(1), path.join(directory, 'aside'));
    expect(await changes(reader, count)).toEqual([]);
    expect(results).toBe(1);
  });

  it('are canceled if they have not begun and are marked so, and wait again without the mark', async () => {
    const { directory, count } = plannedSweep(smallGrid);
    const reader = createTrialReader(directory, async () => null);
    writeTrial(directory, 1, { state: 'stopped' });
    markCanceled(directory, 'all');
    expect(await changes(reader, count)).toEqual(['1 stopped', '2 canceled', '3 canceled', '4 canceled']);
    clearCanceled(directory);
    markCanceled(directory, 4);
    expect(await changes(reader, count)).toEqual(['2 waiting', '3 waiting']);
  });

  it('are followed when failed, diverged and stopped ones are resumed', async () => {
    const { directory, count } = plannedSweep(smallGrid);
    const reader = createTrialReader(directory, async () => null);
    writeTrial(directory, 1, { state: 'failed', message: 'Full.' });
    writeTrial(directory, 2, { state: 'stopped' });
    failTrial(directory, 3, 'No.');
    writeTrial(directory, 4, { state: 'diverged', message: 'Not finite.' });
    expect(await changes(reader, count)).toEqual(['1 failed', '2 stopped', '3 failed', '4 diverged']);
    writeTrial(directory, 1, { state: 'running', step: 50 });
    writeTrial(directory, 2, { state: 'finished' });
    rmSync(sweepPaths(directory).failure(3));
    writeTrial(directory, 4, { state: 'running', step: 60 });
    expect(await changes(reader, count)).toEqual(['1 running', '2 finished', '3 waiting', '4 running']);
  });

  it('exited when their process has, though their status says nothing of it', async () => {
    const { directory, count } = plannedSweep(smallGrid);
    const reader = createTrialReader(directory, async () => null);
    writeTrial(directory, 1, { state: 'running', dead: true });
    writeFileSync(path.join(sweepPaths(directory).run(1), '..', '0002'), 'a file');
    mkdirSync(sweepPaths(directory).run(3));
    writeFileSync(path.join(sweepPaths(directory).run(3), 'status.json'), '{');
    expect(await changes(reader, count)).toEqual(['1 exited', '2 waiting', '3 exited', '4 waiting']);
  });

  it('are not read through links', async () => {
    const { folder, directory, count } = plannedSweep(smallGrid);
    const elsewhere = path.join(folder, 'elsewhere');
    writeTrial(directory, 1, { state: 'finished' });
    renameSync(sweepPaths(directory).run(1), elsewhere);
    symlinkSync(elsewhere, sweepPaths(directory).run(2));
    const reader = createTrialReader(directory, async () => null);
    expect(await changes(reader, count)).toEqual(['1 waiting', '2 waiting', '3 waiting', '4 waiting']);
    rmSync(path.join(directory, 'runs'), { recursive: true });
    symlinkSync(folder, path.join(directory, 'runs'));
    await expect(changes(reader, count)).rejects.toThrow('it is a link');
  });
});
