// Reading the trials of a sweep again and again: what is read, how often, and what the page is told.
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { failTrial, planGeneratedSweep, writeTrial } from '../../../test/support/generatedSweep';
import type { ToPage } from '../../protocol/monitor';
import { checkToPage } from '../../protocol/monitorChecks';
import type { SweepMessage, SweepPlan, TrialProgress } from '../../protocol/sweep';
import {
  clearCanceled,
  forgetStartProblem,
  markCanceled,
  openSweep,
  openSweepAsync,
  sweepPaths,
} from '../../sweep/sweepDirectory';
import { feedSweep } from './feedSweep';
import { keepStartProblem, readStartProblem } from './startProblem';
import { createTrialReader } from './readTrials';
import { createSweepIndex } from './sweepIndex';
import { sweepPlan } from './sweepPlan';

function planned(sweep: object) {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-sweeps-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const directory = path.join(folder, 'sweeps', 'widths');
  return { folder, directory, count: planGeneratedSweep(directory, sweep) };
}

const grid = { over: { 'critic.width': [16, 32] }, seeds: 2 };

/** Reads, and returns `trial state` of the trials that have changed. */
async function changes(reader: ReturnType<typeof createTrialReader>, count: number): Promise<string[]> {
  const changed: TrialProgress[] = [];
  await reader.read(count, (part) => changed.push(...part));
  return changed.map(({ trial, state }) => `${trial} ${state}`);
}

