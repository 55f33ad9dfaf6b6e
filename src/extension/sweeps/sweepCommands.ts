// The handlers of the commands about sweeps, and the quick pick for a missing argument.
import * as vscode from 'vscode';
import { commandIds } from '../ids';
import { userError } from '../userErrors';
import type { SweepActions } from './actionsInterface';
import { describeSweep } from './sweepItem';
import { isSweepSummary, type Sweeps, type SweepSummary } from './sweepSummary';

interface SweepPick {
  readonly placeHolder: string;
  readonly among?: (sweep: SweepSummary) => boolean;
  /** The error if the workspace has sweeps, but none of them is a candidate. */
  readonly noneMessage?: string;
}

/** `load` gives the actions, whose code is loaded on first use. */
export function sweepCommands(sweeps: Sweeps, load: () => Promise<SweepActions>) {
  const on =
    (question: SweepPick, work: (actions: SweepActions, sweep: SweepSummary) => unknown) =>
    async (argument: unknown): Promise<void> => {
      const sweep = isSweepSummary(argument) ? argument : await pick(sweeps, question);
      if (sweep !== undefined) await work(await load(), sweep);
    };
  const { t } = vscode.l10n;
  return {
    [commandIds.openSweep]: on({ placeHolder: t('Select a sweep to open') }, (actions, { directory, name }) =>
      actions.open(directory, name),
    ),
    [commandIds.resumeSweep]: on(
      {
        placeHolder: t('Select a sweep to resume'),
        among: ({ left, running }) => left > 0 && running === 0,
        noneMessage: t('No sweep can be resumed: all trials have ended or are running.'),
      },
      (actions, { directory }) => actions.resume(directory),
    ),
    [commandIds.retrySweep]: on(
      {
        placeHolder: t('Select a sweep to retry its failed trials'),
        among: ({ failed, running }) => failed > 0 && running === 0,
        noneMessage: t('No sweep can be retried: no trial has failed, or the sweep is still running.'),
      },
      (actions, { directory }) => actions.resume(directory, true),
    ),
    [commandIds.cancelSweep]: on(
      {
        placeHolder: t('Select a sweep to cancel'),
        among: ({ left, running }) => left > 0 || running > 0,
        noneMessage: t('No sweep can be canceled: all trials have ended.'),
      },
      (actions, { directory }) => actions.cancel(directory),
    ),
    [commandIds.openSweepLog]: on({ placeHolder: t('Select a sweep to open its log') }, (actions, { directory }) =>
      actions.openLog(directory),
    ),
    [commandIds.revealSweep]: on({ placeHolder: t('Select a sweep to reveal its folder') }, (actions, { directory }) =>
      actions.reveal(directory),
    ),
    [commandIds.deleteSweep]: on(
      {
        placeHolder: t('Select a sweep to delete'),
        among: ({ running }) => running === 0,
        noneMessage: t('No sweep can be deleted: cancel a sweep before you delete it.'),
      },
      (actions, { directory }) => actions.remove(directory),
    ),
  };
}

/** A single candidate is used without asking; undefined if the user cancels. */
async function pick(
  sweeps: Sweeps,
  { placeHolder, among = () => true, noneMessage = '' }: SweepPick,
): Promise<SweepSummary | undefined> {
  await sweeps.refresh();
  if (sweeps.all.length === 0)
    throw userError(vscode.l10n.t('This workspace has no sweeps yet. Run a *.sweep.json file first.'));
  const found = sweeps.all.filter(among);
  if (found.length === 0) throw userError(noneMessage);
  if (found.length === 1) return found[0];
  const items = found.map((sweep) => ({ label: sweep.name, description: describeSweep(sweep), sweep }));
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.sweep;
}
