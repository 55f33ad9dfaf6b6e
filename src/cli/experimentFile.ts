// Reads an experiment file, parses it with the overrides, lints it, and prints its problems.
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { errno } from '../files/errno';
import { readOrdinary, readPipe } from '../files/ordinaryFile';
import type { Experiment } from '../experiment/experiment';
import { lintExperiment } from '../experiment/lint';
import type { Override } from '../experiment/overrides';
import { parseExperiment, type Parsed } from '../experiment/parse';
import { lintModuleFiles } from '../experiment/moduleFiles';
import { byPlace, type Problem, formatProblem } from '../experiment/problem';
import { nearest } from '../experiment/suggestions';
import { isSweepFile } from '../sweep/isSweepFile';
import type { Context } from './command';
import { errors } from './errors';
import { besideOf, namesInside } from './namesInside';
import { toJson, type Output } from './output';
import { clean } from '../shared/text';

export interface CheckedFile {
  /** Present if no problem is an error. */
  readonly experiment?: Experiment;
  readonly problems: readonly Problem[];
  readonly source: { readonly path: string; readonly text: string; readonly place: Parsed['place'] };
}

/**
 * The experiment and sweep files at a path: the file itself, or those in a folder and its subfolders, sorted by name.
 * @throws UserError if a folder has none
 */
export function filesToCheck(target: string): string[] {
  if (!isFolder(target)) return [target];
  const files = readdirSync(target, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(gan|sweep)\.jsonc?$/i.test(entry.name))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .filter(
      (file) =>
        !path
          .relative(target, file)
          .split(path.sep)
          .some((part) => skippedFolders.includes(part)),
    );
  if (files.length === 0) throw errors.noExperiments(target);
  return files.sort();
}

/** Folders to skip: packages, and runs, which contain a copy of their experiment file. */
const skippedFolders: readonly string[] = ['node_modules', '.earthmover', '.git'];

function isFolder(target: string): boolean {
  try {
    return statSync(target).isDirectory();
  } catch {
    // Why it cannot be read is said when it is read.
    return false;
  }
}

/**
 * Parses and lints a file.
 * @param text the content of the file, if it is known
 * @throws UserError if the file cannot be read
 */
export function checkFile(file: string, overrides: readonly Override[] = [], text = readInput(file)): CheckedFile {
  const parsed = parseExperiment(text, file, overrides);
  const folder = path.dirname(path.resolve(file));
  const problems = [...parsed.problems, ...lintExperiment(parsed), ...lintModuleFiles(parsed, folder)].sort(byPlace);
  const failed = problems.some(({ severity }) => severity === 'error');
  return {
    experiment: failed ? undefined : parsed.experiment,
    problems,
    source: { path: path.resolve(file), text, place: parsed.place },
  };
}

/** The input of this process (`| earthmover lint /dev/stdin`): the one thing that may be read as it comes. */
const isPipe = /^\/dev\/(stdin|fd\/\d+)$/;

/** Prevents reading a huge file by mistake; the parser has a lower limit. */
const maxBytes = 1 << 26;

export function readInput(file: string): string {
  try {
    return (isPipe.test(file) ? readPipe(file) : readOrdinary(file, maxBytes, 'follow')).toString('utf8');
  } catch (error) {
    if (errno(error) === 'EISDIR') throw errors.notAFile(file);
    if (errno(error) === 'EFBIG') throw errors.tooLarge(file, maxBytes);
    const near = errno(error) === 'ENOENT' ? nearestFile(file) : undefined;
    throw errors.cannotRead(file, error as NodeJS.ErrnoException, near);
  }
}

/** The experiment or sweep file in the same folder that was probably meant. */
function nearestFile(file: string): string | undefined {
  const names = namesInside(path.dirname(path.resolve(file))).filter((name) => /\.(gan|sweep)\.jsonc?$/i.test(name));
  const near = nearest(path.basename(file), names);
  return near && besideOf(file, near);
}

/**
 * Checks a file before it is used, and prints its warnings.
 * @throws UserError with the problems if one of them is an error, or if the file cannot be read
 */
export function usableExperiment(
  { err }: Context,
  file: string,
  overrides: readonly Override[] = [],
): CheckedFile & { readonly experiment: Experiment } {
  if (isSweepFile(file)) throw errors.sweepNotAnExperiment(file);
  const { experiment, ...checked } = checkFile(file, overrides);
  if (!experiment) throw errors.invalidExperiment(checked.problems);
  printProblems(checked.problems, err);
  return { experiment, ...checked };
}

/** Prints problems as text and, if `json` is given, there as lines of JSON: {"event":"problem", ...}. */
export function printProblems(problems: readonly Problem[], text: Output, json?: Output): void {
  for (const problem of problems) {
    text.line(clean(formatProblem(problem)));
    json?.line(toJson({ event: 'problem', ...problem }));
  }
}

/** The problems of an error of the trainer; none for other errors. */
export function problemsOf(error: Error): readonly Problem[] {
  return (error as Error & { problems?: readonly Problem[] }).problems ?? [];
}
