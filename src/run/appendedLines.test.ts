// Appended lines are read once, a replaced file is read again, and hostile files are neither opened nor read whole.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { scratch } from '../../test/fixtures/run/scratch';
import { noPosition, readAppendedLines } from './appendedLines';

const root = scratch();
const file = () => path.join(root(), 'x.jsonl');
beforeEach(() => void fs.mkdirSync(root(), { recursive: true }));

/** Reads like a poll: from the last position. */
function reader(maxBytes = 1000) {
  let position = noPosition;
  return async () => {
    const read = await readAppendedLines(file(), position, maxBytes);
    if (read) ({ position } = read);
    return read && { restarted: read.restarted, lines: read.lines };
  };
}

describe('appended lines', () => {
  it('are read once, and a torn line when it is complete', async () => {
    const next = reader();
    expect(await next()).toBeNull();
    fs.writeFileSync(file(), 'a\nb\nc');
    expect(await next()).toEqual({ restarted: true, lines: ['a', 'b'] });
    expect(await next()).toBeNull();
    fs.appendFileSync(file(), 'd\n\ne');
    expect(await next()).toEqual({ restarted: false, lines: ['cd', ''] });
  });

  it('start over if the file is replaced, truncated or removed', async () => {
    const next = reader();
    fs.writeFileSync(file(), 'a\nb\n');
    await next();
    fs.writeFileSync(`${file()}.tmp`, 'a\nb\nc\n');
    fs.renameSync(`${file()}.tmp`, file());
    expect(await next()).toEqual({ restarted: true, lines: ['a', 'b', 'c'] });
    fs.writeFileSync(file(), 'a\n');
    expect(await next()).toEqual({ restarted: true, lines: ['a'] });
    fs.rmSync(file());
    expect(await next()).toEqual({ restarted: true, lines: [] });
    expect(await next()).toBeNull();
  });

  it('of a huge file are only its last', async () => {
    fs.writeFileSync(file(), `${'x'.repeat(9)}\n`.repeat(500));
    const read = await reader(25)();
    expect(read?.lines).toEqual(['xxxx', 'xxxxxxxxx', 'xxxxxxxxx']);
  });

  it.runIf(process.platform !== 'win32')('of a FIFO, a device or a link are refused', async () => {
    execFileSync('mkfifo', [file()]);
    await expect(reader()()).rejects.toThrow(/it is a named pipe/);
    fs.rmSync(file());
    fs.symlinkSync('/dev/zero', file());
    await expect(reader()()).rejects.toThrow(/it is a link/);
  });
});
