// `earthmover sweep status`: how many trials of a sweep are in which state, and what those at work are doing; with
// --watch again and again.
import { setTimeout as sleep } from 'node:timers/promises';
import { shortFloat32 } from '../../shared/float32';
import { openSweep, type Sweep } from '../../sweep/sweepDirectory';
import { countTrials } from '../../sweep/trials';
import { isResult, type TrialStatus } from '../../sweep/trialState';
import type { CommandHandler, Context } from '../command';
import { exitCode } from '../exitCodes';
import { onInterrupt } from '../interrupts';
import { toJson } from '../output';
import { countStates, countsText, secondsLeftOf, statesOf } from '../sweep/describeSweep';
import { reportsOf } from '../sweep/runners';
import { statusScreen, statusText } from '../sweep/statusText';
import { sweepArgument } from '../sweep/sweepArgument';
import { type sweepStatusOptions } from './options';

export const sweepStatus: CommandHandler<typeof sweepStatusOptions> = async (context, { values, rest }) => {
  const { out } = context;
  const sweep = sweepArgument(rest[0]);
  if (values.watch) return watch(context, sweep, values.json === true);
  const states = statesOf(sweep);
  const reports = await reportsOf(sweep);
  if (values.json) out.line(statusJson(sweep, states, reports));
  else for (const line of statusText(sweep, states, reports, out.style)) out.line(line);
  return exitCode.ok;
};

type Reports = ReadonlyMap<number, string>;

function statusJson(sweep: Sweep, states: readonly TrialStatus[], reports: Reports): string {
  const { name, directory, file } = sweep;
  const trials = sweep.trials.map(({ trial, axes, sample, sampled, seed }, k) => {
    const { state, status, message } = states[k];
    const { step = 0, steps = null, host = null } = status ?? {};
    const values = Object.entries(status?.metrics ?? {});
    const metrics = Object.fromEntries(
      values.map(([key, value]) => [key, value === null ? null : shortFloat32(value)]),
    );
    const reason = reports.get(trial) ?? null;
    return { trial, axes, sample, sampled, seed, state, reason, step, steps, host, metrics, message };
  });
  const counts = countStates(states);
  const secondsLeft = secondsLeftOf(sweep, states);
  const planned = { planned: trials.length, ofFile: Math.max(trials.length, countTrials(file)) };
  return toJson({ event: 'sweep', name, directory, ...planned, counts, secondsLeft, trials });
}

/** Milliseconds between two looks at the disk, and at the queue of a cluster. */
const everyMs = 2000;
const queueEveryMs = 15_000;

/**
 * Shows the status again and again until all trials have ended or are canceled, or until Ctrl-C. On a terminal it stays
 * on one screen; elsewhere a line is printed when trials have changed their states.
 */
async function watch({ out, lost }: Context, first: Sweep, json: boolean): Promise<number> {
  const abort = new AbortController();
  const release = onInterrupt({ onFirst: () => abort.abort() });
  void lost.then(() => abort.abort());
  try {
    let reports: Reports = new Map();
    let askedAt = -Infinity;
    let shown = '';
    while (!abort.signal.aborted) {
      const sweep = openSweep(first.directory);
      const states = statesOf(sweep);
      if (performance.now() - askedAt > queueEveryMs) {
        reports = await reportsOf(sweep);
        askedAt = performance.now();
      }
      const counts = countsText(countStates(states), states.length);
      const isEnd = states.every(({ state }) => isResult(state) || state === 'canceled');
      if (out.terminal && !json) {
        const lines = statusText(sweep, states, reports, out.style);
        out.screen(isEnd ? lines : statusScreen(lines, out.rows()));
      } else if (counts !== shown) out.line(json ? statusJson(sweep, states, reports) : counts);
      shown = counts;
      if (isEnd) break;
      await sleep(everyMs, undefined, { signal: abort.signal }).catch(() => {});
    }
    return exitCode.ok;
  } finally {
    release();
  }
}
