// metrics.bin: NumPy and the readers see what was written, also if the file was truncated.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type Column, createMetrics, resumeMetrics } from './metricsWriter';
import { openMetrics } from './metricsReader';
import { crc32 } from '../shared/crc32';
import { openWhenRenamed } from '../../test/support/openFiles';
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

/** Damages a row, counted from 0. */
function spoil(row: number, how: 'zero' | 'flip'): void {
  const bytes = fs.readFileSync(file());
  const at = bytes.indexOf(10) + 1 + 24 * row;
  if (how === 'zero') bytes.fill(0, at, at + 24);
  else bytes[at + (row % 24)] ^= 1 << row % 8;
  fs.writeFileSync(file(), bytes);
}

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
      names: ['step', 'wallTime', 'estimate', 'seconds', 'checksum'],
      formats: ['<u4', '<f8', '<f4', '<f4', '<u4'],
    });
    expect(header.offset % 64).toBe(0);
    expect(bytes.indexOf(10)).toBe(header.offset - 1);
    const row = Buffer.alloc(24);
    row.writeUInt32LE(258, 0);
    row.writeDoubleLE(1.7e9 + 0.258, 4);
    row.writeFloatLE(86, 12);
    row.writeFloatLE(-258, 16);
    row.writeUInt32LE(crc32(row, 0, 20), 20);
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
    expect(fs.readFileSync(file()).length - (fs.readFileSync(file()).indexOf(10) + 1)).toBe(24 + 7);
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

  it.runIf(process.platform === 'linux')('replaces the file while it is not open, as Windows demands', () => {
    write([1, 2, 3]);
    expect(openWhenRenamed(() => resumeMetrics(file(), columns, 2).close())).toEqual([[]]);
  });

  it('keeps earlier rows byte for byte, across chunks', async () => {
    write(range(1, 120_001));
    const before = fs.readFileSync(file());
    resumeMetrics(file(), columns, 110_000).close();
    const after = fs.readFileSync(file());
    const offset = after.indexOf(10) + 1;
    expect(after.length - offset).toBe(110_000 * 24);
    expect(after.subarray(offset).equals(before.subarray(before.indexOf(10) + 1).subarray(0, 110_000 * 24))).toBe(true);
  });

  it('removes zero rows left by a power loss', () => {
    write(range(1, 11));
    fs.appendFileSync(file(), Buffer.alloc(24 * 5));
    const messages: string[] = [];
    const writer = resumeMetrics(file(), columns, 10, (message) => messages.push(message));
    expect([writer.rows, writer.lastStep]).toEqual([10, 10]);
    writer.close();
    expect(messages).toEqual([]);
  });

  it('loses damaged rows only, and names their steps', async () => {
    write(range(1, 60_001));
    spoil(29, 'zero');
    spoil(99, 'flip');
    spoil(100, 'flip');
    spoil(50_000, 'flip');
    for (const row of range(59_990, 60_000)) spoil(row, 'zero');
    const messages: string[] = [];
    resumeMetrics(file(), columns, 59_995, (message) => messages.push(message)).close();
    expect(messages).toEqual([
      `${file()} is damaged: the rows of these steps are lost, all others were kept: 30, 100 to 101, 50001, 59991 to 59995.`,
    ]);
    const lost = new Set([30, 100, 101, 50_001]);
    const { step, columns: values, damaged } = await all();
    expect([...step]).toEqual(range(1, 59_991).filter((n) => !lost.has(n)));
    expect(values.estimate[40_000 - 4]).toBe(Math.fround(40_000 / 3));
    expect(damaged).toBe(0);
    resumeMetrics(file(), columns, 50_001, (message) => messages.push(message)).close();
    expect(messages).toHaveLength(1);
  });

  it('removes rows whose steps do not increase', async () => {
    write([1, 2, 3]);
    const rows = fs.readFileSync(file()).subarray(-48);
    fs.appendFileSync(file(), rows);
    write([4], resumeMetrics(file(), columns, 3));
    expect([...(await all()).step]).toEqual([1, 2, 3, 4]);
  });

  it('creates a missing curve, and rejects other columns', () => {
    const writer = resumeMetrics(file(), columns, 60);
    expect(writer.rows).toBe(0);
    writer.close();
    expect(() => resumeMetrics(file(), columns.slice(1), 60)).toThrow(
      /^\S+metrics\.bin has the columns estimate, seconds.* records seconds\. Resume/,
    );
  });

  it.each([
    ['text', 'no header\n'],
    ['nothing', ''],
    ['zeros', '\0'.repeat(5000)],
  ])('sets a file of %s aside', async (_, content) => {
    fs.writeFileSync(file(), content);
    const messages: string[] = [];
    const writer = resumeMetrics(file(), columns, 60, (message) => messages.push(message));
    writer.append(61, 1, { estimate: 1 });
    writer.close();
    expect([...(await all()).step]).toEqual([61]);
    const folder = path.dirname(file());
    const [aside, ...others] = fs.readdirSync(folder).filter((name) => name !== 'metrics.bin');
    expect(others).toEqual([]);
    expect(fs.readFileSync(path.join(folder, aside), 'utf8') === content).toBe(true);
    expect(messages).toEqual([
      `No row of ${file()} could be read: it is now ${aside}, and the curve starts at step 61.`,
    ]);
  });

  describe('recovers the rows of a file whose header is', () => {
    it.each<[string, (bytes: Buffer, offset: number) => Buffer]>([
      ['zeroed', (bytes, offset) => bytes.fill(0, 0, offset)],
      ['zeroed with the first rows', (bytes, offset) => bytes.fill(0, 0, offset + 50)],
      ['without its line end', (bytes, offset) => bytes.fill(' ', offset - 1, offset)],
      ['cut off', (bytes) => bytes.subarray(7)],
      ['not JSON', (bytes) => bytes.fill('x', 0, 1)],
      ['longer', (bytes, offset) => Buffer.concat([Buffer.from('x'.repeat(33)), bytes.fill(10, 5, offset)])],
    ])('%s', async (how, spoil) => {
      write(range(1, 21));
      const bytes = fs.readFileSync(file());
      fs.writeFileSync(file(), spoil(bytes, bytes.indexOf(10) + 1));
      await expect(openMetrics(file())).rejects.toThrow(
        /is damaged: .*; resume the run: it recovers the rows that are left/,
      );
      const found = await openMetrics(file(), columns);
      expect([found.isRecovered, await found.lastStep()]).toEqual([true, 20]);
      await found.close();
      const messages: string[] = [];
      const writer = resumeMetrics(file(), columns, 18, (message) => messages.push(message));
      writer.append(19, 1, { estimate: 1 });
      writer.close();
      const first = how.includes('rows') ? 4 : 1;
      expect([...(await all()).step]).toEqual(range(first, 20));
      expect(messages[0]).toMatch(new RegExp(`^The header of \\S+ was damaged: .* ${19 - first} rows were kept`));
      expect(messages.slice(1)).toEqual(
        first === 1 ? [] : [expect.stringContaining('lost, all others were kept: 1 to 3')],
      );
    });
  });
});

