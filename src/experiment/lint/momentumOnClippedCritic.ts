// Rule: no momentum on a clipped critic.
import { constraintOf, setting, type Rule } from './rule';

export const momentumOnClippedCritic: Rule = {
  severity: 'warning',
  why: 'The loss of a clipped critic is nonstationary, and training became unstable at times with momentum.',
  source: 'Arjovsky, Chintala, Bottou 2017, section 4.2',
  check: (experiment) => {
    const { critic } = experiment.optimizer;
    if (constraintOf(experiment, 'clip') === undefined || critic.kind !== 'adam' || critic.beta1 === 0) return [];
    const message = `The critic is clipped and its Adam has momentum, beta1 ${critic.beta1}; set beta1 to 0 or use "rmsprop".`;
    const path = ['optimizer', 'critic', 'beta1'];
    return [{ path, message, fixes: [setting(path, 0)] }];
  },
};
