// Lint rules on the objective and what it needs.
import { objectives, type ConstraintId } from '../../catalog';
import { allOf } from '../suggestions';
import { setFix, type Rule } from './rule';

/** Those that bound the slope everywhere, or between real and generated samples, which is enough. */
const boundingConstraints: readonly ConstraintId[] = ['gradient-penalty', 'clip', 'spectral-norm'];

/** A Wasserstein critic has a constraint that bounds its slope where it matters. */
export const unconstrainedWasserstein: Rule = {
  severity: 'error',
  why: 'Without a bound on the slope of the critic between real and generated samples its loss has no minimum: doubling the weights of the last layer doubles the estimate.',
  source: 'Arjovsky, Chintala, Bottou 2017, eq. 2 and 3',
  check: ({ objective, constraint }) => {
    if (!objectives[objective.kind].lipschitz || constraint.some(({ kind }) => boundingConstraints.includes(kind)))
      return [];
    const path = ['constraint'];
    const held = constraint.map(({ kind }) => kind);
    const leave = held.length === 1 ? 'leaves' : 'leave';
    const has =
      held.length === 0
        ? 'has no constraint'
        : `has only ${allOf(held.map((kind) => `"${kind}"`))}, which ${leave} the slope free elsewhere`;
    const message = `The objective "${objective.kind}" ${has}; add "constraint": "gradient-penalty", "clip" or "spectral-norm".`;
    const value = held.length === 0 ? 'gradient-penalty' : [...constraint, { kind: 'gradient-penalty' }];
    return [{ path, message, fixes: [held.length === 0 ? setFix(path, value) : adding(value)] }];
  },
};

const adding = (value: unknown) => ({ title: 'Add "gradient-penalty"', changes: [{ path: ['constraint'], value }] });

/** Label smoothing has labels to smooth. */
export const smoothingWithoutLabels: Rule = {
  severity: 'error',
  why: 'Smoothing moves the label that a discriminator is trained towards; a critic that estimates a distance or a bound has none.',
  source: 'Salimans et al. 2016, Improved Techniques for Training GANs, section 3.4',
  check: ({ objective, stabilization }) => {
    if (stabilization.labelSmoothing === null || objectives[objective.kind].labels) return [];
    const path = ['stabilization', 'labelSmoothing'];
    const message = `stabilization.labelSmoothing is ${stabilization.labelSmoothing}, and the objective "${objective.kind}" has no labels; set it to null.`;
    return [{ path, message, fixes: [setFix(path, null)] }];
  },
};

/** The targets of a least-squares GAN set the discriminator and the generator against each other. */
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
      return [{ path, message, fixes: [setFix(path, a + 1)] }];
    }
    if (a !== c) return [];
    const path = ['objective', 'c'];
    const message = `objective.c is ${c}, which is the target a of samples known as generated; take b, which is ${b}.`;
    return [{ path, message, fixes: [setFix(path, b)] }];
  },
};

/** A critic updated more often than this each step is as good as optimal on the toys. */
const manyCriticSteps = 20;

/** A discriminator that can saturate is not trained to its optimum. */
export const optimalDiscriminator: Rule = {
  severity: 'warning',
  why: 'The better a discriminator is, the less slope it leaves where the supports do not overlap, and the gradient of the generator vanishes or scatters; instance noise or a penalty keeps it alive.',
  source: 'Arjovsky, Bottou 2017, Towards Principled Methods for Training GANs, Theorems 2.4 and 2.6',
  check: ({ objective, constraint, stabilization, criticSteps }) => {
    const steadied = constraint.length > 0 || stabilization.instanceNoise !== null;
    if (!objectives[objective.kind].labels || steadied) return [];
    if (typeof criticSteps === 'number' && criticSteps <= manyCriticSteps) return [];
    const path = ['criticSteps'];
    const how = typeof criticSteps === 'number' ? `${criticSteps} times` : 'to its optimum';
    const message = `The discriminator of "${objective.kind}" is trained ${how} before each step of the generator; take 1, or add stabilization.instanceNoise.`;
    return [{ path, message, fixes: [setFix(path, 1)] }];
  },
};
