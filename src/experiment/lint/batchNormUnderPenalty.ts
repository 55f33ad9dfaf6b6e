// Rule: no batch normalization in a critic whose gradient is penalised sample by sample.
import { penaltiesOf, setting, type Rule } from './rule';

export const batchNormUnderPenalty: Rule = {
  severity: 'error',
  why: 'The penalty is on the gradient with respect to each sample alone; batch normalization makes each output depend on the whole batch, and the penalty is then not valid.',
  source: 'Gulrajani et al. 2017, section 4, "No critic batch normalization"',
  check: (experiment) => {
    const { critic } = experiment;
    const [penalty] = penaltiesOf(experiment);
    if (penalty === undefined || !('normalization' in critic) || critic.normalization !== 'batch') return [];
    const message = `critic.normalization is "batch" under the penalty "${penalty.kind}"; set it to "layer" or "none".`;
    const path = ['critic', 'normalization'];
    return [{ path, message, fixes: [setting(path, 'layer'), setting(path, 'none')] }];
  },
};
