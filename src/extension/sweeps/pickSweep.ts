// The quick picks for commands about sweeps without a sweep as their argument.
import * as vscode from 'vscode';
import { userError } from '../userErrors';
import { describeSweep } from './sweepItem';
import type { Sweeps, SweepSummary } from './sweepSummary';

interface SweepPick {
  readonly placeHolder: string;
  readonly among?: (sweep: SweepSummary) => boolean;
  /** What is reported if the workspace has sweeps, but none of them is a candidate. */
  readonly noneMessage?: string;
}

/** The commands that ask for a sweep. */
export type SweepQuestion = keyof ReturnType<typeof sweepPicks>;

/** A single candidate is used without asking; undefined if the user cancels. */
export async function pickSweep(sweeps: Sweeps, question: SweepQuestion): Promise<SweepSummary | undefined> {
  const { placeHolder, among = () => true, noneMessage = '' }: SweepPick = sweepPicks()[question];
  await sweeps.refresh();
  if (sweeps.all.length === 0)
    throw userError(vscode.l10n.t('This workspace has no sweeps yet. Run a *.sweep.json file first.'));
  const found = sweeps.all.filter(among);
  if (found.length === 0) throw userError(noneMessage);
  if (found.length === 1) return found[0];
  const items = found.map((sweep) => ({ label: sweep.name, description: describeSweep(sweep), sweep }));
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.sweep;
}

function sweepPicks() {
  const { t } = vscode.l10n;
  return {
    openSweep: { placeHolder: t('Select a sweep to open') },
    resumeSweep: {
      placeHolder: t('Select a sweep to resume'),
      among: ({ left, running }) => left > 0 && running === 0,
      noneMessage: t('No sweep can be resumed: all trials have ended or are running.'),
    },
    retrySweep: {
      placeHolder: t('Select a sweep to retry its failed trials'),
      among: ({ failed, running }) => failed > 0 && running === 0,
      noneMessage: t('No sweep can be retried: no trial has failed, or the sweep is still running.'),
    },
    cancelSweep: {
      placeHolder: t('Select a sweep to cancel'),
      among: ({ left, running }) => left > 0 || running > 0,
      noneMessage: t('No sweep can be canceled: all trials have ended.'),
    },
    openSweepLog: { placeHolder: t('Select a sweep to open its log') },
    revealSweep: { placeHolder: t('Select a sweep to reveal its folder') },
    copyBestTrial: { placeHolder: t('Select a sweep to copy its best settings') },
    deleteSweep: {
      placeHolder: t('Select a sweep to delete'),
      among: ({ running }) => running === 0,
      noneMessage: t('No sweep can be deleted: cancel a sweep before you delete it.'),
    },
  } satisfies Record<string, SweepPick>;
}