describe('reading metrics', () => {
  it('says that a file got shorter while it was read, and what to do', async () => {
    write(range(1, 11));
    const metrics = await openMetrics(file());
    fs.truncateSync(file(), fs.statSync(file()).size - 24);
    await expect(metrics.read()).rejects.toThrow(
      `${file()} is damaged: it got shorter while it was read; read it again`,
    );
    await metrics.close();
  });

  it('reads a range, and ignores an incomplete row', async () => {
    write(range(1, 50));
    fs.truncateSync(file(), fs.statSync(file()).size - 1);
    const metrics = await openMetrics(file());
    expect(metrics.rows).toBe(48);
    expect([...(await metrics.read(10, 13)).step]).toEqual([11, 12, 13]);
    await metrics.close();
  });

  it('leaves out damaged rows, wherever a bit is flipped', async () => {
    for (const byte of range(0, 24)) {
      write(range(1, 50));
      spoil(24 + byte, 'flip');
      const { step, count, damaged, columns: values } = await all();
      expect([count, damaged], `byte ${byte}`).toEqual([48, 1]);
      expect([...step]).toEqual(range(1, 50).filter((n) => n !== 25 + byte));
      expect(values.estimate).toHaveLength(48);
    }
    const metrics = await openMetrics(file());
    spoil(48, 'flip');
    spoil(46, 'zero');
    expect(await metrics.lastStep()).toBe(46);
    for (const row of range(0, 46)) spoil(row, 'zero');
    expect(await metrics.lastStep()).toBe(0);
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
      /^\S+ is damaged: its first line is not a metrics header; resume the run: it recovers the rows that are left/,
    ],
    ['a null', () => fs.writeFileSync(file(), 'null\n'), /is not a metrics header/],
    [
      'a newer version',
      () => fs.writeFileSync(file(), header().toString('latin1').replace('"version":2', '"version":3'), 'latin1'),
      /^\S+ has format version 3.*Update/,
    ],
    [
      'an older version',
      () => fs.writeFileSync(file(), header().toString('latin1').replace('"version":2', '"version":1'), 'latin1'),
      /^\S+ has format version 1.*only version 2\. Read it with/,
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
    expect(printed.trim()).toBe('1000 500500 1700000001.0 -1000.0 24 0');
  });
});

const python = `
import json, struct, sys, zlib
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
rows = open(p, 'rb').read()[h['offset']:]
bad = [i for i, c in enumerate(column('checksum')) if zlib.crc32(rows[i * size:(i + 1) * size - 4]) != c]
print(len(r), sum(map(int, column('step'))), float(column('wallTime')[999]), float(min(column('seconds'))), size, len(bad))
`;
