// Following a curve: rows that are appended, a file that is replaced or damaged, and errors of the disk.
import fs from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { scratch } from '../../test/fixtures/run/scratch';
import { openWithStats } from '../files/ordinaryFile';
import { followMetrics, type MetricsChange } from './metricsReader';
import { type Column, createMetrics, resumeMetrics } from './metricsWriter';

vi.mock('../files/ordinaryFile', { spy: true });

const columns: readonly Column[] = [{ name: 'estimate', label: 'Estimate', unit: '' }];
const rowBytes = 20;
const file = scratch('metrics.bin');

function write(steps: readonly number[], writer = createMetrics(file(), columns)): void {
  for (const step of steps) writer.append(step, 1.7e9 + step / 1000, { estimate: step / 3 });
  writer.close();
}

/** Allows for a loaded machine. */
const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 5 });

describe('a follower of metrics', () => {
  const followers: { stop(): void; readonly stopped: Promise<void> }[] = [];
  afterEach(async () => {
    for (const { stop, stopped } of followers.splice(0)) {
      stop();
      await stopped;
    }
  });

  function follow() {
    const changes: MetricsChange[] = [];
    const errors: unknown[] = [];
    const onChange = (change: MetricsChange) => changes.push(change);
    const follower = followMetrics(file(), onChange, { everyMs: 5, onError: (error) => errors.push(error) });
    followers.push(follower);
    const seen = () => changes.map(({ kind, from, to, rows }) => [kind, from, to, ...rows.step]);
    return { follower, errors, changes, seen };
  }

  it('waits for the file, then reports complete rows and a resume', async () => {
    const { seen, errors } = follow();
    const writer = createMetrics(file(), columns);
    await until(() => expect(seen()).toEqual([['restarted', 0, 0]]));
    writer.append(1, 0, {});
    await until(() => expect(seen().at(-1)).toEqual(['appended', 0, 1, 1]));
    const row = fs.readFileSync(file()).subarray(-rowBytes);
    row.writeUInt32LE(2, 0);
    fs.appendFileSync(file(), row.subarray(0, 9));
    writer.append(2, 0, {}); // overwrites the incomplete row
    await until(() => expect(seen().at(-1)).toEqual(['appended', 1, 2, 2]));
    writer.close();
    // As long as before or longer, but rewritten: only the header shows it.
    const resumed = resumeMetrics(file(), columns, 1);
    resumed.append(5, 0, {});
    resumed.append(6, 0, {});
    resumed.close();
    await until(() => expect(seen().at(-1)?.slice(-3)).toEqual([1, 5, 6]));
    const restart = seen().slice(3);
    expect(restart[0][0]).toBe('restarted');
    expect(restart.slice(1).every(([kind]) => kind === 'appended')).toBe(true);
    expect(errors).toEqual([]);
  });

  it('starts over when the file shrinks, and reports damage once until it changes', async () => {
    write([1, 2, 3]);
    const { seen, errors, follower } = follow();
    await until(() => expect(seen()).toEqual([['restarted', 0, 3, 1, 2, 3]]));
    fs.truncateSync(file(), fs.statSync(file()).size - rowBytes - 1);
    await until(() => expect(seen().at(-1)).toEqual(['restarted', 0, 1, 1]));
    fs.writeFileSync(`${file()}.new`, 'garbage\n');
    fs.renameSync(`${file()}.new`, file());
    await until(() => expect(errors).toHaveLength(1));
    follower.nudge();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(errors).toHaveLength(1);
    expect(String(errors[0])).toContain('damaged');
  });

  it('reads again after an error of the disk, although the file has not changed', async () => {
    write([1, 2, 3]);
    const error = Object.assign(new Error('EIO: i/o error, open'), { code: 'EIO' });
    vi.mocked(openWithStats).mockRejectedValueOnce(error);
    const { seen, errors } = follow();
    await until(() => expect(seen()).toEqual([['restarted', 0, 3, 1, 2, 3]]));
    expect(errors).toEqual([expect.objectContaining({ code: 'disk' })]);
    // The same rows: that the file can be read again is a change without any.
    vi.mocked(openWithStats).mockRejectedValueOnce(error);
    fs.utimesSync(file(), 1, 1);
    await until(() => expect(seen().at(-1)).toEqual(['appended', 3, 3]));
    expect(errors).toHaveLength(2);
  });

  it('waits for the rest of a row that is being written, and skips one that stays damaged', async () => {
    write([1]);
    const { seen, changes } = follow();
    await until(() => expect(seen()).toEqual([['restarted', 0, 1, 1]]));
    const before = fs.readFileSync(file());
    write([1, 2, 3]);
    const rows = fs.readFileSync(file()).subarray(-2 * rowBytes);
    fs.writeFileSync(file(), Buffer.concat([before, Buffer.alloc(rowBytes)]));
    await new Promise((resolve) => setTimeout(resolve, 50));
    fs.writeFileSync(file(), Buffer.concat([before, rows.subarray(0, rowBytes)]));
    await until(() => expect(seen().at(-1)?.slice(-1)).toEqual([2]));
    const bad = Buffer.alloc(rowBytes, 7);
    fs.writeFileSync(file(), Buffer.concat([before, rows.subarray(0, rowBytes), bad, rows.subarray(rowBytes)]));
    await until(() => expect(seen().at(-1)?.slice(-1)).toEqual([3]));
    expect(changes.at(-1)?.rows.damaged).toBe(1);
  });

  it('polls immediately on request, and reports nothing after it was stopped', async () => {
    const changes: MetricsChange[] = [];
    write([1]);
    const follower = followMetrics(file(), (change) => changes.push(change), { everyMs: 3_600_000 });
    followers.push(follower);
    await until(() => expect(changes).toHaveLength(1));
    write([2], resumeMetrics(file(), columns, 1));
    follower.nudge();
    await until(() => expect(changes).toHaveLength(2));
    follower.stop();
    await follower.stopped;
    write([3], resumeMetrics(file(), columns, 2));
    follower.nudge();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(changes).toHaveLength(2);
  });
});
