// How an experiment is made short, to see quickly whether it learns.
import type { Experiment } from '../../experiment';
import { quickSteps } from './quickSteps';

/** As `--set` takes it: at most `quickSteps` steps of a single seed, and some twenty pictures of them. */
export function shortened({ steps, samples, seeds }: Experiment): string[] {
  const few = Math.min(steps, quickSteps);
  const every = Math.min(samples.every, Math.max(1, Math.round(few / 20)));
  return [`steps=${few}`, `samples.every=${every}`, ...(seeds > 1 ? ['seeds=1'] : [])];
}
