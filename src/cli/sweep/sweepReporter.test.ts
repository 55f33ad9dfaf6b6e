// The lines and the counter of a sweep that runs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { planGeneratedSweep, writeTrial } from '../../../test/support/generatedSweep';
import { markCanceled, openSweep } from '../../sweep/sweepDirectory';
import { stateOf } from '../../sweep/trialState';
import { createStyle, type Output } from '../output';
import { createSweepReporter } from './sweepReporter';

it('counts each trial once, also one that ended before and is trained again, and none that is canceled', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-reporter-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const directory = path.join(folder, 'a');
  planGeneratedSweep(directory, { seeds: 3 });
  writeTrial(directory, 1, { state: 'finished' });
  writeTrial(directory, 2, { state: 'stopped' });
  const lines: string[] = [];
  const redrawn: string[] = [];
  const out: Output = {
    ...{ terminal: true, columns: () => 80, rows: () => 24, screen: () => {}, style: createStyle(false) },
    line: (text = '') => void lines.push(text),
    redraw: (text = '') => void redrawn.push(text),
  };
  const report = createSweepReporter({ out, err: out, lost: new Promise(() => {}) }, openSweep(directory), false);
  const end = (trial: number) => report({ event: 'trial-end', trial, status: stateOf(directory, trial) });
  report({ event: 'trial-start', trial: 2, attempt: 'resume' });
  expect(redrawn.at(-1)).toBe('1/3 ended, 1 running');
  writeTrial(directory, 2, { state: 'finished' });
  end(2);
  markCanceled(directory, 'all');
  end(3);
  expect(lines).toEqual([
    expect.stringMatching(/^2\/3 {2}trial 2 .*: finished/),
    expect.stringMatching(/^2\/3 {2}trial 3 .*: canceled$/),
  ]);
});
