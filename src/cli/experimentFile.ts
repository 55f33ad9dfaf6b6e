// Reads an experiment file, parses it with the overrides, lints it, and prints its problems.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Experiment } from '../experiment/experiment';
import { lintExperiment } from '../experiment/lint';
import type { Override } from '../experiment/overrides';
import { parseExperiment, type Parsed } from '../experiment/parse';
import { type Problem, formatProblem } from '../experiment/problem';
import { errors } from './errors';
import { toJson, type Output } from './output';
import { clean } from './format';

export interface CheckedFile {
  /** There when no problem is an error. */
  readonly experiment?: Experiment;
  readonly problems: readonly Problem[];
  readonly source: { readonly path: string; readonly text: string; readonly place: Parsed['place'] };
}

/**
 * The experiment files that a path stands for: itself, or those of a folder and the folders in it, in the order of their names.
 * @throws InputError where a folder has none
 */
export function experimentFiles(named: string): string[] {
  if (!isFolder(named)) return [named];
  const files = readdirSync(named, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.gan\.jsonc?$/i.test(entry.name))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .filter(
      (file) =>
        !path
          .relative(named, file)
          .split(path.sep)
          .some((part) => passedOver.includes(part)),
    );
  if (files.length === 0) throw errors.noExperiments(named);
  return files.sort();
}

/** Folders of others' files, and of runs, which keep what they were trained from. */
const passedOver: readonly string[] = ['node_modules', '.earthmover', '.git'];

function isFolder(named: string): boolean {
  return statSync(named, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * @param text what the file holds, where that is known
 * @throws InputError where the file cannot be read at all
 */
export function checkFile(file: string, overrides: readonly Override[] = [], text = read(file)): CheckedFile {
  const parsed = parseExperiment(text, file, overrides);
  const problems = [...parsed.problems, ...lintExperiment(parsed)];
  const failed = problems.some(({ severity }) => severity === 'error');
  return {
    experiment: failed ? undefined : parsed.experiment,
    problems,
    source: { path: path.resolve(file), text, place: parsed.place },
  };
}

/** The parser has a finer limit; this one keeps a film or a core dump from being read first. */
const maxBytes = 1 << 26;

function read(file: string): string {
  try {
    const stat = statSync(file);
    if (stat.isDirectory()) throw errors.notAFile(file);
    if (stat.size > maxBytes) throw errors.tooLarge(file, stat.size);
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : errors.cannotRead(file, error as NodeJS.ErrnoException);
  }
}

/** Text goes to `text`; with `json` each problem is also an object on a line there: {"event":"problem", ...}. */
export function printProblems(problems: readonly Problem[], text: Output, json?: Output): void {
  for (const problem of problems) {
    text.line(clean(formatProblem(problem)));
    json?.line(toJson({ event: 'problem', ...problem }));
  }
}

/** The problems that an error of the trainer's brings along; none for other errors. */
export function problemsOf(error: Error): readonly Problem[] {
  return (error as Error & { problems?: readonly Problem[] }).problems ?? [];
}
