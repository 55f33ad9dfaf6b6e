// Lint rules about optimizers, critic steps, schedules and the number of steps.
import {
  optimizers,
  presets,
  type OptimizerConfig,
  type PresetId,
  type PresetSettings,
  objectives,
} from '../../catalog';
import { basePreset } from '../resolve';
import { setFix, type Rule, findConstraint } from './rule';

/** Learning rates must be less than ten times those of the preset. */
export const learningRate: Rule = {
  severity: 'warning',
  why: 'With a high learning rate, the critic overshoots its optimum, and the estimate no longer reflects the distance.',
  source: 'Arjovsky, Chintala, Bottou 2017, section 4.2',
  check: (experiment) => {
    const preset = basePreset({ ...experiment, constraint: [...experiment.constraint] });
    return (['generator', 'critic'] as const).flatMap((role) => {
      const optimizer = experiment.optimizer[role];
      const { rate, origin } = usualRate(preset, optimizer);
      const factor = optimizer.learningRate / rate;
      if (factor < 10) return [];
      const times = Number(factor.toPrecision(2));
      const message = `learningRate is ${optimizer.learningRate}, ${times} times the ${origin} (${rate}); start with ${rate}.`;
      const path = ['optimizer', role, 'learningRate'];
      return [{ path, message, fixes: [setFix(path, rate)] }];
    });
  },
};

/** The learning rate of the preset if it has the same optimizer, else the default of the optimizer. */
function usualRate(preset: PresetId, { kind }: OptimizerConfig): { rate: number; origin: string } {
  const { optimizer }: PresetSettings = presets[preset].settings;
  const rate = optimizer.kind === kind ? optimizer.learningRate : undefined;
  if (rate !== undefined) return { rate, origin: `learning rate of the preset "${preset}"` };
  return { rate: optimizers[kind].parameters.learningRate.default, origin: `default of "${kind}"` };
}

/** No momentum for a critic with weight clipping. */
export const momentumOnClippedCritic: Rule = {
  severity: 'warning',
  why: 'The loss of a clipped critic is nonstationary, and training with momentum was sometimes unstable.',
  source: 'Arjovsky, Chintala, Bottou 2017, section 4.2',
  check: (experiment) => {
    const { critic } = experiment.optimizer;
    const parameter = critic.kind === 'adam' ? 'beta1' : 'momentum';
    const momentum = critic.kind === 'adam' ? critic.beta1 : critic.kind === 'sgd' ? critic.momentum : 0;
    if (findConstraint(experiment, 'clip') === undefined || momentum === 0) return [];
    const message = `The critic has weight clipping and its optimizer "${critic.kind}" has momentum (${parameter} ${momentum}); set ${parameter} to 0 or use "rmsprop".`;
    const path = ['optimizer', 'critic', parameter];
    return [{ path, message, fixes: [setFix(path, 0)] }];
  },
};

/** A Wasserstein critic needs more than one update per step. */
export const criticSteps: Rule = {
  severity: 'warning',
  why: 'The estimate and the generator gradient approximate those of the Wasserstein distance only if the critic is near its optimum.',
  source: 'Arjovsky, Chintala, Bottou 2017, section 3 and Algorithm 1, n_critic = 5',
  check: (experiment) => {
    if (!objectives[experiment.objective.kind].lipschitz || experiment.criticSteps !== 1) return [];
    const message = `criticSteps is 1 with the objective "${experiment.objective.kind}"; use 5.`;
    const path = ['criticSteps'];
    return [{ path, message, fixes: [setFix(path, 5)] }];
  },
};

/** "untilOptimal" must allow more updates than the two windows that it compares. */
export const optimumOutOfReach: Rule = {
  severity: 'warning',
  why: 'The critic counts as optimal when the mean of the estimate stays the same from one window of updates to the next, which takes at least two windows.',
  check: ({ criticSteps }) => {
    if (typeof criticSteps !== 'object') return [];
    const { window, max } = criticSteps.untilOptimal;
    if (max > 2 * window) return [];
    const path = ['criticSteps', 'untilOptimal', 'max'];
    const message = `criticSteps.untilOptimal.max is ${max} with a window of ${window}, so every step runs all ${max} updates; set max above ${2 * window}.`;
    return [{ path, message, fixes: [setFix(path, 20 * window)] }];
  },
};

/** Instance noise must have faded out before the run ends. */
export const noiseOutlastsRun: Rule = {
  severity: 'warning',
  why: 'Noise that remains at the end blurs the distribution that the generator learns.',
  source: 'Sønderby et al. 2017, Amortised MAP Inference for Image Super-resolution',
  check: ({ stabilization: { instanceNoise }, steps }) => {
    if (instanceNoise === null || instanceNoise.steps === null || instanceNoise.steps <= steps) return [];
    const message = `Instance noise fades out over ${instanceNoise.steps} steps, but the run has ${steps}; use null for the whole run.`;
    const path = ['stabilization', 'instanceNoise', 'steps'];
    return [{ path, message, fixes: [setFix(path, null)] }];
  },
};

/** Share of the initial weights in the average that is visible in samples. */
const visibleShare = 0.05;

/** At the end of the run, the moving average of the generator must not contain much of its initial weights. */
export const averageOutlastsRun: Rule = {
  severity: 'warning',
  why: 'The average starts at the initial weights, which still make up ema^n of it after n steps, so samples and exports would come from a partly untrained generator.',
  check: ({ stabilization: { ema }, steps }) => {
    if (ema === null || ema ** steps <= visibleShare) return [];
    const path = ['stabilization', 'ema'];
    const share = Math.round(100 * ema ** steps);
    // The decay at which the share of the initial weights is about 0.001, rounded.
    const fitting = steps > 7 ? Number((1 - 7 / steps).toPrecision(3)) : null;
    const message = `stabilization.ema is ${ema}, so after ${steps} steps the average still has ${share}% of the initial weights; use ${fitting} or train longer.`;
    return [{ path, message, fixes: [setFix(path, fitting)] }];
  },
};
