// Rule: a discriminator that can saturate is not trained to its optimum.
import { objectives } from '../../catalog';
import { setting, type Rule } from './rule';

/** A critic updated more often than this each step is as good as optimal on the toys. */
const many = 20;

export const optimalDiscriminator: Rule = {
  severity: 'warning',
  why: 'The better a discriminator is, the less slope it leaves where the supports do not overlap, and the gradient of the generator vanishes or scatters; instance noise or a penalty keeps it alive.',
  source: 'Arjovsky, Bottou 2017, Towards Principled Methods for Training GANs, Theorems 2.4 and 2.6',
  check: ({ objective, constraint, stabilization, criticSteps }) => {
    const steadied = constraint.length > 0 || stabilization.instanceNoise !== null;
    if (!objectives[objective.kind].labels || steadied) return [];
    if (typeof criticSteps === 'number' && criticSteps <= many) return [];
    const path = ['criticSteps'];
    const how = typeof criticSteps === 'number' ? `${criticSteps} times` : 'to its optimum';
    const message = `The discriminator of "${objective.kind}" is trained ${how} before each step of the generator; take 1, or add stabilization.instanceNoise.`;
    return [{ path, message, fixes: [setting(path, 1)] }];
  },
};
