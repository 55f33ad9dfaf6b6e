// The actions on a run.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { scratch } from '../../../test/fixtures/run/scratch';
import { status } from '../../../test/support/runStatus';
import { window } from '../../../test/support/vscode';
import { createRunActions } from './actions';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const root = scratch();

it('asks for the new total number of steps to train a finished run longer', async () => {
  const finished = { ...status, state: 'finished', step: 400, steps: 400 };
  writeFileSync(path.join(root(), 'status.json'), JSON.stringify(finished));
  const resume = vi.fn(async () => true);
  const resumed = createRunActions({
    runs: { find: () => ({ name: 'ring', experimentName: 'ring', parent: null }) } as never,
    launcher: { resume } as never,
    monitors: vi.fn(),
  }).resume(root());
  // What asks is loaded first.
  await vi.waitFor(() => expect(window.inputBoxes).toHaveLength(1), 20_000);
  const [box] = window.inputBoxes;
  expect(box).toMatchObject({ title: 'Train ring longer', value: '800', buttons: [] });
  box.enter('400');
  expect(box.validationMessage).toBe('Enter a whole number greater than 400.');
  box.enter('800');
  expect(await resumed).toBe(true);
  expect(resume).toHaveBeenCalledWith(root(), 800);
});

it('says that a comparison needs another run, not another selection, if there is only one', () => {
  const only = { directory: '/w/a', name: 'a', experimentName: 'a', source: null, parent: null };
  const actions = createRunActions({
    runs: { all: [only], find: () => only } as never,
    launcher: {} as never,
    monitors: vi.fn(),
  });
  expect(() => actions.compare([only.directory])).toThrow('There is only one run.');
  expect(() => actions.compareWithPrevious(only.directory)).toThrow('a is the first run of its experiment');
});
