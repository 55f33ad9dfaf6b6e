// The handlers of the commands about sweeps, and the quick pick for a missing argument.
import * as vscode from 'vscode';
import { commandIds } from '../ids';
import { userError } from '../userErrors';
import type { SweepActions } from './actionsInterface';
import { describeSweep } from './sweepItem';
import { isSweepSummary, type Sweeps, type SweepSummary } from './sweepSummary';

/** `load` gives the actions, whose code is loaded on first use. */
export function sweepCommands(sweeps: Sweeps, load: () => Promise<SweepActions>) {
  const on =
    (placeHolder: string, work: (actions: SweepActions, sweep: SweepSummary) => unknown) =>
    async (argument: unknown): Promise<void> => {
      const sweep = isSweepSummary(argument) ? argument : await pick(sweeps, placeHolder);
      if (sweep !== undefined) await work(await load(), sweep);
    };
  const { t } = vscode.l10n;
  return {
    [commandIds.openSweep]: on(t('Select a sweep to open'), (actions, { directory, name }) =>
      actions.open(directory, name),
    ),
    [commandIds.resumeSweep]: on(t('Select a sweep to resume'), (actions, { directory }) => actions.resume(directory)),
    [commandIds.retrySweep]: on(t('Select a sweep to retry its failed trials'), (actions, { directory }) =>
      actions.resume(directory, true),
    ),
    [commandIds.cancelSweep]: on(t('Select a sweep to cancel'), (actions, { directory }) => actions.cancel(directory)),
    [commandIds.openSweepLog]: on(t('Select a sweep to open its log'), (actions, { directory }) =>
      actions.openLog(directory),
    ),
    [commandIds.revealSweep]: on(t('Select a sweep to reveal its folder'), (actions, { directory }) =>
      actions.reveal(directory),
    ),
    [commandIds.deleteSweep]: on(t('Select a sweep to delete'), (actions, { directory }) => actions.remove(directory)),
  };
}

/** A single sweep is used without asking; undefined if the user cancels. */
async function pick(sweeps: Sweeps, placeHolder: string): Promise<SweepSummary | undefined> {
  await sweeps.refresh();
  if (sweeps.all.length === 0)
    throw userError(vscode.l10n.t('This workspace has no sweeps yet. Run a *.sweep.json file first.'));
  if (sweeps.all.length === 1) return sweeps.all[0];
  const items = sweeps.all.map((sweep) => ({ label: sweep.name, description: describeSweep(sweep), sweep }));
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.sweep;
}
