// The interface of a lint rule, and helpers for rules.
import { constraints, type ConstraintConfig, type ConstraintId, type DataConfig } from '../../catalog';
import type { Experiment } from '../experiment';
import { pathText, type Fix, type Path, type Problem } from '../problem';

export interface Rule {
  /** Error: the training fails or its numbers have no meaning. Warning: probably not intended. */
  readonly severity: Problem['severity'];
  /** Why this goes wrong, in one sentence. */
  readonly why: string;
  /** The paper that shows it, if it does not follow from the definitions. */
  readonly source?: string;
  /** The settings that violate the rule, each with a message that names the value and says what to do. */
  readonly check: (experiment: Experiment) => readonly Violation[];
}

export interface Violation {
  readonly path: Path;
  readonly message: string;
  /** Quick fixes, if a safe one is known. */
  readonly fixes?: readonly Fix[];
}

/** The fix that sets a setting to a value. */
export const setFix = (path: Path, value: unknown): Fix => ({
  title: `Set ${pathText(path.slice(-1))} to ${JSON.stringify(value)}`,
  changes: [{ path, value }],
});

/** The constraint of a kind, with its index in the list. */
export function findConstraint<Id extends ConstraintId>({ constraint }: Experiment, kind: Id) {
  const isKind = (item: ConstraintConfig): item is Extract<ConstraintConfig, { kind: Id }> => item.kind === kind;
  const found = constraint.find(isKind);
  return found === undefined ? undefined : { index: constraint.indexOf(found), constraint: found };
}

/** The constraints that penalize a gradient, each with its index in the list. */
export const gradientPenalties = ({ constraint }: Experiment) =>
  constraint.flatMap(({ kind }, index) =>
    (constraints[kind].gradientNormAt as string | null) === null ? [] : [{ kind, index }],
  );

/** The numbers of samples and of training samples, if the file gives the size of the data set; else undefined. */
export function dataSize(data: DataConfig): { readonly samples: number; readonly training: number } | undefined {
  if (!('samples' in data) || data.samples === null) return undefined;
  const { samples, validation } = data;
  const held = validation > 0 ? Math.max(1, Math.round(samples * validation)) : 0;
  return { samples, training: samples - Math.min(held, samples - 1) };
}
