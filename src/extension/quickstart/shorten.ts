// How an experiment is made short, to see quickly whether it learns.
import { setOverride, type Experiment, type Override } from '../../experiment';
import { quickSteps } from './compose';

/** At most `quickSteps` steps, and some twenty pictures of them. */
export function shortened({ steps, samples }: Experiment): Override[] {
  const few = Math.min(steps, quickSteps);
  const every = Math.min(samples.every, Math.max(1, Math.round(few / 20)));
  return [setOverride(`steps=${few}`), setOverride(`samples.every=${every}`)];
}
