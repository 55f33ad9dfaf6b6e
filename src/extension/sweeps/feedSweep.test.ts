// What the page of a sweep is sent.
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { planGeneratedSweep, writeTrial } from '../../../test/support/generatedSweep';
import { plannedSweep, smallGrid } from '../../../test/support/plannedSweep';
import type { ToPage } from '../../protocol/monitor';
import { checkToPage } from '../../protocol/monitorChecks';
import type { SweepMessage, SweepPlan } from '../../protocol/sweep';
import { forgetStartProblem, markCanceled } from '../../sweep/sweepDirectory';
import { feedSweep } from './feedSweep';
import { keepStartProblem, readStartProblem } from './startProblem';

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
  const { directory } = plannedSweep(smallGrid);
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
  const { directory } = plannedSweep(smallGrid);
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
  const { directory } = plannedSweep(smallGrid);
  const { messages, until } = feed(directory);
  await until(has(4, 'waiting'));
  planGeneratedSweep(directory, { ...smallGrid, seeds: 3 });
  await until(has(6, 'waiting'));
  const plans = messages.flatMap((message) => (message.type === 'sweep' ? [message.plan as SweepPlan] : []));
  expect(plans.map(({ trials }) => trials.length)).toEqual([4, 6]);
});

it('waits while the sweep is being planned, and else says what is wrong', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-sweeps-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const directory = path.join(folder, 'new');
  const starting = feed(directory, true);
  planGeneratedSweep(directory, smallGrid);
  await starting.until(has(1, 'waiting'));
  expect(starting.messages.some(({ type }) => type === 'problem')).toBe(false);
  mkdirSync(path.join(folder, 'missing'));
  const missing = feed(path.join(folder, 'missing'));
  while (missing.messages.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(missing.messages).toEqual([{ type: 'problem', message: expect.stringContaining('it has no sweep.json') }]);
});

it('says that the sweep was deleted, and begins again when it is back', async () => {
  const { directory } = plannedSweep(smallGrid);
  const { messages, until } = feed(directory);
  await until(has(4, 'waiting'));
  const before = messages.length;
  renameSync(directory, `${directory}.trash`);
  while (messages.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(messages.at(-1)).toEqual({ type: 'deleted', kind: 'sweep', name: path.basename(directory) });
  expect(checkToPage(messages.at(-1))).toHaveProperty('value');
  renameSync(`${directory}.trash`, directory);
  while (messages.length === before + 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(messages[before + 1].type).toBe('sweep');
});
