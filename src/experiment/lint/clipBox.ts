// Rule: the clipping box fits the depth of the critic.
import { constraintOf, type Rule } from './rule';

/** Gradients beyond these factors between the last hidden layer and the first do not train. */
const [vanished, exploded] = [1e-4, 100];

export const clipBox: Rule = {
  severity: 'warning',
  why: 'Clipped weights gather at ±c, where a layer of n ReLU units scales gradients by about c√(n/2); over many layers they vanish or explode.',
  source: 'Gulrajani et al. 2017, section 3.2 and Figure 1b; the factor is that of weights ±c with random signs',
  check: (experiment) => {
    const clip = constraintOf(experiment, 'clip');
    const { critic } = experiment;
    if (clip === undefined || !('network' in critic) || critic.network !== 'mlp') return [];
    const { c } = clip.constraint;
    const layer = c * Math.sqrt(critic.width / 2);
    const factor = layer ** (critic.depth - 1);
    if (factor >= vanished && factor <= exploded) return [];
    const fate = factor < 1 ? 'vanish' : 'explode';
    const message =
      `Clipping at c = ${c} makes gradients ${fate} in a critic of ${critic.depth} layers of ${critic.width} units ` +
      `(by about ${factor.toExponential(0)}); use fewer layers, another c, or "gradient-penalty".`;
    return [{ path: ['constraint', clip.index, 'c'], message }];
  },
};
