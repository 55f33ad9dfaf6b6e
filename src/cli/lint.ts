// `earthmover lint`: checks experiment files, says where each problem is, and mends what can be mended.
import path from 'node:path';
import { replaceFile } from '../run/files';
import { type Context, type Run } from './command';
import { exitCode } from './exitCodes';
import { checkFile, experimentFiles, type CheckedFile } from './experimentFile';
import { toJson } from './jsonLines';
import { type lintOptions } from './options';
import { printProblems } from './problems';
import { clean, plural } from './text';

export const lint: Run<typeof lintOptions> = async ({ out, err }, { values, rest }) => {
  const files = rest.flatMap(experimentFiles);
  const problems = files.flatMap((file) => (values.fix ? mended(file, err) : checkFile(file)).problems);
  const count = (severity: string) => problems.filter((problem) => problem.severity === severity).length;
  if (values.json) for (const problem of problems) out.line(toJson(problem));
  else printProblems(problems, out);
  const counts = `${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}`;
  if (!values.json) err.line(`${plural(files.length, 'file')}: ${problems.length === 0 ? 'no problems' : counts}`);
  return count('error') > 0 ? exitCode.badInput : exitCode.ok;
};

/** A fix may uncover the next problem; more than this many in one file would go round in circles. */
const maxFixes = 100;

/** The file after the first fix of each problem that has one, which is written back once at the end. */
function mended(file: string, err: Context['err']): CheckedFile {
  let checked = checkFile(file);
  const before = checked.source.text;
  const done: string[] = [];
  while (done.length < maxFixes) {
    const [fix] = checked.problems.flatMap(({ fixes = [] }) => fixes.slice(0, 1));
    if (fix === undefined) break;
    const { text } = checked.source;
    done.push(fix.title);
    checked = checkFile(file, [], text.slice(0, fix.offset) + fix.text + text.slice(fix.offset + fix.length));
  }
  if (checked.source.text !== before) replaceFile(path.resolve(file), checked.source.text);
  for (const title of done) err.line(`${clean(file)}: ${clean(title)}`);
  return checked;
}
