// `earthmover lint`: checks experiment and sweep files, prints the place of each problem, and fixes with --fix.
import path from 'node:path';
import { applyFixes } from '../../experiment/applyFixes';
import { replaceFile } from '../../files/replace';
import { type Context, type CommandHandler } from '../command';
import { errors } from '../errors';
import { exitCode } from '../exitCodes';
import { checkFile, filesToCheck, printProblems, readInput } from '../experimentFile';
import { isSweepFile } from '../../sweep/isSweepFile';
import { checkSweep } from '../../sweep/checkSweep';
import type { Problem } from '../../experiment/problem';
import { toJson } from '../output';
import { type lintOptions } from './options';
import { clean, plural } from '../../shared/text';

export const lint: CommandHandler<typeof lintOptions> = async ({ out, err }, { values, rest }) => {
  const files = rest.flatMap(filesToCheck);
  const problems = files.flatMap((file) => (values.fix ? fixed(file, err) : problemsOf(file)));
  const count = (severity: string) => problems.filter((problem) => problem.severity === severity).length;
  if (values.json) for (const problem of problems) out.line(toJson(problem));
  else printProblems(problems, out);
  const counts = `${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}`;
  if (!values.json) err.line(`${plural(files.length, 'file')}: ${problems.length === 0 ? 'no problems' : counts}`);
  return count('error') > 0 ? exitCode.badInput : exitCode.ok;
};

/** Applies the first fix of each problem, and writes the file once at the end. */
function fixed(file: string, err: Context['err']): readonly Problem[] {
  const before = readInput(file);
  // Problems of a sweep may be in the experiments that it names.
  const own = (now: string) => problemsOf(file, now).filter((problem) => problem.file === file);
  const { text, applied } = applyFixes(before, own);
  if (text !== before) write(file, text);
  for (const { title } of applied) err.line(`${clean(file)}: ${clean(title)}`);
  return problemsOf(file, text);
}

const problemsOf = (file: string, text = readInput(file)): readonly Problem[] =>
  isSweepFile(file) ? checkSweep(text, file).problems : checkFile(file, [], text).problems;

function write(file: string, text: string): void {
  try {
    replaceFile(path.resolve(file), text);
  } catch (error) {
    throw errors.cannotFix(file, error);
  }
}
