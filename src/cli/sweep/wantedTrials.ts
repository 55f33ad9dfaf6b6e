// Which trials a call trains.
import { isResult, type TrialState } from '../../sweep/trialState';

export interface Retries {
  readonly failed?: boolean;
  readonly diverged?: boolean;
}

/** Whether to train a trial in this state: one that has not ended, or was stopped, or is tried again. */
export const isWanted = (state: TrialState, { failed = false, diverged = false }: Retries): boolean =>
  !isResult(state) || state === 'stopped' || (state === 'failed' && failed) || (state === 'diverged' && diverged);