describe('the trials of a sweep', () => {
  it('are all reported at first, and later those that have changed', async () => {
    const { directory, count } = planned(grid);
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
    const { directory, count } = planned(grid);
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
    const { directory, count } = planned(grid);
    const reader = createTrialReader(directory, async () => null);
    writeTrial(directory, 1, { state: 'stopped' });
    markCanceled(directory, 'all');
    expect(await changes(reader, count)).toEqual(['1 stopped', '2 canceled', '3 canceled', '4 canceled']);
    clearCanceled(directory);
    markCanceled(directory, 4);
    expect(await changes(reader, count)).toEqual(['2 waiting', '3 waiting']);
  });

  it('are followed when failed, diverged and stopped ones are resumed', async () => {
    const { directory, count } = planned(grid);
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
    const { directory, count } = planned(grid);
    const reader = createTrialReader(directory, async () => null);
    writeTrial(directory, 1, { state: 'running', dead: true });
    writeFileSync(path.join(sweepPaths(directory).run(1), '..', '0002'), 'a file');
    mkdirSync(sweepPaths(directory).run(3));
    writeFileSync(path.join(sweepPaths(directory).run(3), 'status.json'), '{');
    expect(await changes(reader, count)).toEqual(['1 exited', '2 waiting', '3 exited', '4 waiting']);
  });

  it('are not read through links', async () => {
    const { folder, directory, count } = planned(grid);
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

describe('the plan for the page', () => {
  it('is that of the disk, with the settings that differ, and objects by their parts', async () => {
    const constraint = [
      { kind: 'clip', c: 0.1 },
      { kind: 'gradient-penalty', lambda: 1 },
    ];
    const { directory } = planned({ over: { constraint, batchSize: [8] }, set: { objective: 'wgan' }, seeds: 2 });
    expect(await openSweepAsync(directory)).toEqual(openSweep(directory));
    const plan = sweepPlan(await openSweepAsync(directory));
    expect(checkToPage({ type: 'sweep', plan })).toHaveProperty('value');
    expect(plan).toMatchObject({
      name: 'widths',
      settings: ['constraint.kind', 'constraint.c', 'constraint.lambda'],
      grid: ['constraint.kind', 'constraint.c', 'constraint.lambda'],
      comparison: { metric: 'w1', maximize: false, thresholds: [] },
    });
    expect(plan.trials.map(({ values, seed }) => [...values, seed])).toEqual([
      ['clip', 0.1, null, 1],
      ['gradient-penalty', null, 1, 1],
      ['clip', 0.1, null, 2],
      ['gradient-penalty', null, 1, 2],
    ]);
  });
});

describe('the feed of the page', () => {
  function feed(directory: string, working = false) {
    const messages: ToPage[] = [];
    const started = feedSweep({
      directory,
      working: () => working,
      post: (message) => messages.push(message),
      everyMs: 10,
    });
    onTestFinished(() => {
      started.stop();
      return started.stopped;
    });
    const until = async (found: (message: SweepMessage) => boolean) => {
      while (!messages.some((each) => (each.type === 'sweep' || each.type === 'trials') && found(each)))
        await new Promise((resolve) => setTimeout(resolve, 5));
    };
    return { messages, until };
  }
  const has = (trial: number, state: string) => (message: SweepMessage) =>
    message.type === 'trials' && message.trials.some((each) => each.trial === trial && each.state === state);

  it('has the plan, all trials with their results, and then what changes', async () => {
    const { directory } = planned(grid);
    writeTrial(directory, 1, { state: 'finished', value: 0.25 });
    const { messages, until } = feed(directory);
    await until(has(4, 'waiting'));
    expect(messages.map(({ type }) => type)).toEqual(['sweep', 'trials']);
    expect(messages[1]).toMatchObject({ trials: { length: 4 }, active: false, canceled: false });
    expect(messages[1]).toMatchObject({ trials: [{ trial: 1, value: 0.25 }, {}, {}, {}] });
    writeTrial(directory, 2, { state: 'running' });
    await until((message) => has(2, 'running')(message) && message.type === 'trials' && message.active);
    markCanceled(directory, 'all');
    await until((message) => message.type === 'trials' && message.canceled);
    for (const message of messages) expect(checkToPage(message)).toHaveProperty('value');
  });

  it('says why the last process failed, until another one is started', async () => {
    const { directory } = planned(grid);
    const { until } = feed(directory);
    await until(has(4, 'waiting'));
    await keepStartProblem(directory, 'Slurm does not answer.');
    const says = (problem: string | null) => (message: SweepMessage) =>
      message.type === 'trials' && message.problem === problem;
    await until(says('Slurm does not answer.'));
    // After a reload, another feed reads it.
    const reloaded = feed(directory);
    await reloaded.until(says('Slurm does not answer.'));
    await keepStartProblem(directory, null);
    await until((message) => says(null)(message) && message.type === 'trials' && message.trials.length === 0);
    expect(await readStartProblem(directory)).toBeNull();
    // From a terminal as well.
    await keepStartProblem(directory, 'Slurm does not answer.');
    forgetStartProblem(directory);
    forgetStartProblem(directory);
    expect(await readStartProblem(directory)).toBeNull();
    await keepStartProblem(path.join(directory, 'missing'), 'Nothing was planned.');
    expect(await readStartProblem(path.join(directory, 'missing'))).toBeNull();
  });

  it('begins again when the sweep grows', async () => {
    const { directory } = planned(grid);
    const { messages, until } = feed(directory);
    await until(has(4, 'waiting'));
    planGeneratedSweep(directory, { ...grid, seeds: 3 });
    await until(has(6, 'waiting'));
    const plans = messages.flatMap((message) => (message.type === 'sweep' ? [message.plan as SweepPlan] : []));
    expect(plans.map(({ trials }) => trials.length)).toEqual([4, 6]);
  });

  it('waits while the sweep is being planned, and else says what is wrong', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-sweeps-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const directory = path.join(folder, 'new');
    const starting = feed(directory, true);
    planGeneratedSweep(directory, grid);
    await starting.until(has(1, 'waiting'));
    expect(starting.messages.some(({ type }) => type === 'problem')).toBe(false);
    const missing = feed(path.join(folder, 'missing'));
    while (missing.messages.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(missing.messages).toEqual([{ type: 'problem', message: expect.stringContaining('it has no sweep.json') }]);
  });
});

describe('the list of sweeps', () => {
  it('has the progress of each, and the same object while nothing changes', async () => {
    const { folder, directory } = planned(grid);
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
    planGeneratedSweep(directory, { ...grid, seeds: 3 });
    expect((await index.read(folders))[0]).toMatchObject({ trials: 6 });
    appendFileSync(path.join(directory, 'sweep.json'), '}');
    expect(await index.read(folders)).toEqual([]);
  });
});
