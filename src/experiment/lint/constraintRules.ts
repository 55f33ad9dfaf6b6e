// Lint rules on the constraint of the critic and the networks it applies to.
import { findConstraint, type Rule, setFix, gradientPenalties, type Violation } from './rule';
import { dataSources } from '../../catalog';

/** Clipping and a gradient penalty are not used together. */
export const clipAndPenalty: Rule = {
  severity: 'warning',
  why: 'The penalty pulls the slope up to its target while the box holds it below; the penalty was made to replace clipping.',
  source: 'Gulrajani et al. 2017, section 4',
  check: (experiment) => {
    const clip = findConstraint(experiment, 'clip');
    const penalty = findConstraint(experiment, 'gradient-penalty') ?? findConstraint(experiment, 'dragan');
    if (clip === undefined || penalty === undefined) return [];
    const message = 'The critic has both clipping and a gradient penalty, which work against each other; keep one.';
    const path = ['constraint', clip.index];
    return [{ path, message, fixes: [{ title: 'Remove the clipping', changes: [{ path, remove: true }] }] }];
  },
};

/** Gradients beyond these factors between the last hidden layer and the first do not train. */
const [vanished, exploded] = [1e-4, 100];

/** The clipping box fits the depth of the critic. */
export const clipBox: Rule = {
  severity: 'warning',
  why: 'Clipped weights gather at ±c, where a layer of n ReLU units scales gradients by about c√(n/2); over many layers they vanish or explode.',
  source: 'Gulrajani et al. 2017, section 3.2 and Figure 1b; the factor is that of weights ±c with random signs',
  check: (experiment) => {
    const clip = findConstraint(experiment, 'clip');
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

/** The toy problems of the WGAN-GP code use 0.1 and its images 10; ten times more was used for large images. */
const [least, most] = [0.1, 100];

/** The weight of the gradient penalty is in the range that has been seen to work. */
export const penaltyWeight: Rule = {
  severity: 'warning',
  why: 'On a pair at distance W the penalised optimum has the slope K = 1 + W/(2λ): a small λ leaves the critic steep, a large one drowns the distance in the penalty.',
  source:
    'Gulrajani et al. 2017, Algorithm 1, λ = 10, and gan_toy.py, λ = 0.1; K from the stationary point of KW − λ(K − 1)²',
  check: (experiment) => {
    const found = findConstraint(experiment, 'gradient-penalty');
    if (found === undefined) return [];
    const { lambda } = found.constraint;
    if (lambda >= least && lambda <= most) return [];
    const message = `The gradient penalty has lambda ${lambda}; take 10, or 0.1 for toys in the plane.`;
    const usual = dataSources[experiment.data.source].gives === 'points' ? 0.1 : 10;
    const path = ['constraint', found.index, 'lambda'];
    return [{ path, message, fixes: [setFix(path, usual)] }];
  },
};

/** Penalties do not pull the slope of the critic to different values. */
export const penaltiesDisagree: Rule = {
  severity: 'warning',
  why: 'R1 and R2 pull the slope of the critic to 0 at the samples; a gradient penalty with a target pulls it to that target on the lines that end there.',
  source: 'Mescheder, Geiger, Nowozin 2018, section 4; Gulrajani et al. 2017, eq. 3',
  check: (experiment) => {
    const towards = findConstraint(experiment, 'gradient-penalty') ?? findConstraint(experiment, 'dragan');
    const flat = gradientPenalties(experiment).find(({ kind }) => kind === 'r1' || kind === 'r2');
    if (towards === undefined || flat === undefined) return [];
    const { kind, target, ...rest } = towards.constraint;
    if (target === 0 || ('sides' in rest && rest.sides === 'one')) return [];
    const path = ['constraint', flat.index];
    const message = `"${flat.kind}" pulls the slope of the critic to 0 and "${kind}" to ${target}; keep one of them.`;
    return [{ path, message, fixes: [{ title: `Remove "${flat.kind}"`, changes: [{ path, remove: true }] }] }];
  },
};

/** No batch normalization in a critic whose gradient is penalised sample by sample. */
export const batchNormUnderPenalty: Rule = {
  severity: 'error',
  why: 'The penalty is on the gradient with respect to each sample alone; batch normalization makes each output depend on the whole batch, and the penalty is then not valid.',
  source: 'Gulrajani et al. 2017, section 4, "No critic batch normalization"',
  check: (experiment) => {
    const { critic } = experiment;
    const [penalty] = gradientPenalties(experiment);
    if (penalty === undefined || !('normalization' in critic) || critic.normalization !== 'batch') return [];
    const message = `critic.normalization is "batch" under the penalty "${penalty.kind}"; set it to "layer" or "none".`;
    const path = ['critic', 'normalization'];
    return [{ path, message, fixes: [setFix(path, 'layer'), setFix(path, 'none')] }];
  },
};

/** No activation with a jump in its second derivative under a penalty on the gradient. */
export const eluUnderPenalty: Rule = {
  severity: 'warning',
  why: 'The penalty is differentiated through the slope of the critic, and the slope of ELU has a kink at 0; critics with it failed to train.',
  source: 'Gulrajani et al. 2017, appendix D',
  check: (experiment) => {
    const { critic } = experiment;
    const [penalty] = gradientPenalties(experiment);
    if (penalty === undefined || !('activation' in critic) || critic.activation !== 'elu') return [];
    const path = ['critic', 'activation'];
    const message = `critic.activation is "elu" under the penalty "${penalty.kind}"; "smooth-elu" is its smooth stand-in.`;
    return [{ path, message, fixes: [setFix(path, 'smooth-elu')] }];
  },
};

/** Nothing rescales what spectral normalization has scaled, nor is clipped for nothing. */
export const spectralNormUndone: Rule = {
  severity: 'warning',
  why: 'Spectral normalization divides each kernel by its largest singular value: clipping the kernel first changes its direction alone, and a normalization of the activations multiplies by a slope of its own.',
  source: 'Miyato et al. 2018, sections 2.1 and 3',
  check: (experiment) => {
    if (findConstraint(experiment, 'spectral-norm') === undefined) return [];
    const { critic } = experiment;
    const clip = findConstraint(experiment, 'clip');
    const found: Violation[] = [];
    if (clip !== undefined) {
      const path = ['constraint', clip.index];
      const message = 'The critic has spectral normalization and is clipped too; keep one of them.';
      found.push({ path, message, fixes: [{ title: 'Remove the clipping', changes: [{ path, remove: true }] }] });
    }
    if ('normalization' in critic && critic.normalization !== 'none') {
      const path = ['critic', 'normalization'];
      const message = `critic.normalization is "${critic.normalization}" under spectral normalization, whose bound on the slope is lost by it; set it to "none".`;
      found.push({ path, message, fixes: [setFix(path, 'none')] });
    }
    return found;
  },
};
