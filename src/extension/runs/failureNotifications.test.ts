// A run that fails is announced once, not where its monitor shows it; one whose folder is deleted is told truthfully.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { status } from '../../../test/support/runStatus';
import { EventEmitter, window } from '../../../test/support/vscode';
import { userError } from '../userErrors';
import { registerFailureNotifications } from './failureNotifications';
import type { Run } from './readRuns';

vi.mock('vscode', () => import('../../../test/support/vscode'));

describe('a live run', () => {
  let directory = '';
  let shown = false;
  let first = true;
  const changed = new EventEmitter<readonly Run[]>();
  const run = (state: 'running' | 'failed') =>
    ({
      directory,
      name: 'ring',
      status: { ...status, state, message: 'The disk is full.' },
      liveness: state === 'running' ? 'alive' : 'ended',
    }) as unknown as Run;
  const settled = () => new Promise((resolve) => setTimeout(resolve, 50));
  beforeEach(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), 'em-failed-'));
    [window.shown, shown, first] = [[], false, true];
    registerFailureNotifications({
      log: { error: () => {} } as never,
      runs: { onDidChange: changed.event as never },
      actions: {
        openMonitor: () => {},
        openLog: async () => {
          throw userError('The log does not exist.');
        },
      },
      diagnostics: { show: () => {} },
      isShown: () => shown,
      announceOnce: async () => first,
    });
    changed.fire([run('running')]);
  });
  afterEach(() => changed.dispose());

  it('is announced as gone also if it was seen while its folder was being deleted', async () => {
    changed.fire([{ ...run('running'), status: null, liveness: null, problem: 'it has no experiment.json' }]);
    await settled();
    expect(window.shown).toEqual([]);
    // It is still there, empty: the list leaves it out.
    changed.fire([]);
    changed.fire([]);
    await settled();
    expect(window.shown).toEqual([expect.stringMatching(/^ring ended because its folder was deleted or moved/)]);
  });

  it('that fails is announced', async () => {
    changed.fire([run('failed')]);
    await settled();
    expect(window.shown).toEqual([expect.stringMatching(/^ring failed at step \d+: The disk is full\.$/)]);
  });

  it('that fails is announced with its log, and why that cannot be opened', async () => {
    window.answers = ['Show Log'];
    changed.fire([run('failed')]);
    await vi.waitFor(() => expect(window.shown).toHaveLength(2));
    expect(window.shown[1]).toBe('The log does not exist.');
  });

  it.each([
    ['its monitor shows it', () => (shown = true)],
    ['another window has announced it', () => (first = false)],
  ])('that fails is not announced if %s', async (_, arrange) => {
    arrange();
    changed.fire([run('failed')]);
    await settled();
    expect(window.shown).toEqual([]);
  });

  it('whose folder is deleted or moved did start, and ended because of that', async () => {
    rmSync(directory, { recursive: true });
    changed.fire([]);
    await settled();
    expect(window.shown).toEqual([`ring ended because its folder was deleted or moved during training: ${directory}`]);
  });

  it('whose folder was only removed from the workspace has not ended', async () => {
    writeFileSync(path.join(directory, 'experiment.json'), '{}');
    changed.fire([]);
    await settled();
    expect(window.shown).toEqual([]);
  });
});
