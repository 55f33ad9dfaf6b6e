// Lint rules about the objective.
import { objectives, type ConstraintId } from '../../catalog';
import { list } from '../../shared/text';
import { setFix, type Rule } from './rule';

/** Constraints that bound the gradient norm everywhere, or between real and generated samples, which is enough. */
const boundingConstraints: readonly ConstraintId[] = ['gradient-penalty', 'clip', 'spectral-norm'];

/** A Wasserstein critic needs a constraint that bounds its gradient norm between real and generated samples. */
export const unconstrainedWasserstein: Rule = {
  severity: 'error',
  why: 'Without a bound on the gradient norm of the critic between real and generated samples, its loss has no minimum: doubling the weights of the last layer doubles the estimate.',
  source: 'Arjovsky, Chintala, Bottou 2017, eq. 2 and 3',
  check: ({ objective, constraint }) => {
    if (!objectives[objective.kind].lipschitz || constraint.some(({ kind }) => boundingConstraints.includes(kind)))
      return [];
    const path = ['constraint'];
    const kinds = constraint.map(({ kind }) => kind);
    const verb = kinds.length === 1 ? 'does' : 'do';
    const has =
      kinds.length === 0
        ? 'needs a constraint on the critic'
        : `has only ${list(kinds.map((kind) => `"${kind}"`))}, which ${verb} not bound the gradient norm between real and generated samples`;
    const message = `The objective "${objective.kind}" ${has}; add "constraint": "gradient-penalty", "clip" or "spectral-norm".`;
    const value = kinds.length === 0 ? 'gradient-penalty' : [...constraint, { kind: 'gradient-penalty' }];
    return [{ path, message, fixes: [kinds.length === 0 ? setFix(path, value) : adding(value)] }];
  },
};

const adding = (value: unknown) => ({ title: 'Add "gradient-penalty"', changes: [{ path: ['constraint'], value }] });

/** Label smoothing needs an objective with labels. */
export const smoothingWithoutLabels: Rule = {
  severity: 'error',
  why: 'Smoothing changes the label of real samples; a critic that estimates a distance or a bound has no labels.',
  source: 'Salimans et al. 2016, Improved Techniques for Training GANs, section 3.4',
  check: ({ objective, stabilization }) => {
    if (stabilization.labelSmoothing === null || objectives[objective.kind].labels) return [];
    const path = ['stabilization', 'labelSmoothing'];
    const message = `stabilization.labelSmoothing is ${stabilization.labelSmoothing}, but the objective "${objective.kind}" has no labels; set it to null.`;
    return [{ path, message, fixes: [setFix(path, null)] }];
  },
};

/** The targets of a least-squares GAN must make the discriminator and the generator opponents. */
export const leastSquaresTargets: Rule = {
  severity: 'error',
  why: 'The targets for generated samples (a) and real samples (b) must differ, and so must a and the target of the generator (c); otherwise nothing is learned.',
  source: 'Mao et al. 2017, section 3.2',
  check: ({ objective }) => {
    if (objective.kind !== 'lsgan') return [];
    const { a, b, c } = objective;
    if (a === b) {
      const path = ['objective', 'b'];
      const message = `objective.a and objective.b are both ${a}; use 0 and 1, or -1 and 1.`;
      return [{ path, message, fixes: [setFix(path, a + 1)] }];
    }
    if (a !== c) return [];
    const path = ['objective', 'c'];
    const message = `objective.c is ${c}, the same as a, the target of generated samples; use the value of b, ${b}.`;
    return [{ path, message, fixes: [setFix(path, b)] }];
  },
};

/** With more critic updates per step than this, the critic is nearly optimal on toy data. */
const manyCriticSteps = 20;

/** A discriminator that can saturate must not be trained to its optimum. */
export const optimalDiscriminator: Rule = {
  severity: 'warning',
  why: 'Near its optimum, the gradient of the discriminator vanishes if the supports do not overlap, and the gradient of the generator vanishes or becomes erratic; instance noise or a penalty prevents this.',
  source: 'Arjovsky, Bottou 2017, Towards Principled Methods for Training GANs, Theorems 2.4 and 2.6',
  check: ({ objective, constraint, stabilization, criticSteps }) => {
    const stabilized = constraint.length > 0 || stabilization.instanceNoise !== null;
    if (!objectives[objective.kind].labels || stabilized) return [];
    if (typeof criticSteps === 'number' && criticSteps <= manyCriticSteps) return [];
    const path = ['criticSteps'];
    const how = typeof criticSteps === 'number' ? `updated ${criticSteps} times` : 'trained to optimality';
    const message = `The discriminator of "${objective.kind}" is ${how} before each generator update; use 1, or add stabilization.instanceNoise.`;
    return [{ path, message, fixes: [setFix(path, 1)] }];
  },
};
