// The problems of the text of an experiment or sweep file, and of the files that it names.
import path from 'node:path';
import { lintExperiment, parseExperiment } from '../../experiment';
import { applyFixes } from '../../experiment/applyFixes';
import { lintModuleFiles } from '../../experiment/moduleFiles';
import type { Problem } from '../../experiment/problem';
import { checkSweep } from '../../sweep/checkSweep';
import { isSweepFile } from '../../sweep/isSweepFile';
import { parseSweep } from '../../sweep/parseSweep';

export interface CheckRequest {
  readonly text: string;
  readonly file: string;
  /** Also apply all fixes, or those of errors. */
  readonly fix?: 'all' | 'errors';
}

export interface Checked {
  readonly problems: readonly Problem[];
  /** The text after the fixes; null if none were asked for. */
  readonly fixed: string | null;
}

export const nothingFound: Checked = { problems: [], fixed: null };

export function answerCheck({ text, file, fix }: CheckRequest): Checked {
  if (fix === undefined) return { problems: findProblems(text, file), fixed: null };
  const check = (now: string) =>
    findProblems(now, file).filter(({ severity }) => fix === 'all' || severity === 'error');
  return { problems: [], fixed: applyFixes(text, check).text };
}

export function findProblems(text: string, file: string): readonly Problem[] {
  if (isSweepFile(file)) return findSweepProblems(text, file);
  const parsed = parseExperiment(text, file);
  // A document that was never saved has no folder.
  const ofModules = path.isAbsolute(file) ? lintModuleFiles(parsed, path.dirname(file)) : [];
  return [...parsed.problems, ...lintExperiment(parsed), ...ofModules];
}

/** Trials of a sweep that are checked at every edit: the first ones have each case and each value of a small grid. */
const checkedTrials = 100;

/** The problems of a sweep; of those in its experiments, the errors, at the place where the experiment is named. */
function findSweepProblems(text: string, file: string): readonly Problem[] {
  const { problems } = checkSweep(text, file, { most: checkedTrials });
  const own = problems.filter((problem) => problem.file === file);
  const { place } = parseSweep(text, file);
  const others = problems.filter((problem) => problem.file !== file && problem.severity === 'error');
  const named = others.map(({ severity, code, message, line, file: at }) =>
    place({
      severity,
      code,
      message: `${path.basename(at)}:${line}: ${message}`,
      path: ['experiment'],
      target: 'value',
    }),
  );
  return [...own, ...named];
}
