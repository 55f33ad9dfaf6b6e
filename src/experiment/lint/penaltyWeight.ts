// Rule: the weight of the gradient penalty is in the range that has been seen to work.
import { dataSources } from '../../catalog';
import { constraintOf, setting, type Rule } from './rule';

/** The toy problems of the WGAN-GP code use 0.1 and its images 10; ten times more was used for large images. */
const [least, most] = [0.1, 100];

export const penaltyWeight: Rule = {
  severity: 'warning',
  why: 'On a pair at distance W the penalised optimum has the slope K = 1 + W/(2λ): a small λ leaves the critic steep, a large one drowns the distance in the penalty.',
  source:
    'Gulrajani et al. 2017, Algorithm 1, λ = 10, and gan_toy.py, λ = 0.1; K from the stationary point of KW − λ(K − 1)²',
  check: (experiment) => {
    const found = constraintOf(experiment, 'gradient-penalty');
    if (found === undefined) return [];
    const { lambda } = found.constraint;
    if (lambda >= least && lambda <= most) return [];
    const message = `The gradient penalty has lambda ${lambda}; take 10, or 0.1 for toys in the plane.`;
    const usual = dataSources[experiment.data.source].gives === 'points' ? 0.1 : 10;
    const path = ['constraint', found.index, 'lambda'];
    return [{ path, message, fixes: [setting(path, usual)] }];
  },
};
