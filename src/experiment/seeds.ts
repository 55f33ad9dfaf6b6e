// One experiment for each seed of a file that asks for several.
import type { Experiment } from './experiment';

/** The experiments that a training of several seeds consists of, each of which stands alone. One seed gives the experiment itself. */
export function eachSeed(experiment: Experiment): Experiment[] {
  return Array.from({ length: experiment.seeds }, (_, k) => ({
    ...experiment,
    seed: experiment.seed + k,
    seeds: 1,
  }));
}
