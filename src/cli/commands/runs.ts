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
  const checkpoint = problem === null ? latestCheckpoint(runPaths(directory).checkpoints)?.step : undefined;
  const { state = null, step = null, steps = null, metrics = {} } = status ?? {};
  return { name, directory, state, liveness, step, steps, checkpoint: checkpoint ?? null, metrics, problem };
}

function cells(run: ListedRun): string[] {
  const { state, step, steps, checkpoint, problem } = summary(run);
  if (problem !== null || run.status === null) return [clean(run.name), 'damaged', '', '', clean(problem ?? '')];
  const stateText =
    run.liveness === 'dead' ? 'exited unexpectedly' : run.liveness === 'stalled' ? 'stalled' : (state ?? '');
  const saved = checkpoint === null ? 'no checkpoint' : `checkpoint ${checkpoint}`;
  return [clean(run.name), stateText, `${step}/${steps}`, duration(secondsOf(run.status)), saved];
}
