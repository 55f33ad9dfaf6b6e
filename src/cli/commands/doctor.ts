// `earthmover doctor`: one line a check, with what to do about what is not right.
import { systemChecks, type CheckResult } from '../systemChecks';
import { type CommandHandler } from '../command';
import { exitCode } from '../exitCodes';
import { toJson } from '../output';
import { type doctorOptions } from './options';
import { clean } from '../../shared/text';

export const doctor: CommandHandler<typeof doctorOptions> = async ({ out }, { values }) => {
  const colours = { ok: out.style.green, warn: out.style.yellow, fail: out.style.red };
  const width = Math.max(...Object.keys(systemChecks).map((name) => name.length));
  let works = true;
  for (const [name, check] of Object.entries(systemChecks)) {
    const finding = await settled(check);
    works &&= finding.level !== 'fail';
    if (values.json) {
      out.line(toJson({ check: name, ...finding }));
      continue;
    }
    out.line(`${colours[finding.level](finding.level.padEnd(4))}  ${name.padEnd(width)}  ${clean(finding.text)}`);
    if (finding.todo) out.line(`${' '.repeat(width + 8)}${out.style.dim(clean(finding.todo))}`);
  }
  if (!values.json)
    out.line(`\n${works ? 'Training works here.' : 'Training cannot work here yet: see what fails above.'}`);
  return works ? exitCode.ok : exitCode.failed;
};

/** A check that breaks down is a finding too. */
async function settled(check: () => Promise<CheckResult>): Promise<CheckResult> {
  try {
    return await check();
  } catch (error) {
    return { level: 'warn', text: `could not be checked: ${error instanceof Error ? error.message : String(error)}` };
  }
}
