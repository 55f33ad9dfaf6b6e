// Rule: the targets of a least-squares GAN set the discriminator and the generator against each other.
import { setting, type Rule } from './rule';

export const leastSquaresTargets: Rule = {
  severity: 'error',
  why: 'The discriminator must tell real from generated samples, b from a, and the generator must leave a, else neither learns anything.',
  source: 'Mao et al. 2017, section 3.2',
  check: ({ objective }) => {
    if (objective.kind !== 'lsgan') return [];
    const { a, b, c } = objective;
    if (a === b) {
      const path = ['objective', 'b'];
      const message = `objective.a and objective.b are both ${a}; take 0 and 1, or -1 and 1.`;
      return [{ path, message, fixes: [setting(path, a + 1)] }];
    }
    if (a !== c) return [];
    const path = ['objective', 'c'];
    const message = `objective.c is ${c}, which is the target a of samples known as generated; take b, which is ${b}.`;
    return [{ path, message, fixes: [setting(path, b)] }];
  },
};
