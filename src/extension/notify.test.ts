import { expect, it, vi } from 'vitest';

const showErrorMessage = vi.fn(async (_message: string, ...buttons: string[]) => buttons.at(0));
vi.mock('vscode', () => ({ window: { showErrorMessage } }));

it('shows what would act in a notification as text', async () => {
  const { notify } = await import('./notify');
  const hostile = 'Unexpected token \u001b[2J, "[Fix it](command:workbench.action.quit)\n\u202e" is not valid JSON';
  expect(await notify.error(hostile, 'Show Log')).toBe('Show Log');
  expect(showErrorMessage).toHaveBeenCalledWith(
    'Unexpected token \\x1b[2J, "[Fix it] (command:workbench.action.quit)\\x0a\\u202e" is not valid JSON',
    'Show Log',
  );
});
