// Rule: the latent space has at least the dimension of the data, where the data are points of the plane.
import { dataSources } from '../../catalog';
import { setting, type Rule } from './rule';

export const latentTooSmall: Rule = {
  severity: 'warning',
  why: 'What a generator can make has at most the dimension of its latent space: from one number it draws a curve, which covers no area.',
  source: 'Arjovsky, Bottou 2017, Towards Principled Methods for Training GANs, Lemma 1',
  check: ({ data, latent }) => {
    // The points of a line are drawn from one number.
    if (dataSources[data.source].gives !== 'points' || data.source === 'vertical-line' || latent.size >= 2) return [];
    const message = 'latent.size is 1 and the data fill the plane; take 2 or more.';
    const path = ['latent', 'size'];
    return [{ path, message, fixes: [setting(path, 2)] }];
  },
};
