// Rule: label smoothing has labels to smooth.
import { objectives } from '../../catalog';
import { setting, type Rule } from './rule';

export const smoothingWithoutLabels: Rule = {
  severity: 'error',
  why: 'Smoothing moves the label that a discriminator is trained towards; a critic that estimates a distance or a bound has none.',
  source: 'Salimans et al. 2016, Improved Techniques for Training GANs, section 3.4',
  check: ({ objective, stabilization }) => {
    if (stabilization.labelSmoothing === null || objectives[objective.kind].labels) return [];
    const path = ['stabilization', 'labelSmoothing'];
    const message = `stabilization.labelSmoothing is ${stabilization.labelSmoothing}, and the objective "${objective.kind}" has no labels; set it to null.`;
    return [{ path, message, fixes: [setting(path, null)] }];
  },
};
