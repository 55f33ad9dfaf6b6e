// How an error is shown to the user.
import { expect, it, vi } from 'vitest';
import { commands, FileSystemError, window } from '../../test/support/vscode';
import { reportErrors } from './log';
import { errors, notice, userError } from './userErrors';

vi.mock('vscode', () => import('../../test/support/vscode'));

const showErrorMessage = vi.spyOn(window, 'showErrorMessage');

async function shown(error: unknown): Promise<unknown[]> {
  showErrorMessage.mockClear();
  await reportErrors({ error: () => {}, info: () => {} } as never, () => {
    throw error;
  });
  return showErrorMessage.mock.calls[0];
}

it('names the cause of an error that is no bug: of a setting, of the disk', async () => {
  expect(await shown(userError('No runs.'))).toEqual(['No runs.']);
  const full = Object.assign(new Error("ENOSPC: no space left on device, write '/w/a'"), { code: 'ENOSPC' });
  expect(await shown(full)).toEqual([full.message]);
  const readOnly = new FileSystemError("Unable to write file '/w/a' (EACCES: permission denied)");
  expect(await shown(readOnly)).toEqual([readOnly.message]);
});

it('calls everything else an internal error, and offers the log', async () => {
  expect(await shown(new TypeError('x is not a function'))).toEqual([
    'Internal error: x is not a function',
    'Show Log',
  ]);
});

it('informs of a missing file, with what to do about it as a button', async () => {
  const showInformationMessage = vi.spyOn(window, 'showInformationMessage');
  window.answers = ['New Experiment'];
  expect(await shown(errors.noExperiment())).toBeUndefined();
  expect(showInformationMessage).toHaveBeenCalledWith(
    expect.stringContaining('No experiment found.'),
    'New Experiment',
  );
  await vi.waitFor(() => expect(commands.executed).toContainEqual(['earthmover.newExperiment']));
});

it('informs of a command that has nothing to do, which is no error', async () => {
  const showInformationMessage = vi.spyOn(window, 'showInformationMessage');
  expect(await shown(notice('Nothing is running.'))).toBeUndefined();
  expect(showInformationMessage).toHaveBeenLastCalledWith('Nothing is running.');
});
