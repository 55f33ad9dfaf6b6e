// Run directories: created once, opened with clear errors, locked by one trainer at a time, and safely named.
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { scratch } from '../../test/fixtures/run/scratch';
import type { RunStatus } from '../protocol/status';
import { acquireLock } from './runLock';
import { sendCommand } from './control';
import { createRun, defaultRunDirectory, openRun, resumeRun, runPaths, slug } from './directory';
import { inside } from './diskAccess';
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

describe('creating a run', () => {
  it('creates its folders and files, and the run can be opened', () => {
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

  it('rejects a folder only if it contains a run', () => {
    fs.mkdirSync(out());
    fs.writeFileSync(path.join(out(), 'readme.txt'), 'mine');
    createRun(out(), manifest, 10).status.update({ state: 'finished' });
    expect(() => createRun(out(), manifest, 10)).toThrow(
      `${out()} already contains a run (status.json). Choose another path with --out, or resume it: earthmover resume ${out()}`,
    );
    expect(fs.readFileSync(path.join(out(), 'readme.txt'), 'utf8')).toBe('mine');
  });

  it('reports why a run cannot be created', () => {
    fs.writeFileSync(out(), '');
    expect(() => createRun(path.join(out(), 'deeper'), manifest, 1)).toThrow(
      /^Cannot create .*part of the path is a file/,
    );
  });
});

describe('opening a run', () => {
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
      ['null', 'was not written by Earthmover'],
      ['{"format":"earthmover-run","version":2}', 'format version 2'],
      ['{"format":"earthmover-run","version":1}', 'does not contain an experiment'],
      [JSON.stringify({ format: 'earthmover-run', version: 1, ...manifest, seed: '3' }), 'it has no seed or device'],
    ]) {
      fs.writeFileSync(experiment, text);
      expect(() => openRun(out()), text).toThrow(message);
    }
  });
});

describe('locking a run', () => {
  it('fails while a trainer is alive, stalled or writing from another machine', () => {
    createRun(out(), manifest, 10).status.update({ state: 'running', step: 4, lastStepAt: Date.now() / 1000 });
    const resume = () => resumeRun(openRun(out()), 4, 10);
    expect(resume).toThrow(
      new RegExp(
        `Cannot train .*: process ${process.pid} on .* is training this run \\(at step 4\\)\\. Wait.*earthmover stop`,
      ),
    );
    rewriteStatus({ lastStepAt: 5 });
    expect(resume).toThrow(`is stuck at step 4. Kill process ${process.pid} first.`);
    rewriteStatus({ host: 'another-machine', updatedAt: Date.now() / 1000 - 20 });
    expect(resume).toThrow(/on another-machine wrote to this run 2\d s ago/);
    rewriteStatus({ host: 'another-machine', updatedAt: Date.now() / 1000 - 61 });
    expect(resume().attempt).toBe(2);
  });

  it('succeeds after the trainer has ended or its process exited, and clears its commands', async () => {
    const first = createRun(out(), manifest, 10);
    await sendCommand(out(), 'stop');
    first.status.update({ state: 'interrupted', step: 7 });
    const second = resumeRun(openRun(out()), 5, 20);
    expect(fs.readdirSync(path.join(out(), 'control'))).toEqual([]);
    expect(openRun(out()).status).toMatchObject({ state: 'starting', attempt: 2, step: 5, steps: 20 });
    second.status.update({ state: 'running' });
    rewriteStatus({ pid: 2 ** 30 });
    expect(resumeRun(openRun(out()), 5, 20).attempt).toBe(3);
  });

  it('fails while another trainer has locked the run but not written its status', () => {
    createRun(out(), manifest, 10).status.update({ state: 'stopped' });
    const run = openRun(out());
    expect(acquireLock(out())).toBe(2);
    expect(() => resumeRun(run, 5, 10)).toThrow(/process \d+ on .* is starting this run/);
    const owner = path.join(out(), 'attempts', '2.json');
    fs.writeFileSync(owner, '');
    expect(() => resumeRun(run, 5, 10)).toThrow('another process is starting this run');
    fs.utimesSync(owner, 1, 1);
    expect(acquireLock(out())).toBe(3);
    fs.writeFileSync(path.join(out(), 'attempts', '3.json'), JSON.stringify({ ...thisProcess(), pid: 2 ** 30 }));
    expect(acquireLock(out())).toBe(4);
  });
});

