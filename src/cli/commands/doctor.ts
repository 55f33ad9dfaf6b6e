// `earthmover doctor`: prints one line per system check, with advice if it is not ok.
import { systemChecks, type CheckResult } from '../systemChecks';
import { type CommandHandler } from '../command';
import { exitCode } from '../exitCodes';
import { toJson } from '../output';
import { type doctorOptions } from './options';
import { clean } from '../../shared/text';

export const doctor: CommandHandler<typeof doctorOptions> = async ({ out }, { values }) => {
  const colors = { ok: out.style.green, none: out.style.dim, warn: out.style.yellow, fail: out.style.red };
  const width = Math.max(...Object.keys(systemChecks).map((name) => name.length));
  let works = true;
  for (const [name, check] of Object.entries(systemChecks)) {
    const result = await runCheck(check);
    works &&= result.level !== 'fail';
    if (values.json) {
      out.line(toJson({ check: name, ...result }));
      continue;
    }
    out.line(`${colors[result.level](result.level.padEnd(4))}  ${name.padEnd(width)}  ${clean(result.text)}`);
    if (result.todo) out.line(`${' '.repeat(width + 8)}${out.style.dim(clean(result.todo))}`);
  }
  if (!values.json)
    out.line(`\n${works ? 'Training works here.' : 'Training does not work here yet: see the failed checks above.'}`);
  return works ? exitCode.ok : exitCode.failed;
};

/** The result of a check; an exception becomes a warning. */
async function runCheck(check: () => Promise<CheckResult>): Promise<CheckResult> {
  try {
    return await check();
  } catch (error) {
    return { level: 'warn', text: `check failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}
