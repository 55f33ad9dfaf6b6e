// Parser and linter as one function.
import { lintExperiment, parseExperiment } from '../../experiment';
import type { Problem } from '../../experiment/problem';

export function findProblems(text: string, file: string): readonly Problem[] {
  const parsed = parseExperiment(text, file);
  return [...parsed.problems, ...lintExperiment(parsed)];
}
