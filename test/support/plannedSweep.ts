// A sweep that is planned for one test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { planGeneratedSweep } from './generatedSweep';

/** Plans a sweep in a folder that is removed at the end of the test. */
export function plannedSweep(sweep: object): { folder: string; directory: string; count: number } {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-sweeps-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const directory = path.join(folder, 'sweeps', 'widths');
  return { folder, directory, count: planGeneratedSweep(directory, sweep) };
}

/** Two settings with two seeds each. */
export const smallGrid = { over: { 'critic.width': [16, 32] }, seeds: 2 };
