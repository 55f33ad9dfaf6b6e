// Rule: no momentum on a clipped critic.
import { constraintOf, setting, type Rule } from './rule';

export const momentumOnClippedCritic: Rule = {
  severity: 'warning',
  why: 'The loss of a clipped critic is nonstationary, and training became unstable at times with momentum.',
  source: 'Arjovsky, Chintala, Bottou 2017, section 4.2',
  check: (experiment) => {
    const { critic } = experiment.optimizer;
    const parameter = critic.kind === 'adam' ? 'beta1' : 'momentum';
    const momentum = critic.kind === 'adam' ? critic.beta1 : critic.kind === 'sgd' ? critic.momentum : 0;
    if (constraintOf(experiment, 'clip') === undefined || momentum === 0) return [];
    const message = `The critic is clipped and its "${critic.kind}" has momentum (${parameter} ${momentum}); set ${parameter} to 0 or use "rmsprop".`;
    const path = ['optimizer', 'critic', parameter];
    return [{ path, message, fixes: [setting(path, 0)] }];
  },
};
