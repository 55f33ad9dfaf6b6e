// The objectives by id.
import type { Objective, ObjectiveId } from '../../catalog';
import { nonSaturating } from './nonSaturating';
import type { ObjectiveMaths } from './objective';
import { wgan } from './wgan';

type Maths<K extends ObjectiveId> = (objective: Objective<K>) => ObjectiveMaths;

export const objectiveMaths: { readonly [K in ObjectiveId]: Maths<K> } = {
  wgan: () => wgan,
  'non-saturating': () => nonSaturating,
};

/** The maths of an objective with its parameters. */
export function objectiveOf<K extends ObjectiveId>(objective: Objective<K>): ObjectiveMaths {
  return (objectiveMaths[objective.kind as K] as Maths<K>)(objective);
}

export type { ObjectiveMaths, Scores } from './objective';
