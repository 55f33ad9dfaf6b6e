// Rule: a Wasserstein critic has a constraint that bounds its slope where it matters.
import { objectives, type ConstraintId } from '../../catalog';
import { allOf } from '../words';
import { setting, type Rule } from './rule';

/** Those that bound the slope everywhere, or between real and generated samples, which is enough. */
const bounding: readonly ConstraintId[] = ['gradient-penalty', 'clip', 'spectral-norm'];

export const unconstrainedWasserstein: Rule = {
  severity: 'error',
  why: 'Without a bound on the slope of the critic between real and generated samples its loss has no minimum: doubling the weights of the last layer doubles the estimate.',
  source: 'Arjovsky, Chintala, Bottou 2017, eq. 2 and 3',
  check: ({ objective, constraint }) => {
    if (!objectives[objective.kind].lipschitz || constraint.some(({ kind }) => bounding.includes(kind))) return [];
    const path = ['constraint'];
    const held = constraint.map(({ kind }) => kind);
    const leave = held.length === 1 ? 'leaves' : 'leave';
    const has =
      held.length === 0
        ? 'has no constraint'
        : `has only ${allOf(held.map((kind) => `"${kind}"`))}, which ${leave} the slope free elsewhere`;
    const message = `The objective "${objective.kind}" ${has}; add "constraint": "gradient-penalty", "clip" or "spectral-norm".`;
    const value = held.length === 0 ? 'gradient-penalty' : [...constraint, { kind: 'gradient-penalty' }];
    return [{ path, message, fixes: [held.length === 0 ? setting(path, value) : adding(value)] }];
  },
};

const adding = (value: unknown) => ({ title: 'Add "gradient-penalty"', changes: [{ path: ['constraint'], value }] });
