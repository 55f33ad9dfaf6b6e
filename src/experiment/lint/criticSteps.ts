// Rule: a Wasserstein critic is trained more than once a step.
import { objectives } from '../../catalog';
import { setting, type Rule } from './rule';

export const criticSteps: Rule = {
  severity: 'warning',
  why: 'The estimate and the gradient of the generator are those of the Wasserstein distance only when the critic is near its optimum.',
  source: 'Arjovsky, Chintala, Bottou 2017, section 3 and Algorithm 1, n_critic = 5',
  check: (experiment) => {
    if (!objectives[experiment.objective.kind].lipschitz || experiment.criticSteps !== 1) return [];
    const message = `criticSteps is 1 with the objective "${experiment.objective.kind}"; take 5.`;
    const path = ['criticSteps'];
    return [{ path, message, fixes: [setting(path, 5)] }];
  },
};
