// What changes over a run by a rule of the step: the learning rates, the instance noise, and how often the critic is updated.
import { authorsSchedule, type CriticSteps, type OptimizerConfig } from '../catalog';
import type { Experiment } from '../experiment';

/** From 1 to 0 as t goes from 0 to 1. */
const fades = {
  linear: (t: number): number => 1 - t,
  cosine: (t: number): number => (1 + Math.cos(Math.PI * t)) / 2,
};

/** Learning rate in a step (counted from 1) of a run of `steps`: α at the first, towards 0 after the last. */
export function learningRateAt({ learningRate, schedule }: OptimizerConfig, step: number, steps: number): number {
  if (schedule === 'constant') return learningRate;
  return learningRate * fades[schedule](Math.min(1, (step - 1) / steps));
}

/** Standard deviation of the instance noise in a step (counted from 1): from sigma to zero, or a thousandth of it, over its steps. */
export function instanceNoiseAt({ stabilization, steps }: Experiment, step: number): number {
  const noise = stabilization.instanceNoise;
  if (!noise) return 0;
  const t = Math.min(1, (step - 1) / (noise.steps ?? steps));
  return noise.sigma * { ...fades, exponential: (t: number) => 1000 ** -t }[noise.schedule](t);
}

/** Critic updates in one step: how many at most, and whether the estimates so far tell that no more are needed. */
export interface CriticRule {
  readonly max: number;
  /** Absent where there are always as many. `estimates` are those of the step's updates so far, as measured before each. */
  readonly isEnough?: (estimates: readonly number[]) => boolean;
}

/** The rule for the critic in a step, counted from 1. It looks at that step alone, so a resumed run decides the same. */
export function criticUpdatesAt(rule: CriticSteps, step: number): CriticRule {
  if (typeof rule === 'number') return { max: rule };
  if (rule === 'authors') {
    const { first, every, many, usual } = authorsSchedule;
    const updated = step - 1; // gen_iterations of main.py
    return { max: updated < first || updated % every === 0 ? many : usual };
  }
  const { tolerance, window, max } = rule.untilOptimal;
  return {
    max: max,
    isEnough: (estimates) => {
      if (estimates.length < 2 * window) return false;
      const present = mean(estimates.slice(-window));
      const before = mean(estimates.slice(-2 * window, -window));
      return !(Math.abs(present - before) > tolerance * Math.abs(present));
    },
  };
}

/** True where the critic is not updated equally often in every step. */
export const criticUpdatesVary = ({ criticSteps }: Experiment): boolean => typeof criticSteps !== 'number';

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
