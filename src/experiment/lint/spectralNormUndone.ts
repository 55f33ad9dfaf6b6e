// Rule: nothing rescales what spectral normalization has scaled, nor is clipped for nothing.
import { constraintOf, setting, type Found, type Rule } from './rule';

export const spectralNormUndone: Rule = {
  severity: 'warning',
  why: 'Spectral normalization divides each kernel by its largest singular value: clipping the kernel first changes its direction alone, and a normalization of the activations multiplies by a slope of its own.',
  source: 'Miyato et al. 2018, sections 2.1 and 3',
  check: (experiment) => {
    if (constraintOf(experiment, 'spectral-norm') === undefined) return [];
    const { critic } = experiment;
    const clip = constraintOf(experiment, 'clip');
    const found: Found[] = [];
    if (clip !== undefined) {
      const path = ['constraint', clip.index];
      const message = 'The critic has spectral normalization and is clipped too; keep one of them.';
      found.push({ path, message, fixes: [{ title: 'Remove the clipping', changes: [{ path, remove: true }] }] });
    }
    if ('normalization' in critic && critic.normalization !== 'none') {
      const path = ['critic', 'normalization'];
      const message = `critic.normalization is "${critic.normalization}" under spectral normalization, whose bound on the slope is lost by it; set it to "none".`;
      found.push({ path, message, fixes: [setting(path, 'none')] });
    }
    return found;
  },
};
