// The doctor's report as text for a bug report, as `earthmover doctor` prints it.
import type { DoctorReport } from '../../protocol/doctor';

export function reportText({ about, checks }: Pick<DoctorReport, 'about' | 'checks'>): string {
  const width = Math.max(0, ...checks.map(({ check }) => check.length));
  const lines = checks.map(({ check, level, text }) => `${level.padEnd(4)}  ${check.padEnd(width)}  ${text}`);
  return [about, '', ...lines, ''].join('\n');
}
