// Rule: clipping and a gradient penalty are not used together.
import { constraintOf, type Rule } from './rule';

export const clipAndPenalty: Rule = {
  severity: 'warning',
  why: 'The penalty pulls the slope up to its target while the box holds it below; the penalty was made to replace clipping.',
  source: 'Gulrajani et al. 2017, section 4',
  check: (experiment) => {
    const clip = constraintOf(experiment, 'clip');
    const penalty = constraintOf(experiment, 'gradient-penalty') ?? constraintOf(experiment, 'dragan');
    if (clip === undefined || penalty === undefined) return [];
    const message = 'The critic has both clipping and a gradient penalty, which work against each other; keep one.';
    const path = ['constraint', clip.index];
    return [{ path, message, fixes: [{ title: 'Remove the clipping', changes: [{ path, remove: true }] }] }];
  },
};
