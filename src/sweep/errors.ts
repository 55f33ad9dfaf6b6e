// User errors about the directory of a sweep.
import { UserError } from '../shared/userError';

type SweepErrorCode = 'not-prepared' | 'not-a-sweep' | 'sweep-changed' | 'no-trial' | 'damaged' | 'canceled';

const sweepError = (code: SweepErrorCode, message: string): UserError<SweepErrorCode> => new UserError(code, message);

export const notASweep = (directory: string, missing: string): UserError =>
  sweepError(
    'not-a-sweep',
    `${directory} is not the directory of a sweep: ${missing}. Give one such as .earthmover/sweeps/<name>, or the sweep file.`,
  );

/** `difference` is a whole sentence. */
export const changedSweep = (directory: string, difference: string): UserError =>
  sweepError(
    'sweep-changed',
    `The sweep file contradicts the plan of ${directory}: ${difference} Trials that are planned stay as they are: undo the change, or start another sweep with --out DIR.`,
  );

export const noTrial = (directory: string, trial: string, count: number): UserError =>
  sweepError('no-trial', `${directory} has no trial ${trial}; its trials are 1 to ${count}.`);

export const damagedSweep = (file: string, problem: string): UserError =>
  sweepError('damaged', `${file} is damaged: ${problem}. Start the sweep again with --out DIR.`);

/** `reason` is how the process ended. */
export const notPrepared = (reason: string): UserError =>
  sweepError(
    'not-prepared',
    `The data could not be prepared: ${reason}. No trial was started. Fix the cause above, or start the sweep without --prepare.`,
  );
