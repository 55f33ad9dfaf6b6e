// Run directories: made once, opened with clear words, owned by one trainer at a time, named safely.
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { scratch } from '../../test/fixtures/run/scratch';
import type { RunStatus } from '../protocol/status';
import { acquireLock } from './runLock';
import { sendCommand } from './control';
import { createRun, defaultRunDirectory, openRun, resumeRun, runPaths, slug } from './directory';
import { inside } from './files';
import { listRuns } from './listRuns';
import { type Notice, openLog, openNotices, readNotices, rewindNotices } from './notices';
import { rewindSampleImages, saveSampleImage } from './sampleImages';
import { thisProcess } from './process';

const folder = scratch();
const out = () => path.join(folder(), 'run');
const manifest = {
  experiment: { name: 'ring', steps: 10 },
  source: { path: '/home/me/ring.gan.json', text: '{ "name": "ring" } // ü' },
  versions: { earthmover: '0.1.0', node: 'v20' },
  seed: 3,
  device: 'cpu',
};

function rewriteStatus(change: Partial<RunStatus>): void {
  const file = path.join(out(), 'status.json');
  fs.writeFileSync(file, JSON.stringify({ ...openRun(out()).status, ...change }));
}

describe('creating', () => {
  it('makes the layout and can be opened', () => {
    const run = createRun(out(), manifest, 10);
    expect(run).toMatchObject({ directory: out(), attempt: 1 });
    expect(fs.readdirSync(out()).sort()).toEqual([
      'attempts',
      'checkpoints',
      'control',
      'experiment.json',
      'samples',
      'status.json',
    ]);
    expect(openRun(out())).toMatchObject({
      directory: out(),
      manifest,
      status: { state: 'starting', step: 0, steps: 10, attempt: 1 },
    });
  });

  it('refuses a folder that holds a run, and only that', () => {
    fs.mkdirSync(out());
    fs.writeFileSync(path.join(out(), 'readme.txt'), 'mine');
    createRun(out(), manifest, 10).status.update({ state: 'finished' });
    expect(() => createRun(out(), manifest, 10)).toThrow(
      `${out()} already holds a run (status.json). Choose another --out, or go on with it: earthmover resume ${out()}`,
    );
    expect(fs.readFileSync(path.join(out(), 'readme.txt'), 'utf8')).toBe('mine');
  });

  it('says why it cannot', () => {
    fs.writeFileSync(out(), '');
    expect(() => createRun(path.join(out(), 'deeper'), manifest, 1)).toThrow(
      /^Cannot create .*a part of the path is a file/,
    );
  });
});

describe('opening', () => {
  it('names what is missing or damaged', () => {
    expect(() => openRun(out())).toThrow(/^\S+ is not a run directory: there is no such folder\. Give the folder/);
    fs.writeFileSync(out(), '');
    expect(() => openRun(out())).toThrow('it is a file');
    fs.rmSync(out());
    fs.mkdirSync(out());
    expect(() => openRun(out())).toThrow('it has no experiment.json');
    createRun(out(), manifest, 1);
    fs.rmSync(path.join(out(), 'status.json'));
    expect(openRun(out())).toMatchObject({ manifest, status: null });
    const { experiment } = runPaths(out());
    for (const [text, message] of [
      ['{', 'experiment.json is damaged: it is not JSON'],
      ['null', 'was not written by a training'],
      ['{"format":"earthmover-run","version":2}', 'format version 2'],
      ['{"format":"earthmover-run","version":1}', 'does not hold an experiment'],
      [JSON.stringify({ format: 'earthmover-run', version: 1, ...manifest, seed: '3' }), 'it has no seed or device'],
    ]) {
      fs.writeFileSync(experiment, text);
      expect(() => openRun(out()), text).toThrow(message);
    }
  });
});

