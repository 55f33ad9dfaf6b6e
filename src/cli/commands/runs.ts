// `earthmover runs`: lists the runs of this folder, newest first.
import { listRuns, type ListedRun } from '../../run/listRuns';
import { latestCheckpoint } from '../../run/checkpoints';
import { runPaths } from '../../run/directory';
import { secondsOf } from '../../protocol/status';
import { type CommandHandler } from '../command';
import { exitCode } from '../exitCodes';
import { toJson } from '../output';
import { type runsOptions } from './options';
import { clean } from '../../shared/text';
import { alignColumns, duration } from '../format';

export const runs: CommandHandler<typeof runsOptions> = async ({ out, err }, { values }) => {
  const all = listRuns(process.cwd());
  if (values.json) for (const run of all) out.line(toJson({ event: 'run', ...summary(run) }));
  else if (all.length === 0) err.line('No runs in this folder yet. Start one with: earthmover train FILE');
  else for (const line of alignColumns(all.map(cells))) out.line(line);
  return exitCode.ok;
};

function summary({ directory, name, status, liveness, problem }: ListedRun) {
  const saved = problem === null ? lastSaved(directory) : { checkpoint: null, problem };
  const { state = null, step = null, steps = null, metrics = {}, best = null } = status ?? {};
  return { name, directory, state, liveness, step, steps, metrics, best, ...saved };
}

/** The step of the newest checkpoint; a run whose checkpoints cannot be listed must not hide the other runs. */
function lastSaved(directory: string): { readonly checkpoint: number | null; readonly problem: string | null } {
  try {
    return { checkpoint: latestCheckpoint(runPaths(directory).checkpoints)?.step ?? null, problem: null };
  } catch (error) {
    return { checkpoint: null, problem: (error as Error).message };
  }
}

function cells(run: ListedRun): string[] {
  const { state, step, steps, best, checkpoint, problem } = summary(run);
  if (run.status === null) return [clean(run.name), 'damaged', '', '', clean(problem ?? '')];
  const stateText =
    run.liveness === 'dead' ? 'exited unexpectedly' : run.liveness === 'stalled' ? 'stalled' : (state ?? '');
  const saved =
    problem ??
    (checkpoint === null
      ? 'no checkpoint'
      : `checkpoint ${checkpoint}${best ? `, best ${best.metric} at ${best.step}` : ''}`);
  return [clean(run.name), stateText, `${step}/${steps}`, duration(secondsOf(run.status)), clean(saved)];
}
