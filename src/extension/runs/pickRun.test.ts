// The runs that a command offers, and what it says if there are none.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { status } from '../../../test/support/runStatus';
import { noticeOf } from '../userErrors';
import { pickRun, pickRuns } from './pickRun';

const showQuickPick = vi.hoisted(() => vi.fn());
vi.mock('vscode', async () => {
  const editor = await import('../../../test/support/vscode');
  return { ...editor, window: { ...editor.window, showQuickPick } };
});

const run = (name: string, state: string, liveness = 'ended') => ({
  directory: `/w/${name}`,
  name,
  experimentName: name,
  parent: null,
  source: null,
  estimate: null,
  status: { ...status, state, step: 588, steps: 2500 },
  liveness,
});

const runsOf = (...all: unknown[]) => ({ all, refresh: async () => {} }) as never;

beforeEach(() => void showQuickPick.mockReset());

it('names the command that asks in the title of every list', async () => {
  const runs = runsOf(run('b', 'finished'), run('a', 'finished'));
  await pickRun(runs, 'trainLonger');
  expect(showQuickPick.mock.lastCall?.[1]).toMatchObject({ title: 'Train Longer' });
  await pickRuns(runs, undefined, [], 'compareRuns');
  expect(showQuickPick.mock.lastCall?.[1]).toMatchObject({ title: 'Compare Runs', canPickMany: true });
});

describe('without a run that has finished, training longer', () => {
  const answer = (...all: unknown[]) => pickRun(runsOf(...all), 'trainLonger');

  it('offers to resume the newest that stopped before', async () => {
    const error: unknown = await answer(run('b', 'running', 'alive'), run('a', 'stopped')).catch((e: unknown) => e);
    expect(error).toMatchObject({
      message: 'No run has finished yet: a (stopped) is at step 588 of 2,500. Resume it to train the rest.',
    });
    const remedy = { label: 'Resume', command: 'earthmover.resume', args: ['/w/a'] };
    expect(noticeOf(error)).toEqual({ remedy });
  });

  it('says that one is still training', () =>
    expect(answer(run('a', 'running', 'alive'))).rejects.toThrow('a is still training.'));
});

it('compares only a run that has an earlier one of its experiment', async () => {
  const compare = (...all: unknown[]) => pickRun(runsOf(...all), 'compareWithPrevious');
  expect(await compare(run('a', 'finished'), { ...run('a', 'finished'), directory: '/w/a1' })).toBe('/w/a');
  await expect(compare(run('b', 'finished'), run('a', 'finished'))).rejects.toThrow('No experiment has two runs');
});
