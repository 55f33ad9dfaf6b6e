// A resolved experiment, as a run records it, with changed settings.
import { isRecord } from '../shared/isRecord';
import type { Experiment } from './experiment';
import { lintExperiment } from './lint';
import type { Override } from './overrides';
import { parseExperiment } from './parse';
import { byPlace, type Problem } from './problem';

export interface ChangedExperiment {
  /** Undefined if there are errors. */
  readonly experiment: Experiment | undefined;
  /** Errors and warnings of the parser and the linter, in the order of the file. */
  readonly problems: readonly Problem[];
}

/** The experiment with the overrides applied, as if its resolved settings were the file. */
export function changedExperiment(
  experiment: unknown,
  file: string,
  overrides: readonly Override[],
): ChangedExperiment {
  const parsed = parseExperiment(JSON.stringify(inShortForms(experiment), null, 2), file, overrides);
  const problems = [...parsed.problems, ...lintExperiment(parsed)].sort(byPlace);
  const failed = problems.some(({ severity }) => severity === 'error');
  return { experiment: failed ? undefined : parsed.experiment, problems };
}

/**
 * A resolved experiment in the short forms of a file, so that `optimizer.learningRate` and `constraint.lambda` can be
 * set as there: one optimizer if both are equal, one constraint without its list.
 */
export function inShortForms(experiment: unknown): unknown {
  if (!isRecord(experiment)) return experiment;
  const { optimizer, constraint } = experiment;
  const equal =
    isRecord(optimizer) && JSON.stringify(optimizer.generator) === JSON.stringify(optimizer.critic)
      ? { optimizer: optimizer.generator }
      : {};
  const single = Array.isArray(constraint) && constraint.length === 1 ? { constraint: constraint[0] as unknown } : {};
  return { ...experiment, ...equal, ...single };
}
