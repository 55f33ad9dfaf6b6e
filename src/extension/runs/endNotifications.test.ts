// The notification of a long run that has finished.
import { afterEach, expect, it, vi } from 'vitest';
import { listedRun } from '../../../test/support/listedRun';
import { status } from '../../../test/support/runStatus';
import { configured, window } from '../../../test/support/vscode';
import { registerEndNotifications } from './endNotifications';
import type { Run } from './readRuns';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const running = listedRun('long', { status: { ...status, updatedAt: status.startedAt + 600 } });
const finished: Run = {
  ...running,
  status: { ...running.status!, state: 'finished' },
  liveness: 'ended',
  estimate: 0.5,
};
let fire: (runs: readonly Run[]) => void = () => {};
const watch = () =>
  registerEndNotifications(
    {
      onDidChange: (listener) => {
        fire = listener;
        return { dispose: () => {} };
      },
    },
    { openMonitor: () => {} },
  );
const shownAfter = (before: Run, after: Run) => {
  window.shown.length = 0;
  watch();
  fire([before]);
  fire([after]);
  return window.shown;
};
afterEach(() => {
  window.state.focused = true;
  delete configured['earthmover.notifyWhenFinished'];
});

it('appears if the window is not focused, and the run took long enough', () => {
  window.state.focused = false;
  expect(shownAfter(running, finished)).toEqual(['long finished after 500 steps. Last value: K·W 0.5.']);
  configured['earthmover.notifyWhenFinished'] = 11;
  expect(shownAfter(running, finished)).toEqual([]);
});

it('does not appear in a focused window, if it is turned off, or for a run that was stopped', () => {
  expect(shownAfter(running, finished)).toEqual([]);
  window.state.focused = false;
  expect(shownAfter(running, { ...finished, status: { ...finished.status!, state: 'stopped' } })).toEqual([]);
  configured['earthmover.notifyWhenFinished'] = 0;
  expect(shownAfter(running, finished)).toEqual([]);
});
