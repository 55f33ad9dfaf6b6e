// Lint rules on optimizers, schedules and the length of a run.
import { optimizers, presets, type Optimizer, type PresetId, type PresetSettings, objectives } from '../../catalog';
import { basePreset } from '../resolve';
import { setFix, type Rule, findConstraint } from './rule';

/** Learning rates are within a factor of ten of those of the preset. */
export const learningRate: Rule = {
  severity: 'warning',
  why: 'High learning rates carry the critic past its optimum, and the estimate then says nothing about the distance.',
  source: 'Arjovsky, Chintala, Bottou 2017, section 4.2',
  check: (experiment) => {
    const preset = basePreset({ ...experiment, constraint: [...experiment.constraint] });
    return (['generator', 'critic'] as const).flatMap((role) => {
      const optimizer = experiment.optimizer[role];
      const { rate, of } = usualRate(preset, optimizer);
      const factor = optimizer.learningRate / rate;
      if (factor < 10) return [];
      const times = Number(factor.toPrecision(2));
      const message = `learningRate is ${optimizer.learningRate}, ${times} times the ${rate} of ${of}; start from there.`;
      const path = ['optimizer', role, 'learningRate'];
      return [{ path, message, fixes: [setFix(path, rate)] }];
    });
  },
};

/** The rate of the preset where it has the same optimizer, else the default of the optimizer. */
function usualRate(preset: PresetId, { kind }: Optimizer): { rate: number; of: string } {
  const { optimizer }: PresetSettings = presets[preset].settings;
  const rate = optimizer.kind === kind ? optimizer.learningRate : undefined;
  if (rate !== undefined) return { rate, of: `the preset "${preset}"` };
  return { rate: optimizers[kind].parameters.learningRate.default, of: `"${kind}"` };
}

/** No momentum on a clipped critic. */
export const momentumOnClippedCritic: Rule = {
  severity: 'warning',
  why: 'The loss of a clipped critic is nonstationary, and training became unstable at times with momentum.',
  source: 'Arjovsky, Chintala, Bottou 2017, section 4.2',
  check: (experiment) => {
    const { critic } = experiment.optimizer;
    const parameter = critic.kind === 'adam' ? 'beta1' : 'momentum';
    const momentum = critic.kind === 'adam' ? critic.beta1 : critic.kind === 'sgd' ? critic.momentum : 0;
    if (findConstraint(experiment, 'clip') === undefined || momentum === 0) return [];
    const message = `The critic is clipped and its "${critic.kind}" has momentum (${parameter} ${momentum}); set ${parameter} to 0 or use "rmsprop".`;
    const path = ['optimizer', 'critic', parameter];
    return [{ path, message, fixes: [setFix(path, 0)] }];
  },
};

/** A Wasserstein critic is trained more than once a step. */
export const criticSteps: Rule = {
  severity: 'warning',
  why: 'The estimate and the gradient of the generator are those of the Wasserstein distance only when the critic is near its optimum.',
  source: 'Arjovsky, Chintala, Bottou 2017, section 3 and Algorithm 1, n_critic = 5',
  check: (experiment) => {
    if (!objectives[experiment.objective.kind].lipschitz || experiment.criticSteps !== 1) return [];
    const message = `criticSteps is 1 with the objective "${experiment.objective.kind}"; take 5.`;
    const path = ['criticSteps'];
    return [{ path, message, fixes: [setFix(path, 5)] }];
  },
};

/** "untilOptimal" has room for the two windows that it compares. */
export const optimumOutOfReach: Rule = {
  severity: 'warning',
  why: 'The critic counts as optimal when the mean of the estimate stays the same from one window of updates to the next, and two windows must have passed for that.',
  check: ({ criticSteps }) => {
    if (typeof criticSteps !== 'object') return [];
    const { window, max } = criticSteps.untilOptimal;
    if (max > 2 * window) return [];
    const path = ['criticSteps', 'untilOptimal', 'max'];
    const message = `criticSteps.untilOptimal.max is ${max} and its window ${window}, so that every step takes all ${max} updates; take a max above ${2 * window}.`;
    return [{ path, message, fixes: [setFix(path, 20 * window)] }];
  },
};

/** Instance noise has faded when the run ends. */
export const noiseOutlastsRun: Rule = {
  severity: 'warning',
  why: 'Noise that is left at the end blurs what the generator learns to imitate.',
  source: 'Sønderby et al. 2017, Amortised MAP Inference for Image Super-resolution',
  check: ({ stabilization: { instanceNoise }, steps }) => {
    if (instanceNoise === null || instanceNoise.steps === null || instanceNoise.steps <= steps) return [];
    const message = `Instance noise fades over ${instanceNoise.steps} steps and the run has ${steps}; take null for the whole run.`;
    const path = ['stabilization', 'instanceNoise', 'steps'];
    return [{ path, message, fixes: [setFix(path, null)] }];
  },
};

/** Share of the first weights in the average that shows in samples. */
const visibleShare = 0.05;

/** The moving average of the generator has forgotten its first weights when the run ends. */
export const averageOutlastsRun: Rule = {
  severity: 'warning',
  why: 'The average starts at the first weights, which keep the share δ^steps of it: samples and exports would be those of a generator that is partly untrained.',
  check: ({ stabilization: { ema }, steps }) => {
    if (ema === null || ema ** steps <= visibleShare) return [];
    const path = ['stabilization', 'ema'];
    const share = Math.round(100 * ema ** steps);
    // The decay at which a thousandth of the first weights is left, in few digits.
    const fitting = steps > 7 ? Number((1 - 7 / steps).toPrecision(3)) : null;
    const message = `stabilization.ema is ${ema}, so that after ${steps} steps ${share} % of the average are the first weights; take ${fitting} or train longer.`;
    return [{ path, message, fixes: [setFix(path, fitting)] }];
  },
};
