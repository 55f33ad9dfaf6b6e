// What a rule of the linter is: a reason with its source, and the settings of an experiment that go against it.
import { constraints, type Constraint, type ConstraintId, type Data } from '../../catalog';
import type { Experiment } from '../experiment';
import { pathText, type Fix, type Path, type Problem } from '../problem';

export interface Rule {
  /** An error is certain to fail or to mean nothing; a warning is unlikely to be what was wanted. */
  readonly severity: Problem['severity'];
  /** One sentence: why this goes wrong. */
  readonly why: string;
  /** Where that is shown, when it does not follow from the definitions. */
  readonly source?: string;
  /** The settings that go against it, each with a sentence that names the value and says what to do. */
  readonly check: (experiment: Experiment) => readonly Violation[];
}

export interface Violation {
  readonly path: Path;
  readonly message: string;
  /** What would set it right, where that is safe to say. */
  readonly fixes?: readonly Fix[];
}

/** The fix that sets one setting. */
export const setFix = (path: Path, value: unknown): Fix => ({
  title: `Set ${pathText(path.slice(-1))} to ${JSON.stringify(value)}`,
  changes: [{ path, value }],
});

/** The constraint of a kind and its index in the list. */
export function findConstraint<Id extends ConstraintId>({ constraint }: Experiment, kind: Id) {
  const isKind = (item: Constraint): item is Extract<Constraint, { kind: Id }> => item.kind === kind;
  const found = constraint.find(isKind);
  return found === undefined ? undefined : { index: constraint.indexOf(found), constraint: found };
}

/** The constraints that penalise a gradient, each with its index in the list. */
export const gradientPenalties = ({ constraint }: Experiment) =>
  constraint.flatMap(({ kind }, index) =>
    (constraints[kind].slopeAt as string | null) === null ? [] : [{ kind, index }],
  );

/** Samples of a data set whose size the file states, and how many of them are left for training; undefined for others. */
export function dataSize(data: Data): { readonly samples: number; readonly training: number } | undefined {
  if (!('samples' in data) || data.samples === null) return undefined;
  const { samples, validation } = data;
  const held = validation > 0 ? Math.max(1, Math.round(samples * validation)) : 0;
  return { samples, training: samples - Math.min(held, samples - 1) };
}