describe('owning', () => {
  it('is refused while a trainer is alive, stuck or writing elsewhere', () => {
    createRun(out(), manifest, 10).status.update({ state: 'running', step: 4, lastStepAt: Date.now() / 1000 });
    const resume = () => resumeRun(openRun(out()), 4, 10);
    expect(resume).toThrow(
      new RegExp(
        `Cannot train .*: process ${process.pid} on .* is training this run \\(it is at step 4\\)\\. Wait.*earthmover stop`,
      ),
    );
    rewriteStatus({ lastStepAt: 5 });
    expect(resume).toThrow(`is stuck at step 4. End process ${process.pid} first.`);
    rewriteStatus({ host: 'another-machine', updatedAt: Date.now() / 1000 - 20 });
    expect(resume).toThrow(/on another-machine wrote to this run 2\d s ago/);
    rewriteStatus({ host: 'another-machine', updatedAt: Date.now() / 1000 - 61 });
    expect(resume().attempt).toBe(2);
  });

  it('passes on when the trainer has ended or is gone, without its commands', () => {
    const first = createRun(out(), manifest, 10);
    sendCommand(out(), 'stop');
    first.status.update({ state: 'interrupted', step: 7 });
    const second = resumeRun(openRun(out()), 5, 20);
    expect(fs.readdirSync(path.join(out(), 'control'))).toEqual([]);
    expect(openRun(out()).status).toMatchObject({ state: 'starting', attempt: 2, step: 5, steps: 20 });
    second.status.update({ state: 'running' });
    rewriteStatus({ pid: 2 ** 30 });
    expect(resumeRun(openRun(out()), 5, 20).attempt).toBe(3);
  });

  it('is refused while another trainer has claimed the run and not written its status', () => {
    createRun(out(), manifest, 10).status.update({ state: 'stopped' });
    const run = openRun(out());
    expect(acquireLock(out())).toBe(2);
    expect(() => resumeRun(run, 5, 10)).toThrow(/process \d+ on .* is just starting this run/);
    const owner = path.join(out(), 'attempts', '2.json');
    fs.writeFileSync(owner, '');
    expect(() => resumeRun(run, 5, 10)).toThrow('another trainer is just starting this run');
    fs.utimesSync(owner, 1, 1);
    expect(acquireLock(out())).toBe(3);
    fs.writeFileSync(path.join(out(), 'attempts', '3.json'), JSON.stringify({ ...thisProcess(), pid: 2 ** 30 }));
    expect(acquireLock(out())).toBe(4);
  });
});

it('passes on where the status was damaged and deleted, as its message says to do', () => {
  createRun(out(), manifest, 10).status.update({ state: 'failed' });
  const file = path.join(out(), 'status.json');
  fs.writeFileSync(file, '');
  expect(() => openRun(out())).toThrow('delete it and resume the run to have it written anew');
  fs.rmSync(file);
  fs.writeFileSync(path.join(out(), 'attempts', '1.json'), JSON.stringify({ ...thisProcess(), pid: 2 ** 30 }));
  const run = openRun(out());
  expect(run.status).toBeNull();
  expect(resumeRun(run, 5, 10).attempt).toBe(2);
});