it('a run can be resumed after its damaged status is deleted, as the message advises', () => {
  createRun(out(), manifest, 10).status.update({ state: 'failed' });
  const file = path.join(out(), 'status.json');
  fs.writeFileSync(file, '');
  expect(() => openRun(out())).toThrow('delete it and resume the run to recreate it');
  fs.rmSync(file);
  fs.writeFileSync(path.join(out(), 'attempts', '1.json'), JSON.stringify({ ...thisProcess(), pid: 2 ** 30 }));
  const run = openRun(out());
  expect(run.status).toBeNull();
  expect(resumeRun(run, 5, 10).attempt).toBe(2);
});

describe('the names of run directories', () => {
  it('contain the start time, and a number if that name exists', () => {
    const now = new Date(2024, 0, 9, 8, 7, 6);
    const names = [1, 2, 3].map(() =>
      path.relative(folder(), defaultRunDirectory(folder(), 'Eight Gaussians', { now })),
    );
    const stem = path.join('.earthmover', 'runs', '20240109-080706-eight-gaussians');
    expect(names).toEqual([stem, `${stem}-2`, `${stem}-3`]);
    expect(names.every((name) => fs.statSync(path.join(folder(), name)).isDirectory())).toBe(true);
  });

  it('contain the seed if there are several', () => {
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
  ])('are sanitized: %.20j', (name, expected) => expect(slug(name)).toBe(expected));

  it('cannot lead outside of the run', () => {
    expect(inside('/run', 'a', 'b')).toBe(path.resolve('/run/a/b'));
    expect(inside('/run', '..a')).toBe(path.resolve('/run/..a'));
    for (const parts of [['..'], ['a', '..', '..', 'run2'], ['/etc/passwd'], ['a\0'], ['.'], ['a', '..']]) {
      expect(() => inside('/run', ...parts), parts.join()).toThrow('is not inside');
    }
  });
});

describe('listing runs', () => {
  it('shows the newest first, and a damaged one with its problem', () => {
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

describe('notices, log and sample images', () => {
  const notice = (step: number, message = 'm'): Notice => ({
    step,
    wallTime: 1.5,
    level: 'info',
    kind: 'test',
    message,
  });

  it('are appended, and an incomplete line is skipped', () => {
    createRun(out(), manifest, 1);
    const notices = openNotices(out());
    notices.append(notice(1, 'line\nbreak "ü"'));
    notices.append(notice(2));
    notices.close();
    fs.appendFileSync(runPaths(out()).notices, '{"step":3,"mess');
    expect(readNotices(out())).toEqual([notice(1, 'line\nbreak "ü"'), notice(2)]);
    for (const text of ['a\n', 'b\n']) {
      const log = openLog(out());
      log.append(text);
      log.close();
    }
    expect(fs.readFileSync(runPaths(out()).log, 'utf8')).toBe('a\nb\n');
  });

  it('of later steps are removed on resume', () => {
    createRun(out(), manifest, 1);
    const notices = openNotices(out());
    for (const step of [0, 5, 6, 10]) {
      notices.append(notice(step));
      saveSampleImage(out(), step, Buffer.from('png'));
    }
    notices.close();
    fs.writeFileSync(path.join(runPaths(out()).samples, 'mine.png'), '');
    rewindSampleImages(out(), 5);
    rewindNotices(out(), 5);
    expect(readNotices(out()).map(({ step }) => step)).toEqual([0, 5]);
    expect(fs.readdirSync(runPaths(out()).samples).sort()).toEqual(['mine.png', 'step-0.png', 'step-5.png']);
  });
});

it('a run is resumed by only one of two processes', () => {
  createRun(out(), manifest, 10).status.update({ state: 'stopped' });
  // The other trainer locks the run after this one has checked it.
  const link = fs.linkSync;
  const other = vi.spyOn(fs, 'linkSync').mockImplementationOnce((from, to) => {
    fs.writeFileSync(to, JSON.stringify(thisProcess()));
    link(from, to);
  });
  expect(() => acquireLock(out())).toThrow('another process has just locked this run');
  other.mockRestore();
  expect(fs.readdirSync(path.join(out(), 'attempts')).sort()).toEqual(['1.json', '2.json']);
});

it('a run is locked on a file system without hard links', () => {
  const none = vi.spyOn(fs, 'linkSync').mockImplementation(() => {
    throw Object.assign(new Error('no links'), { code: 'EPERM' });
  });
  createRun(out(), manifest, 10).status.update({ state: 'stopped' });
  expect(acquireLock(out())).toBe(2);
  none.mockRestore();
  expect(fs.readdirSync(path.join(out(), 'attempts')).sort()).toEqual(['1.json', '2.json']);
  expect(() => acquireLock(out())).toThrow('is starting this run');
});
