// Rule: a Wasserstein critic has a constraint.
import { objectives } from '../../catalog';
import { setting, type Rule } from './rule';

export const unconstrainedWasserstein: Rule = {
  severity: 'error',
  why: 'Without a bound on the slope of the critic its loss has no minimum: doubling the weights of the last layer doubles the estimate.',
  source: 'Arjovsky, Chintala, Bottou 2017, eq. 2 and 3',
  check: ({ objective, constraint }) => {
    if (!objectives[objective.kind].lipschitz || constraint.length > 0) return [];
    const message = `The objective "${objective.kind}" has no constraint; add "constraint": "gradient-penalty" or "clip".`;
    const path = ['constraint'];
    return [{ path, message, fixes: [setting(path, 'gradient-penalty')] }];
  },
};
