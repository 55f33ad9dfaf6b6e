// Rule: no activation with a jump in its second derivative under a penalty on the gradient.
import { penaltiesOf, setting, type Rule } from './rule';

export const eluUnderPenalty: Rule = {
  severity: 'warning',
  why: 'The penalty is differentiated through the slope of the critic, and the slope of ELU has a kink at 0; critics with it failed to train.',
  source: 'Gulrajani et al. 2017, appendix D',
  check: (experiment) => {
    const { critic } = experiment;
    const [penalty] = penaltiesOf(experiment);
    if (penalty === undefined || !('activation' in critic) || critic.activation !== 'elu') return [];
    const path = ['critic', 'activation'];
    const message = `critic.activation is "elu" under the penalty "${penalty.kind}"; "smooth-elu" is its smooth stand-in.`;
    return [{ path, message, fixes: [setting(path, 'smooth-elu')] }];
  },
};
