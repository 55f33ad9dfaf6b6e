// The constraints by id.
import type { Constraint, ConstraintId } from '../../catalog';
import { clip } from './clip';
import type { ConstraintMaths } from './constraint';
import { gradientPenalty } from './gradientPenalty';

type Maths<K extends ConstraintId> = (constraint: Constraint<K>) => ConstraintMaths;

export const constraintMaths: { readonly [K in ConstraintId]: Maths<K> } = {
  clip,
  'gradient-penalty': gradientPenalty,
};

/** The maths of a constraint with its parameters. */
export function constraintOf<K extends ConstraintId>(constraint: Constraint<K>): ConstraintMaths {
  return (constraintMaths[constraint.kind as K] as Maths<K>)(constraint);
}

export type { ConstraintMaths, Penalty, PenaltyContext } from './constraint';