describe('names', () => {
  it('are given by the second, a number behind where it is taken', () => {
    const now = new Date(2024, 0, 9, 8, 7, 6);
    const names = [1, 2, 3].map(() =>
      path.relative(folder(), defaultRunDirectory(folder(), 'Eight Gaussians', { now })),
    );
    const stem = path.join('.earthmover', 'runs', '20240109-080706-eight-gaussians');
    expect(names).toEqual([stem, `${stem}-2`, `${stem}-3`]);
    expect(names.every((name) => fs.statSync(path.join(folder(), name)).isDirectory())).toBe(true);
  });

  it('say the seed where there are several', () => {
    const named = defaultRunDirectory(folder(), 'Ring', { seed: 3, now: new Date(2024, 0, 9, 8, 7, 6) });
    expect(path.basename(named)).toBe('20240109-080706-ring-seed-3');
  });

  it.each([
    ['../../etc/passwd', 'etc-passwd'],
    ['Ünïcode Straße', 'unicode-stra-e'],
    ['', 'run'],
    ['日本語', 'run'],
    ['\0\n\u202e', 'run'],
    ['a'.repeat(10_000), 'a'.repeat(40)],
    [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
    ['--C:\\x--', 'c-x'],
  ])('are made of %.20j safely', (name, expected) => expect(slug(name)).toBe(expected));

  it('stay inside the run', () => {
    expect(inside('/run', 'a', 'b')).toBe(path.resolve('/run/a/b'));
    expect(inside('/run', '..a')).toBe(path.resolve('/run/..a'));
    for (const parts of [['..'], ['a', '..', '..', 'run2'], ['/etc/passwd'], ['a\0'], ['.'], ['a', '..']]) {
      expect(() => inside('/run', ...parts), parts.join()).toThrow('does not lie inside');
    }
  });
});

describe('listing', () => {
  it('shows the newest first, and a damaged one with what is wrong', () => {
    expect(listRuns(folder())).toEqual([]);
    const [a, b, c] = [1, 2, 3].map((second) =>
      defaultRunDirectory(folder(), 'x', { now: new Date(2024, 0, 1, 0, 0, second) }),
    );
    createRun(a, manifest, 10).status.update({ state: 'finished' });
    createRun(c, manifest, 10);
    fs.writeFileSync(path.join(folder(), '.earthmover', 'runs', 'zzz'), 'a file');
    const runs = listRuns(folder());
    expect(runs.map(({ directory }) => directory)).toEqual([c, b, a]);
    expect(runs.map((run) => run.liveness)).toEqual(['alive', null, 'ended']);
    expect(runs[1]).toMatchObject({ status: null, problem: expect.stringContaining('it has no experiment.json') });
    expect(runs[2]).toMatchObject({ status: { state: 'finished' }, problem: null });
  });
});

describe('notes, log and samples', () => {
  const note = (step: number, message = 'm'): Notice => ({ step, wallTime: 1.5, level: 'info', kind: 'test', message });

  it('are appended, and a torn line is left out', () => {
    createRun(out(), manifest, 1);
    const notes = openNotices(out());
    notes.append(note(1, 'line\nbreak "ü"'));
    notes.append(note(2));
    notes.close();
    fs.appendFileSync(runPaths(out()).notices, '{"step":3,"mess');
    expect(readNotices(out())).toEqual([note(1, 'line\nbreak "ü"'), note(2)]);
    for (const text of ['a\n', 'b\n']) {
      const log = openLog(out());
      log.append(text);
      log.close();
    }
    expect(fs.readFileSync(runPaths(out()).log, 'utf8')).toBe('a\nb\n');
  });

  it('of later steps are forgotten on a resume', () => {
    createRun(out(), manifest, 1);
    const notes = openNotices(out());
    for (const step of [0, 5, 6, 10]) {
      notes.append(note(step));
      saveSampleImage(out(), step, Buffer.from('png'));
    }
    notes.close();
    fs.writeFileSync(path.join(runPaths(out()).samples, 'mine.png'), '');
    rewindSampleImages(out(), 5);
    rewindNotices(out(), 5);
    expect(readNotices(out()).map(({ step }) => step)).toEqual([0, 5]);
    expect(fs.readdirSync(runPaths(out()).samples).sort()).toEqual(['mine.png', 'step-0.png', 'step-5.png']);
  });
});

it('gives a run to one of two that resume it at once', () => {
  createRun(out(), manifest, 10).status.update({ state: 'stopped' });
  // The other trainer's claim comes between this one's look and its own.
  const link = fs.linkSync;
  const other = vi.spyOn(fs, 'linkSync').mockImplementationOnce((from, to) => {
    fs.writeFileSync(to, JSON.stringify(thisProcess()));
    link(from, to);
  });
  expect(() => acquireLock(out())).toThrow('another trainer took this run a moment ago');
  other.mockRestore();
  expect(fs.readdirSync(path.join(out(), 'attempts')).sort()).toEqual(['1.json', '2.json']);
});

it('is claimed on a file system without links, too', () => {
  const none = vi.spyOn(fs, 'linkSync').mockImplementation(() => {
    throw Object.assign(new Error('no links'), { code: 'EPERM' });
  });
  createRun(out(), manifest, 10).status.update({ state: 'stopped' });
  expect(acquireLock(out())).toBe(2);
  none.mockRestore();
  expect(fs.readdirSync(path.join(out(), 'attempts')).sort()).toEqual(['1.json', '2.json']);
  expect(() => acquireLock(out())).toThrow('is just starting this run');
});
