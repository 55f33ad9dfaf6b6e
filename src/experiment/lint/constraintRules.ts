// Lint rules about the constraint of the critic.
import { findConstraint, type Rule, setFix, gradientPenalties, type Violation } from './rule';
import { dataSources } from '../../catalog';

/** Weight clipping and a gradient penalty must not be combined. */
export const clipAndPenalty: Rule = {
  severity: 'warning',
  why: 'The penalty pulls the gradient norm up to its target while clipping keeps it below; the penalty was introduced to replace clipping.',
  source: 'Gulrajani et al. 2017, section 4',
  check: (experiment) => {
    const clip = findConstraint(experiment, 'clip');
    const penalty = findConstraint(experiment, 'gradient-penalty') ?? findConstraint(experiment, 'dragan');
    if (clip === undefined || penalty === undefined) return [];
    const message =
      'The critic has both weight clipping and a gradient penalty, which work against each other; remove one of them.';
    const path = ['constraint', clip.index];
    return [{ path, message, fixes: [{ title: 'Remove weight clipping', changes: [{ path, remove: true }] }] }];
  },
};

/**
 * If gradients change by more than these factors from the last hidden layer to the first, the critic does not train.
 */
const [vanished, exploded] = [1e-4, 100];

/** The clipping bound must fit the depth of the critic. */
export const clipBox: Rule = {
  severity: 'warning',
  why: 'Clipped weights accumulate at ±c, where a layer of n ReLU units scales gradients by about c√(n/2); over many layers they vanish or explode.',
  source: 'Gulrajani et al. 2017, section 3.2 and Figure 1b; the factor is that of weights ±c with random signs',
  check: (experiment) => {
    const clip = findConstraint(experiment, 'clip');
    const { critic } = experiment;
    if (clip === undefined || !('network' in critic) || critic.network !== 'mlp') return [];
    const { c } = clip.constraint;
    const layer = c * Math.sqrt(critic.width / 2);
    const factor = layer ** (critic.depth - 1);
    if (factor >= vanished && factor <= exploded) return [];
    const effect = factor < 1 ? 'vanish' : 'explode';
    const message =
      `Clipping at c = ${c} makes gradients ${effect} in a critic with ${critic.depth} layers of ${critic.width} units ` +
      `(by a factor of about ${factor.toExponential(0)}); use fewer layers, another c, or "gradient-penalty".`;
    return [{ path: ['constraint', clip.index, 'c'], message }];
  },
};

/** The WGAN-GP code uses 0.1 for toy data and 10 for images; ten times more has been used for large images. */
const [least, most] = [0.1, 100];

/** The weight of the gradient penalty must be in the range that is known to work. */
export const penaltyWeight: Rule = {
  severity: 'warning',
  why: 'For two points at distance W, the penalized optimum has the gradient norm K = 1 + W/(2λ): if λ is small, K is far above 1; if λ is large, the penalty outweighs the distance.',
  source:
    'Gulrajani et al. 2017, Algorithm 1, λ = 10, and gan_toy.py, λ = 0.1; K from the stationary point of KW − λ(K − 1)²',
  check: (experiment) => {
    const found = findConstraint(experiment, 'gradient-penalty');
    if (found === undefined) return [];
    const { lambda } = found.constraint;
    if (lambda >= least && lambda <= most) return [];
    const message = `The gradient penalty has lambda ${lambda}; use 10, or 0.1 for 2D toy data.`;
    const usual = dataSources[experiment.data.source].gives === 'points' ? 0.1 : 10;
    const path = ['constraint', found.index, 'lambda'];
    return [{ path, message, fixes: [setFix(path, usual)] }];
  },
};

