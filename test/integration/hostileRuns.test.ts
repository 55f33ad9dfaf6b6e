// Run directories that came from somebody else: nothing hangs, nothing outside of them is read, written or removed, and
// nothing in them acts on the terminal.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRunIndex } from '../../src/extension/runs/readRuns';
import { hostileRuns, type HostileRun } from '../fixtures/run/hostileRuns';
import { cli, cliFile, experiment, lines, scratch, type Ended } from './cliProcess';

let root: string;
let good: string;
beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'hostile-'));
  good = path.join(root, 'good');
  execFileSync(process.execPath, [cliFile, 'train', experiment(root, { metrics: [] }), '--out', good]);
});
afterAll(() => fs.rmSync(root, { recursive: true }));

/** A workspace with a hostile run, and a folder of the user's next to it. */
function workspace(change: HostileRun['change']) {
  const folder = scratch();
  const outside = path.join(folder, 'mine');
  const run = path.join(folder, 'work', 'run');
  fs.mkdirSync(path.join(outside, 'src'), { recursive: true });
  for (const name of [
    'notes.txt',
    '.bashrc',
    '000000000000001-abcdefgh.json',
    'step-999.png',
    'live.json',
    'src/main.c',
    '9.json',
  ])
    fs.writeFileSync(path.join(outside, name), 'mine\n');
  fs.cpSync(good, run, { recursive: true });
  change(run, outside);
  return { folder, outside, run };
}

/** Changes with every path, kind, content and target of a link below a folder. */
function fingerprint(folder: string): string {
  const hash = createHash('sha256');
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  for (const name of names) {
    const file = path.join(folder, name);
    const found = fs.lstatSync(file);
    hash.update(`${name} ${found.mode} ${found.isFile() ? fs.readFileSync(file, 'utf8') : ''}\n`);
  }
  return hash.digest('hex');
}

const posix = process.platform !== 'win32';
/** Everything but printable text and line breaks. */
// eslint-disable-next-line no-control-regex -- these are the characters to find
const acting = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const spoken = ({ stdout, stderr }: Ended): string => stdout + stderr;

describe.runIf(posix)('a run in which', () => {
  it.each(hostileRuns)('$name', async ({ change, resumed, exported }) => {
    const { folder, outside, run } = workspace(change);
    const before = fingerprint(outside);
    if (exported !== undefined) {
      const result = await cli(['export', run, '--out', path.join(folder, 'model')]);
      expect(spoken(result)).not.toMatch(acting);
      if (typeof exported === 'number') expect(spoken(result)).toContain(`Exported the generator of step ${exported}`);
      else expect(result).toMatchObject({ code: 2, stderr: expect.stringMatching(exported) as string });
    }
    const result = await cli(['resume', run, '--steps', '40']);
    expect(spoken(result)).not.toMatch(acting);
    if (resumed) expect(result).toMatchObject({ code: 2, stderr: expect.stringMatching(resumed) as string });
    else expect(result, result.stderr).toMatchObject({ code: 0 });
    if (!resumed) expect(fs.readFileSync(path.join(run, 'log.txt'), 'utf8')).not.toMatch(acting);
    expect(fingerprint(outside)).toBe(before);
  });
});

it.runIf(posix)('one bad run does not hide the others, neither in a terminal nor in the editor', async () => {
  const { folder, outside } = workspace(() => {});
  const runs = path.join(folder, '.earthmover', 'runs');
  fs.mkdirSync(runs, { recursive: true });
  const named = hostileRuns.map((hostile, i) => ({ ...hostile, directory: path.join(runs, `${i}-\u001b[2J`) }));
  for (const { directory, change } of named) {
    fs.cpSync(good, directory, { recursive: true });
    change(directory, outside);
  }
  const before = fingerprint(outside);
  const [text, json] = [await cli(['runs'], folder), await cli(['runs', '--json'], folder)];
  expect([text.code, json.code, text.stderr]).toEqual([0, 0, '']);
  expect(text.stdout).not.toMatch(acting);
  const listed = lines(json);
  const indexed = await createRunIndex().read([runs]);
  expect([text.stdout.trim().split('\n').length, listed.length, indexed.length]).toEqual(
    named.map(() => named.length).slice(0, 3),
  );
  for (const { name, directory, listed: problem } of named) {
    const line = listed.find((run) => run.directory === directory);
    if (problem) expect(line?.problem, name).toMatch(problem);
    else expect(line, name).toMatchObject({ problem: null, state: 'finished' });
    const run = indexed.find((each) => each.directory === directory);
    expect(run?.status === null ? run.problem : run?.status.state, name).toMatch(
      /is damaged: |newer|has format version|^finished$/,
    );
  }
  expect(fingerprint(outside)).toBe(before);
});

describe.runIf(posix)('a folder of the user is not used for output', () => {
  it.each([
    ['train', ['--out', 'mine'], 'mine is not empty: it contains .bashrc, '],
    ['train', ['--out', '.'], 'is not empty: it contains link, mine, new-seed-6 and 1 more'],
    ['train', ['--out', 'mine/notes.txt'], 'notes.txt: it is a file'],
    ['train', ['--out', 'link'], 'it is a link to something that does not exist'],
    ['train', ['--out', '/proc/x'], 'no folder can be created there'],
    ['train', ['--out', 'mine/notes.txt/run'], 'part of the path is a file'],
    ['train', ['--out', 'new', '--seeds', '2'], 'new-seed-6 is not empty: it contains notes.txt'],
    ['preview', ['--out', 'mine'], 'mine: it is a folder, not a file'],
    ['preview', ['--out', 'mine/notes.txt'], 'notes.txt already exists and is not a preview'],
    ['preview', ['--out', 'new-seed-6/photo.png'], 'photo.png already exists and is not a preview'],
    ['preview', ['--out', 'link'], 'it is a link'],
    ['reproduce', ['--out', 'mine'], 'mine is not empty: it contains .bashrc, '],
  ])('%s %j', async (command, args, message) => {
    const { folder } = workspace(() => {});
    const file = experiment(folder, { metrics: [] });
    fs.rmSync(path.join(folder, 'work'), { recursive: true });
    fs.symlinkSync('missing', path.join(folder, 'link'));
    fs.mkdirSync(path.join(folder, 'new-seed-6'));
    fs.writeFileSync(path.join(folder, 'new-seed-6', 'notes.txt'), 'mine');
    fs.writeFileSync(path.join(folder, 'new-seed-6', 'photo.png'), '\x89PNG\r\n\x1a\n of mine', 'latin1');
    const before = fingerprint(folder);
    const what = command === 'reproduce' ? 'distances' : file;
    const result = await cli([command, what, ...args], folder);
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining(message) as string });
    expect(result.stderr).not.toMatch(/E[A-Z]{4,}|bug in Earthmover/);
    expect(fingerprint(folder)).toBe(before);
  });
});
