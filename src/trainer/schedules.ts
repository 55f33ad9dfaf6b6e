// What changes over a run as a function of the step: learning rates, instance noise and the number of critic updates.
import { authorsSchedule, type CriticSteps, type OptimizerConfig } from '../catalog';
import type { Experiment } from '../experiment';

/** Decreases from 1 to 0 as t goes from 0 to 1. */
const fades = {
  linear: (t: number): number => 1 - t,
  cosine: (t: number): number => (1 + Math.cos(Math.PI * t)) / 2,
};

const noiseFades = { ...fades, exponential: (t: number): number => 1000 ** -t, constant: (): number => 1 };

/**
 * The learning rate in a step (counted from 1) of a run of `steps`: α in the first, 0 after the last unless constant.
 */
export function learningRateAt({ learningRate, schedule }: OptimizerConfig, step: number, steps: number): number {
  if (schedule === 'constant') return learningRate;
  return learningRate * fades[schedule](Math.min(1, (step - 1) / steps));
}

/**
 * The standard deviation of the instance noise in a step (counted from 1): from sigma to 0, to sigma/1000, or constant,
 * over its steps.
 */
export function instanceNoiseAt({ stabilization, steps }: Experiment, step: number): number {
  const noise = stabilization.instanceNoise;
  if (!noise) return 0;
  const t = Math.min(1, (step - 1) / (noise.steps ?? steps));
  return noise.sigma * noiseFades[noise.schedule](t);
}

/** The critic updates of a step: their maximum, and a rule that ends them earlier. */
export interface CriticRule {
  readonly max: number;
  /** Undefined for a fixed number. `estimates` are those of the step's updates so far, each before its update. */
  readonly isEnough?: (estimates: readonly number[]) => boolean;
}

/** The critic updates of a step, counted from 1. They depend on that step only, so a resumed run has the same. */
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

/** Whether the number of critic updates differs between steps. */
export const criticUpdatesVary = ({ criticSteps }: Experiment): boolean => typeof criticSteps !== 'number';

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
