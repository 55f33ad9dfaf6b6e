// The sweeps of the workspace and how far they are, for the Runs view.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { errno } from '../../files/errno';
import { isOutcome, isResult, type TrialState } from '../../protocol/sweep';
import { folderInsideAsync, inside, readIfExistsAsync, readJsonAsync } from '../../run/diskAccess';
import { isRecord } from '../../shared/isRecord';
import { isUserError } from '../../shared/userError';
import { stampOf } from '../monitor/runFiles';
import { createTrialReader, type TrialReader } from './readTrials';
import type { SweepSummary } from './sweepSummary';

interface Entry {
  readonly stamp: string;
  readonly name: string;
  readonly count: number;
  readonly reader: TrialReader;
  summary: SweepSummary | null;
}

/** Reads the sweeps in folders again and again; what has not changed is not read again. */
export function createSweepIndex() {
  const entries = new Map<string, Entry>();
  const read = async (directory: string): Promise<SweepSummary | null> => {
    const record = inside(directory, 'sweep.json');
    const stamp = `${await stampOf(record)} ${await stampOf(inside(directory, 'plan'))}`;
    let entry = entries.get(directory);
    if (entry?.stamp !== stamp) {
      const found = await readJsonAsync(record, 1 << 28, '');
      if (!isRecord(found) || typeof found.name !== 'string') return null;
      // Results are read by the page of the sweep only.
      const reader = createTrialReader(directory, async () => null);
      entry = { stamp, name: found.name, count: await plannedTrials(directory), reader, summary: null };
      entries.set(directory, entry);
    }
    await entry.reader.read(entry.count, () => {});
    const summary = summaryOf(directory, entry);
    // The same object while nothing has changed.
    if (JSON.stringify(summary) !== JSON.stringify(entry.summary)) entry.summary = summary;
    return entry.summary;
  };
  return {
    /** By name. A sweep that cannot be read is left out. */
    async read(folders: readonly string[]): Promise<readonly SweepSummary[]> {
      const directories = (await Promise.all(folders.map(sweepDirectories))).flat();
      for (const known of entries.keys()) if (!directories.includes(known)) entries.delete(known);
      const found: SweepSummary[] = [];
      for (const directory of directories) {
        const summary = await read(directory).catch((error: unknown) => {
          if (isUserError(error)) return null;
          throw error;
        });
        if (summary !== null) found.push(summary);
      }
      return found.sort((a, b) => a.name.localeCompare(b.name));
    },
  };
}

function summaryOf(directory: string, { name, count, reader }: Entry): SweepSummary {
  const { trials } = reader;
  const number = (...states: TrialState[]) => trials.filter(({ state }) => states.includes(state)).length;
  return {
    kind: 'sweep',
    directory,
    name,
    trials: count,
    ended: trials.filter(({ state }) => isResult(state)).length,
    left: trials.filter(({ state }) => !isOutcome(state) && state !== 'running').length,
    running: number('running'),
    failed: number('failed', 'exited'),
    diverged: number('diverged'),
  };
}

/** The number of trials in the plan: its lines. */
async function plannedTrials(directory: string): Promise<number> {
  const plan = await folderInsideAsync(directory, 'plan');
  for (let part = 1, count = 0; ; part++) {
    const bytes = await readIfExistsAsync(path.join(plan, `${part}.jsonl`), 1 << 28);
    if (bytes === undefined) return count;
    for (const byte of bytes) if (byte === 10) count++;
  }
}

async function sweepDirectories(folder: string): Promise<string[]> {
  try {
    const found = await readdir(folder, { withFileTypes: true });
    return found.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));
  } catch (error) {
    if (errno(error) === undefined) throw error;
    return [];
  }
}
