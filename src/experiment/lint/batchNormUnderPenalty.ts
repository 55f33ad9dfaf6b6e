// Rule: no batch normalization in a critic under a gradient penalty.
import { constraintOf, setting, type Rule } from './rule';

export const batchNormUnderPenalty: Rule = {
  severity: 'error',
  why: 'The penalty is on the gradient with respect to each sample alone; batch normalization makes each output depend on the whole batch, and the penalty is then not valid.',
  source: 'Gulrajani et al. 2017, section 4, "No critic batch normalization"',
  check: (experiment) => {
    const { critic } = experiment;
    if (constraintOf(experiment, 'gradient-penalty') === undefined) return [];
    if (!('network' in critic) || critic.network !== 'dcgan' || critic.normalization !== 'batch') return [];
    const message = 'critic.normalization is "batch" under a gradient penalty; set it to "none".';
    const path = ['critic', 'normalization'];
    return [{ path, message, fixes: [setting(path, 'none')] }];
  },
};
