// TensorBoard event files: known bytes, round trips, truncated and damaged files, and the order of attempts.
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../test/fixtures/run/scratch';
import { decodeEvent, encodeEvent, type TensorboardEvent } from './tensorboardMessages';
import { createTensorboardWriter, tensorboardFiles, readTensorboardFile } from './tensorboardEvents';
import { binValues } from './histograms';
import { crc32c } from '../shared/crc32';
import { decodeRecords, encodeRecord, maskedCrc32c } from './tensorboardRecords';

const folder = scratch();

describe('records', () => {
  // RFC 3720, appendix B.4, and the check value of the CRC catalog.
  it.each([
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(255), 0x62a8ab43],
    ['increasing bytes', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['decreasing bytes', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
    ['the digits', Buffer.from('123456789'), 0xe3069283],
  ])('have the checksum of %s', (_, bytes, crc) => expect(crc32c(bytes)).toBe(crc));

  it('mask the checksum as TensorFlow does', () => {
    const crc = crc32c(Buffer.from('123456789'));
    const rotated = BigInt.asUintN(32, (BigInt(crc) >> 15n) | (BigInt(crc) << 17n));
    expect(maskedCrc32c(Buffer.from('123456789'))).toBe(Number(BigInt.asUintN(32, rotated + 0xa282ead8n)));
  });

  it('are recovered up to a truncation, and any flipped byte is detected', () => {
    const payloads = ['one', '', 'three '.repeat(9)].map((text) => new Uint8Array(Buffer.from(text)));
    const file = Buffer.concat(payloads.map(encodeRecord));
    const starts = [0, 19, 35, file.length];
    const decode = (bytes: Uint8Array) => decodeRecords(bytes, (payload) => payload);
    expect(decode(file)).toEqual({ records: payloads.map((p) => Buffer.from(p)), end: { kind: 'complete' } });
    for (let cut = 0; cut < file.length; cut++) {
      const complete = starts.filter((start) => start <= cut).length - 1;
      const kind = starts.includes(cut) ? { kind: 'complete' } : { kind: 'truncated', offset: starts[complete] };
      expect(decode(file.subarray(0, cut))).toMatchObject({ end: kind });
      expect(decode(file.subarray(0, cut)).records).toHaveLength(complete);
    }
    for (let at = 0; at < file.length; at++) {
      const corrupted = Buffer.from(file);
      corrupted[at] ^= 0x10;
      const record = starts.filter((start) => start <= at).length - 1;
      expect(decode(corrupted).end).toMatchObject({ kind: 'damaged', offset: starts[record] });
      expect(decode(corrupted).records).toHaveLength(record);
    }
  });
});

describe('messages', () => {
  it('are encoded as protocol buffers', () => {
    const bytes = encodeEvent({ wallTime: 1, step: 300, summary: [{ tag: 'a', scalar: 1 }] });
    const expected = '09 000000000000f03f 10 ac02 2a 0a 0a 08 0a 01 61 15 0000803f'.replaceAll(' ', '');
    expect(Buffer.from(bytes).toString('hex')).toBe(expected);
    const start = encodeEvent({ wallTime: 1, step: 7, sessionStart: true });
    expect(Buffer.from(start).toString('hex')).toBe('09000000000000f03f10073a020801');
  });

  const histogram = { min: -1, max: 2, num: 3, sum: 1.5, sumSquares: 5.25, limits: [0, 2], counts: [1, 2] };
  const events: readonly TensorboardEvent[] = [
    { wallTime: 1700000000.125, step: 0, fileVersion: 'brain.Event:2' },
    { wallTime: 2, step: 2 ** 40, sessionStart: true },
    {
      wallTime: 3,
      step: 5,
      summary: [
        { tag: 'loss/critic', scalar: -0.5 },
        { tag: 'ü', scalar: 0 },
      ],
    },
    { wallTime: 4, step: 6, summary: [{ tag: 'nan', scalar: NaN }] },
    {
      wallTime: 5,
      step: 7,
      summary: [{ tag: 'samples', image: { width: 4, height: 300, png: Uint8Array.of(137, 80, 78, 71) } }],
    },
    { wallTime: 6, step: 8, summary: [{ tag: 'weights', histogram }] },
    { wallTime: 7, step: 9, summary: [] },
  ];
  it.each(events)('survive a round trip: %j', (event) => expect(decodeEvent(encodeEvent(event))).toEqual(event));
});

describe('files', () => {
  it('start with the version, and after a resume with a session start at the next step', () => {
    const first = createTensorboardWriter(folder(), { now: 1.7e9 });
    first.scalars(1, 1.7e9, { estimate: 0.25, 'loss/critic': 1 });
    first.close();
    const second = createTensorboardWriter(folder(), { now: 1.7e9 + 1, resumedFrom: 500 });
    second.image(501, 1.7e9, 'samples', { width: 2, height: 1, png: Buffer.from('x') });
    second.sync();
    second.close();
    expect(readTensorboardFile(first.file)).toEqual({
      events: [
        { wallTime: 1.7e9, step: 0, fileVersion: 'brain.Event:2' },
        {
          wallTime: 1.7e9,
          step: 1,
          summary: [
            { tag: 'estimate', scalar: 0.25 },
            { tag: 'loss/critic', scalar: 1 },
          ],
        },
      ],
      end: { kind: 'complete' },
    });
    expect(readTensorboardFile(second.file).events[1]).toEqual({ wallTime: 1.7e9 + 1, step: 501, sessionStart: true });
  });

  it('are named in the order of the attempts, even within a second or after the clock is set back', () => {
    const files = [1.7e9, 1.7e9 + 0.5, 1.6e9, 1.7e9 + 60].map((now) => {
      const writer = createTensorboardWriter(folder(), { now });
      writer.close();
      return writer.file;
    });
    expect(tensorboardFiles(folder())).toEqual(files);
    expect(path.basename(files[0])).toMatch(/^events\.out\.tfevents\.1700000000\.[\w-]+\.\d+\.0$/);
    expect(path.basename(files[3])).toContain('.1700000060.');
  });

  it('are read up to a damaged record, which is reported with its offset', () => {
    const writer = createTensorboardWriter(folder());
    let last = 0;
    for (let step = 1; step <= 3; step++) {
      last = fs.statSync(writer.file).size;
      writer.scalars(step, step, { a: step });
    }
    writer.close();
    const bytes = fs.readFileSync(writer.file);
    fs.truncateSync(writer.file, bytes.length - 3);
    expect(readTensorboardFile(writer.file).events).toHaveLength(3);
    expect(readTensorboardFile(writer.file).problem).toBeUndefined();
    bytes[bytes.length - 6] ^= 1;
    fs.writeFileSync(writer.file, bytes);
    const { events, end, problem } = readTensorboardFile(writer.file);
    expect(events).toHaveLength(3);
    expect(end).toMatchObject({ kind: 'damaged', offset: last });
    expect(problem).toMatch(
      /tfevents\S+ is damaged: in the record at byte \d+ the checksum of the data does not match/,
    );
  });

  it('are damaged if a record has a valid checksum but is not an event', () => {
    const file = path.join(folder(), 'events.out.tfevents.1.x.1.0');
    fs.writeFileSync(file, encodeRecord(Uint8Array.of(0x0f, 1, 2)));
    expect(readTensorboardFile(file).end).toEqual({
      kind: 'damaged',
      offset: 0,
      problem: 'the data cannot be decoded',
    });
  });

  it('give the reason if they cannot be written', () => {
    expect(() => createTensorboardWriter(path.join(folder(), 'none'))).toThrow(
      /^Cannot create an event file in .*none: it does not exist/,
    );
  });
});

describe('histograms', () => {
  it('count every finite value once, in its bin', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => Math.sin(i) * (i % 7));
    const histogram = binValues([...values, NaN, Infinity], 13);
    const edges = [-Infinity, ...(histogram?.limits ?? [])];
    expect(histogram?.num).toBe(1000);
    expect(histogram?.counts.reduce((a, b) => a + b)).toBe(1000);
    expect(histogram?.limits.at(-1)).toBe(Math.max(...values));
    expect(histogram?.min).toBe(Math.min(...values));
    expect(histogram?.sumSquares).toBeCloseTo(
      values.reduce((sum, x) => sum + x * x, 0),
      8,
    );
    const counted = histogram?.counts.map((_, i) => values.filter((x) => x > edges[i] && x <= edges[i + 1]).length);
    expect(histogram?.counts).toEqual(counted);
  });

  it('are written for equal values, not for none', () => {
    expect(binValues([2, 2])).toEqual({ min: 2, max: 2, num: 2, sum: 4, sumSquares: 8, limits: [2], counts: [2] });
    expect(binValues([NaN])).toBeNull();
  });
});
