// The handlers of the commands about sweeps.
import { commandIds } from '../ids';
import type { SweepActions } from './actionsInterface';
import type { SweepQuestion } from './pickSweep';
import { isSweepSummary, type Sweeps, type SweepSummary } from './sweepSummary';

/** `load` gives the actions, whose code is loaded on first use. */
export function sweepCommands(sweeps: Sweeps, load: () => Promise<SweepActions>) {
  const on =
    (question: SweepQuestion, work: (actions: SweepActions, sweep: SweepSummary) => unknown) =>
    async (argument: unknown): Promise<void> => {
      const sweep = isSweepSummary(argument) ? argument : await (await import('../lazy')).pickSweep(sweeps, question);
      if (sweep !== undefined) await work(await load(), sweep);
    };
  return {
    [commandIds.openSweep]: on('openSweep', (actions, { directory, name }) => actions.open(directory, name)),
    [commandIds.resumeSweep]: on('resumeSweep', (actions, { directory }) => actions.resume(directory)),
    [commandIds.retrySweep]: on('retrySweep', (actions, { directory }) => actions.resume(directory, true)),
    [commandIds.cancelSweep]: on('cancelSweep', (actions, { directory }) => actions.cancel(directory)),
    [commandIds.openSweepLog]: on('openSweepLog', (actions, { directory }) => actions.openLog(directory)),
    [commandIds.revealSweep]: on('revealSweep', (actions, { directory }) => actions.reveal(directory)),
    [commandIds.copyBestTrial]: on('copyBestTrial', (actions, { directory }) => actions.copyTrial(directory)),
    [commandIds.deleteSweep]: on('deleteSweep', (actions, { directory }) => actions.remove(directory)),
  };
}
