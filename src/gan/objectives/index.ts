// The objectives by id.
import type { Objective, ObjectiveId } from '../../catalog';
import { fGan } from './fGan';
import { hinge } from './hinge';
import { lsgan } from './lsgan';
import { minimax } from './minimax';
import { mlGan } from './mlGan';
import { nonSaturating } from './nonSaturating';
import type { ObjectiveMaths } from './objective';
import { wgan } from './wgan';

type Maths<K extends ObjectiveId> = (objective: Objective<K>) => ObjectiveMaths;

const objectiveMaths: { readonly [K in ObjectiveId]: Maths<K> } = {
  wgan: () => wgan,
  'non-saturating': () => nonSaturating,
  minimax: () => minimax,
  'ml-gan': mlGan,
  'f-gan': fGan,
  lsgan,
  hinge: () => hinge,
};

/** The maths of an objective with its parameters. */
export function objectiveOf<K extends ObjectiveId>(objective: Objective<K>): ObjectiveMaths {
  return (objectiveMaths[objective.kind as K] as Maths<K>)(objective);
}

export { boundedExp, LARGEST_EXPONENT, type Exp, type ObjectiveMaths, type Scores } from './objective';
