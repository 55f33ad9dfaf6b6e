// The steps of the walkthrough are ticked, also if they were done before it is shown.
import { setImmediate } from 'node:timers/promises';
import { beforeEach, expect, it, vi } from 'vitest';
import { commands, window } from '../../test/support/vscode';
import { markDone, registerWalkthrough } from './walkthrough';

vi.mock('vscode', () => import('../../test/support/vscode'));

const stored = new Map<string, unknown>();
const globalState = {
  get: (key: string) => stored.get(key),
  update: async (key: string, value: unknown) => void stored.set(key, value),
};
const ticks = [
  ['setContext', 'earthmover.done.experiment', true],
  ['setContext', 'earthmover.done.experiment', false],
];

beforeEach(() => {
  commands.executed.length = 0;
  window.tabGroups.activeTabGroup.activeTab = { input: 'a file' };
});

it('ticks a step at once, by a key that is true for a moment only', () => {
  registerWalkthrough({ globalState } as never);
  markDone('experiment');
  expect(commands.executed).toEqual(ticks);
});

it('ticks it again when the walkthrough is shown, also in a later session', async () => {
  registerWalkthrough({ globalState } as never);
  await setImmediate();
  expect(commands.executed).toEqual([]);
  window.tabGroups.activeTabGroup.activeTab = { input: undefined };
  window.changeTabs();
  expect(commands.executed).toEqual(ticks);
});

it('ticks it if the walkthrough is shown before the extension starts', async () => {
  window.tabGroups.activeTabGroup.activeTab = { input: undefined };
  registerWalkthrough({ globalState } as never);
  await setImmediate();
  expect(commands.executed).toEqual(ticks);
});
