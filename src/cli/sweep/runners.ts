// The places where trials can run, each loaded when it is used.
import type { Sweep } from '../../sweep/sweepDirectory';
import { runnerIds, type Runner, type RunnerId } from '../../sweep/runner';
import { bundleFile } from '../bundlePaths';
import { errors } from '../errors';

const runners: Readonly<Record<RunnerId, () => Promise<Runner>>> = {
  local: async () => (await import('./localRunner')).localRunner,
  slurm: async () => (await import('../../slurm/slurmRunner')).createSlurmRunner(bundleFile),
};

/** The runner that --on names; local without it. @throws UserError for an unknown one */
export function runnerNamed(name: string = 'local'): Promise<Runner> {
  if (!Object.hasOwn(runners, name)) throw errors.notOneOf('--on', name, runnerIds);
  return runners[name as RunnerId]();
}

export const allRunners = (): Promise<Runner[]> => Promise.all(Object.values(runners).map((load) => load()));

/** What the runners know of trials that wait or run, by the number of the trial. */
export async function reportsOf(sweep: Sweep): Promise<ReadonlyMap<number, string>> {
  const reports = new Map<number, string>();
  for (const runner of await allRunners())
    for (const [trial, text] of await runner.waiting(sweep)) reports.set(trial, text);
  return reports;
}