/** Penalties must not pull the gradient norm of the critic to different values. */
export const penaltiesDisagree: Rule = {
  severity: 'warning',
  why: 'R1 and R2 pull the gradient norm of the critic toward 0 at the samples; a gradient penalty pulls it toward its target on the lines between them.',
  source: 'Mescheder, Geiger, Nowozin 2018, section 4; Gulrajani et al. 2017, eq. 3',
  check: (experiment) => {
    const targeted = findConstraint(experiment, 'gradient-penalty') ?? findConstraint(experiment, 'dragan');
    const zeroCentered = gradientPenalties(experiment).find(({ kind }) => kind === 'r1' || kind === 'r2');
    if (targeted === undefined || zeroCentered === undefined) return [];
    const { kind, target, ...rest } = targeted.constraint;
    if (target === 0 || ('sides' in rest && rest.sides === 'one')) return [];
    const path = ['constraint', zeroCentered.index];
    const message = `"${zeroCentered.kind}" pulls the gradient norm of the critic toward 0, but "${kind}" pulls it toward ${target}; remove one of them.`;
    return [{ path, message, fixes: [{ title: `Remove "${zeroCentered.kind}"`, changes: [{ path, remove: true }] }] }];
  },
};

/** No batch normalization in a critic with a gradient penalty, which is per sample. */
export const batchNormUnderPenalty: Rule = {
  severity: 'error',
  why: 'The penalty applies to the gradient with respect to each sample; with batch normalization, each output depends on the whole batch, which makes the penalty invalid.',
  source: 'Gulrajani et al. 2017, section 4, "No critic batch normalization"',
  check: (experiment) => {
    const { critic } = experiment;
    const [penalty] = gradientPenalties(experiment);
    if (penalty === undefined || !('normalization' in critic) || critic.normalization !== 'batch') return [];
    const message = `critic.normalization is "batch", but the critic has the penalty "${penalty.kind}"; set it to "layer" or "none".`;
    const path = ['critic', 'normalization'];
    return [{ path, message, fixes: [setFix(path, 'layer'), setFix(path, 'none')] }];
  },
};

/** No activation with a jump in its second derivative in a critic with a gradient penalty. */
export const eluUnderPenalty: Rule = {
  severity: 'warning',
  why: 'The gradient of the penalty contains second derivatives of the critic, and that of ELU jumps at 0; critics with ELU failed to train.',
  source: 'Gulrajani et al. 2017, appendix D',
  check: (experiment) => {
    const { critic } = experiment;
    const [penalty] = gradientPenalties(experiment);
    if (penalty === undefined || !('activation' in critic) || critic.activation !== 'elu') return [];
    const path = ['critic', 'activation'];
    const message = `critic.activation is "elu", but the critic has the penalty "${penalty.kind}"; use "smooth-elu".`;
    return [{ path, message, fixes: [setFix(path, 'smooth-elu')] }];
  },
};

/** No clipping or normalization in a critic with spectral normalization. */
export const spectralNormUndone: Rule = {
  severity: 'warning',
  why: 'Spectral normalization divides each kernel by its largest singular value: clipping the kernel first only changes its direction, and normalizing the activations rescales them again.',
  source: 'Miyato et al. 2018, sections 2.1 and 3',
  check: (experiment) => {
    if (findConstraint(experiment, 'spectral-norm') === undefined) return [];
    const { critic } = experiment;
    const clip = findConstraint(experiment, 'clip');
    const violations: Violation[] = [];
    if (clip !== undefined) {
      const path = ['constraint', clip.index];
      const message = 'The critic has both spectral normalization and weight clipping; remove one of them.';
      violations.push({
        path,
        message,
        fixes: [{ title: 'Remove weight clipping', changes: [{ path, remove: true }] }],
      });
    }
    if ('normalization' in critic && critic.normalization !== 'none') {
      const path = ['critic', 'normalization'];
      const message = `critic.normalization is "${critic.normalization}", so spectral normalization does not bound the gradient norm; set it to "none".`;
      violations.push({ path, message, fixes: [setFix(path, 'none')] });
    }
    return violations;
  },
};
