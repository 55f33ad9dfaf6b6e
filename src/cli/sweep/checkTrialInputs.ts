// Checks what the trials of a sweep name outside of the sweep: data, initial weights, model files and devices.
import { problemsOf } from '../experimentFile';
import type { Problem } from '../../experiment/problem';
import { collectProblems, type CheckedTrial, type ValidSweep } from '../../sweep/checkSweep';
import { parseSweep } from '../../sweep/parseSweep';
import { parseTrial } from '../../sweep/trialExperiment';

/**
 * The problems of trials, each at its place in the sweep file or in an experiment file, with the trials that have it.
 * @param device whether they are trained on this machine
 */
export async function checkTrialInputs(
  { path: file, text, bases }: ValidSweep,
  trials: readonly { readonly number: number; readonly checked: CheckedTrial }[],
  device: boolean,
): Promise<Problem[]> {
  const { inputChecks } = await import('../../trainer/train');
  const { place } = parseSweep(text, file);
  const known = new Map<string, readonly Problem[]>();
  const collected = collectProblems();
  for (const { number, checked } of trials) {
    const { experiment, settings, resolved } = checked;
    const base = bases[experiment];
    const source = {
      ...base,
      // Parsed only for the few trials that have a problem.
      place: (finding: Parameters<typeof place>[0]) => parseTrial(base, settings, place).place(finding),
    };
    for (const { key, check } of inputChecks(resolved, source, { device })) {
      const problems = known.get(key) ?? (await problemsFoundBy(check));
      known.set(key, problems);
      collected.add(number, problems);
    }
  }
  return collected.problems(trials.length);
}

/** The problems with which a check ends. Other errors are thrown. */
async function problemsFoundBy(check: () => Promise<void>): Promise<readonly Problem[]> {
  try {
    await check();
    return [];
  } catch (error) {
    const problems = error instanceof Error ? problemsOf(error) : [];
    if (problems.length === 0) throw error;
    return problems;
  }
}
