// The constraints by id.
import type { Constraint, ConstraintId } from '../../catalog';
import { clip } from './clip';
import type { Constrained, ConstraintMaths } from './constraint';
import { dragan } from './dragan';
import { gradientPenalty } from './gradientPenalty';
import { spectralNorm } from './spectralNorm';
import { r1, r2 } from './zeroCentred';

type Maths<K extends ConstraintId> = (constraint: Constraint<K>, of: Constrained) => ConstraintMaths;

const constraintMaths: { readonly [K in ConstraintId]: Maths<K> } = {
  clip,
  'gradient-penalty': gradientPenalty,
  r1,
  r2,
  dragan,
  'spectral-norm': spectralNorm,
};

/** The maths of a constraint with its parameters, for a critic. */
export function constraintOf<K extends ConstraintId>(constraint: Constraint<K>, of: Constrained): ConstraintMaths {
  return (constraintMaths[constraint.kind as K] as Maths<K>)(constraint, of);
}

export { drawNames } from './constraint';
export type { Constrained, ConstraintMaths, Draws, Penalty, PenaltyContext } from './constraint';
