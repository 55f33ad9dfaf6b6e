// `earthmover lint`: checks experiment files and says where each problem is.
import { type Run } from './command';
import { exitCode } from './exitCodes';
import { checkFile } from './experimentFile';
import { type lintOptions } from './options';
import { printProblems } from './problems';
import { toJson } from './jsonLines';
import { plural } from './text';

export const lint: Run<typeof lintOptions> = async ({ out, err }, { values, rest: files }) => {
  const problems = files.flatMap((file) => checkFile(file).problems);
  const count = (severity: string) => problems.filter((problem) => problem.severity === severity).length;
  if (values.json) for (const problem of problems) out.line(toJson(problem));
  else printProblems(problems, out);
  const counts = `${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}`;
  if (!values.json) err.line(`${plural(files.length, 'file')}: ${problems.length === 0 ? 'no problems' : counts}`);
  return count('error') > 0 ? exitCode.badInput : exitCode.ok;
};
