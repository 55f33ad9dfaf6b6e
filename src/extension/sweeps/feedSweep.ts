// Sends the page of a sweep its plan and the progress of its trials; then what changes.
import path from 'node:path';
import type { ToPage } from '../../protocol/monitor';
import type { TrialProgress } from '../../protocol/sweep';
import { inside } from '../../run/diskAccess';
import { poll } from '../../run/polling';
import { comparisonOf, resultOfRun } from '../../sweep/results';
import { openSweepAsync } from '../../sweep/sweepDirectory';
import type { Feed } from '../monitor/feed';
import { createProblemReport } from '../monitor/problemReport';
import { stampOf } from '../monitor/runFiles';
import { createTrialReader, type TrialReader } from './readTrials';
import { readStartProblem } from './startProblem';
import { isSubmitted } from './submissions';
import { sweepPlan } from './sweepPlan';

interface FeedOptions {
  readonly directory: string;
  /** Whether this window has started a process that works on the sweep. */
  readonly working: () => boolean;
  readonly post: (message: ToPage) => void;
  /** Milliseconds between two looks at trials that have not ended. */
  readonly everyMs?: number;
}

/** A folder on which a look takes longer than this, in milliseconds, is looked at less often. */
const slowMs = 1000;
const slowEveryMs = 10_000;
/** While the trials are read for the first time, in milliseconds between two messages. */
const flushMs = 250;

interface Opened {
  readonly stamp: string;
  readonly count: number;
  readonly reader: TrialReader;
}

/** Starts the feed. The first message is the plan, or a problem until it can be read. */
export function feedSweep({ directory, working, post, everyMs = 2000 }: FeedOptions): Feed {
  let opened: Opened | undefined;
  const problems = createProblemReport('Cannot show the sweep', post);
  let flags = '';
  let deleted = false;
  let lookMs = 0;

  const open = async (): Promise<Opened | undefined> => {
    // Files of the plan are only added; sweep.json is replaced when the sweep grows.
    const record = await stampOf(inside(directory, 'sweep.json'));
    const stamp = `${record} ${await stampOf(inside(directory, 'plan'))}`;
    if (opened?.stamp === stamp) return opened;
    // It is still being planned.
    if (record === 'ENOENT' && working()) return undefined;
    const isMissing = record === 'ENOENT' && (await stampOf(directory)) === 'ENOENT';
    if (isMissing && !deleted) {
      post({ type: 'deleted', kind: 'sweep', name: path.basename(directory) });
      problems.reset();
      opened = undefined;
    }
    deleted = isMissing;
    if (deleted) return undefined;
    const sweep = await openSweepAsync(directory);
    if (sweep.trials.length === 0 && working()) return undefined;
    const comparison = comparisonOf(sweep);
    const reader = createTrialReader(directory, async (run) => comparison && resultOfRun(run, comparison));
    post({ type: 'sweep', plan: sweepPlan(sweep) });
    problems.reset();
    opened = { stamp, count: sweep.trials.length, reader };
    flags = '';
    return opened;
  };

  const update = async () => {
    const began = performance.now();
    const { reader, count } = (await open()) ?? {};
    if (reader === undefined || count === undefined) return;
    const canceled = (await stampOf(inside(directory, 'canceled', 'all'))) !== 'ENOENT';
    const [submitted, failure] = await Promise.all([isSubmitted(directory), readStartProblem(directory)]);
    let changed: TrialProgress[] = [];
    let flushed = performance.now();
    const flush = () => {
      const active = working() || reader.trials.some(({ state }) => state === 'running');
      const now = `${active} ${canceled} ${submitted} ${failure}`;
      if (changed.length === 0 && now === flags) return;
      flags = now;
      post({ type: 'trials', trials: changed, active, canceled, submitted, problem: failure });
      changed = [];
      flushed = performance.now();
    };
    await reader.read(count, (part) => {
      changed = [...changed, ...part];
      if (performance.now() - flushed > flushMs) flush();
    });
    flush();
    problems.solved('sweep');
    lookMs = performance.now() - began;
  };
  return poll(
    update,
    () => (lookMs > slowMs ? slowEveryMs : everyMs),
    (error) => problems.report('sweep', error),
  );
}
