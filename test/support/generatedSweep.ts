// A sweep on disk that nobody trained: a real plan, and runs with a status and a curve, in any states.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunStatus } from '../../src/protocol/status';
import { hasEnded } from '../../src/protocol/status';
import { createRowEncoder, encodeHeader } from '../../src/run/metricsFormat';
import { thisProcess } from '../../src/run/process';
import { checkSweep } from '../../src/sweep/checkSweep';
import { planSweep } from '../../src/sweep/plan';
import { openSweep, sweepPaths } from '../../src/sweep/sweepDirectory';
import { writeFailure } from '../../src/sweep/trialState';
import { status } from './runStatus';

const base = JSON.stringify({
  data: { source: 'gaussians-ring' },
  metrics: ['w1'],
  generator: { network: 'mlp', depth: 1, width: 16 },
  critic: { network: 'mlp', depth: 1, width: 16 },
});

/** Plans a sweep of small WGANs with these keys beside "experiment", or extends it. Returns the number of trials. */
export function planGeneratedSweep(directory: string, sweep: object): number {
  const text = JSON.stringify({ experiment: './ring.gan.json', ...sweep });
  const checked = checkSweep(text, path.join(directory, '..', `${path.basename(directory)}.sweep.json`), {
    read: () => base,
  });
  if (!checked.sweep) throw new Error(JSON.stringify(checked.problems));
  planSweep(directory, checked.sweep, '0.0.0');
  return openSweep(directory).trials.length;
}

export interface GeneratedTrial {
  readonly state: RunStatus['state'];
  /** Its last w1; without one it has no curve. */
  readonly value?: number;
  readonly step?: number;
  readonly message?: string;
  /** A process that has exited. */
  readonly dead?: boolean;
}

const steps = 100;
const columns = [{ name: 'w1', label: 'W₁', unit: '' }];

/** Writes the run of a trial, or replaces it. */
export function writeTrial(directory: string, trial: number, generated: GeneratedTrial): void {
  const { state, value, step = state === 'finished' ? steps : 40, message = null, dead = false } = generated;
  const run = sweepPaths(directory).run(trial);
  mkdirSync(run, { recursive: true });
  mkdirSync(path.join(directory, 'logs'), { recursive: true });
  writeFileSync(sweepPaths(directory).log(trial), `trial ${trial}\n`);
  const at = Date.now() / 1000;
  const content: RunStatus = {
    ...status,
    ...(hasEnded(state) ? {} : thisProcess()),
    ...(dead ? { pid: 2 ** 22 + 1, processStart: 'x' } : {}),
    ...{ state, step, steps, message, startedAt: at - step / 10, updatedAt: at, lastStepAt: at },
  };
  if (value !== undefined) {
    const row = createRowEncoder(columns);
    const rows = [step / 2, step].map((each, i) => Buffer.from(row(each, at, [value * (2 - i)])));
    writeFileSync(path.join(run, 'metrics.bin'), Buffer.concat([encodeHeader(columns, 1), ...rows]));
  }
  writeFileSync(path.join(run, 'status.json'), JSON.stringify(content));
}

/** Makes a trial one that failed before it had a run. */
export const failTrial = (directory: string, trial: number, message: string): void =>
  writeFailure(directory, trial, message);
