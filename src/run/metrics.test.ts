// metrics.bin: NumPy and the readers see what was written, also if the file was truncated.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Column, createMetrics, resumeMetrics } from './metricsWriter';
import { followMetrics, type MetricsChange, openMetrics } from './metricsReader';
import { scratch } from '../../test/fixtures/run/scratch';

const columns: readonly Column[] = [
  { name: 'estimate', label: 'Estimate of W₁', unit: '' },
  { name: 'seconds', label: 'Time of a step', unit: 's' },
];
const file = scratch('metrics.bin');

async function all(path = file()) {
  const metrics = await openMetrics(path);
  const rows = await metrics.read();
  await metrics.close();
  return rows;
}

function write(steps: readonly number[], writer = createMetrics(file(), columns)) {
  for (const step of steps) writer.append(step, 1.7e9 + step / 1000, { estimate: step / 3, seconds: -step });
  writer.close();
  return writer;
}

/** Allows for a loaded machine. */
const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 5 });

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('writing metrics', () => {
  it('stores every row, with NaN for missing values', async () => {
    const writer = createMetrics(file(), columns);
    writer.append(1, 1700000000.25, { estimate: 0.5, seconds: 1 });
    writer.append(7, 1700000001.5, { seconds: -Infinity });
    expect([writer.rows, writer.lastStep]).toEqual([2, 7]);
    writer.close();
    const rows = await all();
    expect([...rows.step]).toEqual([1, 7]);
    expect([...rows.wallTime]).toEqual([1700000000.25, 1700000001.5]);
    expect([...rows.columns.estimate]).toEqual([0.5, NaN]);
    expect([...rows.columns.seconds]).toEqual([1, -Infinity]);
  });

  it('writes a header that describes the layout: packed little-endian rows at a multiple of 64', () => {
    write([258]);
    const bytes = fs.readFileSync(file());
    const header = JSON.parse(bytes.toString('utf8', 0, bytes.indexOf(10))) as { offset: number; dtype: unknown };
    expect(header.dtype).toEqual({
      names: ['step', 'wallTime', 'estimate', 'seconds'],
      formats: ['<u4', '<f8', '<f4', '<f4'],
    });
    expect(header.offset % 64).toBe(0);
    expect(bytes.indexOf(10)).toBe(header.offset - 1);
    const row = Buffer.alloc(20);
    row.writeUInt32LE(258, 0);
    row.writeDoubleLE(1.7e9 + 0.258, 4);
    row.writeFloatLE(86, 12);
    row.writeFloatLE(-258, 16);
    expect(bytes.subarray(header.offset)).toEqual(row);
  });

  it('fails an assertion for decreasing steps, unknown columns and duplicate names', () => {
    const writer = createMetrics(file(), columns);
    writer.append(2, 0, {});
    expect(() => writer.append(2, 0, {})).toThrow('step 2 does not follow step 2');
    expect(() => writer.append(2.5, 0, {})).toThrow('assertion');
    expect(() => writer.append(3, 0, { estimat: 1 })).toThrow('no column is named estimat');
    expect(writer.rows).toBe(1);
    writer.close();
    expect(() => createMetrics(file(), [...columns, columns[0]])).toThrow('assertion');
    expect(() => createMetrics(file(), [{ name: 'step', label: '', unit: '' }])).toThrow('assertion');
  });

  it('overwrites a partial row left by a full disk, and the error gives advice', async () => {
    const writer = createMetrics(file(), columns);
    writer.append(1, 1, { estimate: 1 });
    const real = fs.writeSync as (fd: number, bytes: Uint8Array, from: number, length: number, at: number) => number;
    const full = vi.spyOn(fs, 'writeSync');
    full.mockImplementationOnce(((fd: number, bytes: Uint8Array, from: number, _: number, at: number) =>
      real(fd, bytes, from, 7, at)) as never);
    full.mockImplementationOnce(() => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    });
    expect(() => writer.append(2, 2, { estimate: 2 })).toThrow(/Cannot write .*metrics\.bin: the disk is full/);
    full.mockRestore();
    expect(fs.readFileSync(file()).length - (fs.readFileSync(file()).indexOf(10) + 1)).toBe(20 + 7);
    writer.append(3, 3, { estimate: 3 });
    writer.close();
    expect([...(await all()).step]).toEqual([1, 3]);
  });
});

