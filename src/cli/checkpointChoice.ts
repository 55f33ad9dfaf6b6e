// The checkpoint that a command uses: --step N, or --checkpoint with a step or "best".
import type { CheckpointChoice } from '../run/export/exportFile';
import { wholeNumber } from './arguments';
import { errors } from './errors';

/** Undefined for the newest checkpoint. Throws a UserError if the options contradict each other. */
export function checkpointChoice({
  step,
  checkpoint,
}: {
  readonly step?: string;
  readonly checkpoint?: string;
}): CheckpointChoice | undefined {
  if (checkpoint === undefined) return wholeNumber('--step', step, { least: 0, example: '1000' });
  if (step !== undefined) throw errors.twoOptions('step', 'checkpoint');
  if (checkpoint === 'best') return checkpoint;
  if (!/^\d+$/.test(checkpoint) || !Number.isSafeInteger(Number(checkpoint))) throw errors.notACheckpoint(checkpoint);
  return Number(checkpoint);
}
