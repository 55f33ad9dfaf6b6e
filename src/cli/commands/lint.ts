// `earthmover lint`: checks experiment files, prints the place of each problem, and applies quick fixes with --fix.
import path from 'node:path';
import { applyFixes } from '../../experiment/applyFixes';
import { replaceFile } from '../../files/replace';
import { type Context, type CommandHandler } from '../command';
import { errors } from '../errors';
import { exitCode } from '../exitCodes';
import { checkFile, experimentFiles, type CheckedFile, printProblems } from '../experimentFile';
import { toJson } from '../output';
import { type lintOptions } from './options';
import { clean, plural } from '../../shared/text';

export const lint: CommandHandler<typeof lintOptions> = async ({ out, err }, { values, rest }) => {
  const files = rest.flatMap(experimentFiles);
  const problems = files.flatMap((file) => (values.fix ? fixed(file, err) : checkFile(file)).problems);
  const count = (severity: string) => problems.filter((problem) => problem.severity === severity).length;
  if (values.json) for (const problem of problems) out.line(toJson(problem));
  else printProblems(problems, out);
  const counts = `${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}`;
  if (!values.json) err.line(`${plural(files.length, 'file')}: ${problems.length === 0 ? 'no problems' : counts}`);
  return count('error') > 0 ? exitCode.badInput : exitCode.ok;
};

/** Applies the first fix of each problem, and writes the file once at the end. */
function fixed(file: string, err: Context['err']): CheckedFile {
  const before = checkFile(file).source.text;
  const { text, applied } = applyFixes(before, (now) => checkFile(file, [], now).problems);
  if (text !== before) write(file, text);
  for (const { title } of applied) err.line(`${clean(file)}: ${clean(title)}`);
  return checkFile(file, [], text);
}

function write(file: string, text: string): void {
  try {
    replaceFile(path.resolve(file), text);
  } catch (error) {
    throw errors.cannotFix(file, error);
  }
}