describe('resuming metrics', () => {
  it('removes rows after the checkpoint and an incomplete row, then appends', async () => {
    write(range(1, 101));
    fs.appendFileSync(file(), Buffer.alloc(13, 1));
    const writer = resumeMetrics(file(), columns, 60);
    expect([writer.rows, writer.lastStep]).toEqual([60, 60]);
    write(range(61, 80), writer);
    const rows = await all();
    expect([...rows.step]).toEqual(range(1, 80));
    expect(rows.columns.estimate[75]).toBe(Math.fround(76 / 3));
  });

  it('keeps earlier rows byte for byte, across chunks', async () => {
    write(range(1, 120_001));
    const before = fs.readFileSync(file());
    resumeMetrics(file(), columns, 110_000).close();
    const after = fs.readFileSync(file());
    const offset = after.indexOf(10) + 1;
    expect(after.length - offset).toBe(110_000 * 20);
    expect(after.subarray(offset).equals(before.subarray(before.indexOf(10) + 1).subarray(0, 110_000 * 20))).toBe(true);
  });

  it('truncates at zero rows left by a power loss', () => {
    write(range(1, 11));
    fs.appendFileSync(file(), Buffer.alloc(20 * 5));
    const writer = resumeMetrics(file(), columns, 1000);
    expect([writer.rows, writer.lastStep]).toEqual([10, 10]);
    writer.close();
  });

  it('creates a missing curve, and rejects other columns and damaged headers', () => {
    const writer = resumeMetrics(file(), columns, 60);
    expect(writer.rows).toBe(0);
    writer.close();
    expect(() => resumeMetrics(file(), columns.slice(1), 60)).toThrow(
      /^\S+metrics\.bin has the columns estimate, seconds.* records seconds\. Resume/,
    );
    fs.writeFileSync(file(), 'no header\n');
    expect(() => resumeMetrics(file(), columns, 60)).toThrow(/^\S+metrics\.bin is damaged: its first line is not/);
    expect(fs.readFileSync(file(), 'utf8')).toBe('no header\n');
    expect(fs.readdirSync(file().replace('/metrics.bin', ''))).toEqual(['metrics.bin']);
  });
});

describe('reading metrics', () => {
  it('reads a range, and ignores an incomplete row', async () => {
    write(range(1, 50));
    fs.truncateSync(file(), fs.statSync(file()).size - 1);
    const metrics = await openMetrics(file());
    expect(metrics.rows).toBe(48);
    expect([...(await metrics.read(10, 13)).step]).toEqual([11, 12, 13]);
    await metrics.close();
  });

  const header = () => {
    write([1]);
    return fs.readFileSync(file());
  };
  it.each([
    ['a missing file', () => fs.rmSync(file(), { force: true }), /^Cannot read .*does not exist/],
    ['an empty file', () => fs.writeFileSync(file(), ''), /^\S+ is damaged: its first line, the header, has no end/],
    ['a first line without end', () => fs.writeFileSync(file(), 'x'.repeat(5000)), /has no end/],
    [
      'another JSON',
      () => fs.writeFileSync(file(), '{"a":1}\n'),
      /^\S+ is damaged: its first line is not a metrics header; move it elsewhere and resume/,
    ],
    ['a null', () => fs.writeFileSync(file(), 'null\n'), /is not a metrics header/],
    [
      'a newer version',
      () => fs.writeFileSync(file(), header().toString('latin1').replace('"version":1', '"version":2'), 'latin1'),
      /^\S+ has format version 2.*Update/,
    ],
    [
      'a moved offset',
      () => fs.writeFileSync(file(), header().toString('latin1').replace('  \n', '\n'), 'latin1'),
      /^\S+ is damaged: its header ends at byte \d+ but gives the offset \d+/,
    ],
    [
      'broken columns',
      () => fs.writeFileSync(file(), header().toString('latin1').replace('"label"', '"lebal"'), 'latin1'),
      /^\S+ is damaged: its header does not describe the columns/,
    ],
  ])('reports the problem of %s', async (_, spoil, message) => {
    spoil();
    await expect(openMetrics(file())).rejects.toThrow(message);
  });

  it('is possible with one line of NumPy or plain Python', (context) => {
    write(range(1, 1001));
    let printed: string;
    try {
      printed = execFileSync(process.env.EARTHMOVER_TEST_PYTHON ?? 'python3', ['-c', python, file()], {
        encoding: 'utf8',
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return context.skip('python3 is not installed');
    }
    expect(printed.trim()).toBe('1000 500500 1700000001.0 -1000.0 20');
  });
});

const python = `
import json, struct, sys
p = sys.argv[1]
h = json.loads(open(p, 'rb').readline())
try:
    import numpy as np
    r = np.fromfile(p, np.dtype(h['dtype']), offset=h['offset'])
    size = r.dtype.itemsize
    column = lambda name: r[name]
except ImportError:
    packed = '<' + ''.join({'<u4': 'I', '<f8': 'd', '<f4': 'f'}[f] for f in h['dtype']['formats'])
    size = struct.calcsize(packed)
    r = list(struct.iter_unpack(packed, open(p, 'rb').read()[h['offset']:]))
    column = lambda name: [row[h['dtype']['names'].index(name)] for row in r]
print(len(r), sum(map(int, column('step'))), float(column('wallTime')[999]), float(min(column('seconds'))), size)
`;

describe('following metrics', () => {
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
    const row = fs.readFileSync(file()).subarray(-20);
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
    fs.truncateSync(file(), fs.statSync(file()).size - 21);
    await until(() => expect(seen().at(-1)).toEqual(['restarted', 0, 1, 1]));
    fs.writeFileSync(`${file()}.new`, 'garbage\n');
    fs.renameSync(`${file()}.new`, file());
    await until(() => expect(errors).toHaveLength(1));
    follower.nudge();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(errors).toHaveLength(1);
    expect(String(errors[0])).toContain('damaged');
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
