// Run directories: created once, opened with clear errors, locked by one trainer at a time, and safely named.
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../test/fixtures/run/scratch';
import { createRun, defaultRunDirectory, openRun, readManifestAsync, runPaths, slug } from './directory';
import { UserError } from '../shared/userError';
import { inside } from './diskAccess';
import { listRuns } from './listRuns';
import { type Notice, openLog, openNotices, parseNotice, rewindNotices } from './notices';
import { rewindSampleImages, saveSampleImage } from './sampleImages';
import { readStatus } from './status';

const folder = scratch();
const noticesIn = (run: string) => fs.readFileSync(runPaths(run).notices, 'utf8').split('\n').flatMap(parseNotice);
const out = () => path.join(folder(), 'run');
const manifest = {
  experiment: { name: 'ring', steps: 10 },
  source: { path: '/home/me/ring.gan.json', text: '{ "name": "ring" } // ü' },
  versions: { earthmover: '0.1.0', node: 'v20' },
  seed: 3,
  device: 'cpu',
};

describe('creating a run', () => {
  it('writes a manifest of which nothing is lost when it is read', () => {
    const parent = { directory: '/runs/a', step: 5, sha256: 'ab' };
    const whole = { ...manifest, engine: 'onnx', device: 'gpu', adapter: null, cores: 8, processor: 'x', ranks: 2 };
    createRun(out(), { ...whole, data: { files: [] }, parent }, 10);
    expect(openRun(out()).manifest).toEqual({ ...whole, data: { files: [] }, parent });
  });

  it('creates its folders and files, and the run can be opened', () => {
    const run = createRun(out(), manifest, 10);
    expect(run).toMatchObject({ directory: out(), lock: { attempt: 1 } });
    expect(fs.readdirSync(out()).sort()).toEqual([
      'attempts',
      'checkpoints',
      'control',
      'experiment.json',
      'samples',
      'status.json',
    ]);
    expect(openRun(out())).toMatchObject({ directory: out(), manifest });
    expect(readStatus(out())).toMatchObject({ state: 'starting', step: 0, steps: 10, attempt: 1 });
  });

  it('rejects a folder that contains a run', () => {
    fs.mkdirSync(out());
    createRun(out(), manifest, 10).status.update({ state: 'finished' });
    expect(() => createRun(out(), manifest, 10)).toThrow(
      `${out()} already contains a run (status.json). Choose another folder for the run, or resume it: earthmover resume ${out()}`,
    );
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
    fs.mkdirSync(path.join(out(), 'checkpoints', 'step-10'), { recursive: true });
    expect(() => openRun(out())).toThrow(
      /experiment.json is damaged: it is missing; copy the one in the newest checkpoint/,
    );
    fs.rmSync(path.join(out(), 'checkpoints'), { recursive: true });
    createRun(out(), manifest, 1);
    fs.rmSync(path.join(out(), 'status.json'));
    expect(openRun(out())).toMatchObject({ manifest });
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

it('a bit that flips in the content of experiment.json is noticed', () => {
  createRun(out(), manifest, 1);
  const { experiment } = runPaths(out());
  const bytes = fs.readFileSync(experiment);
  const { manifest: intact } = openRun(out());
  let unnoticed = 0;
  for (let at = 0; at < bytes.length - 1; at++) {
    const flipped = Buffer.from(bytes);
    flipped[at] ^= 1;
    fs.writeFileSync(experiment, flipped);
    try {
      // The name of the checksum itself: the content is as it was.
      expect(openRun(out()).manifest, `byte ${at}`).toEqual(intact);
      unnoticed++;
    } catch (error) {
      expect(error, `byte ${at}`).toBeInstanceOf(UserError);
    }
  }
  expect(unnoticed).toBeLessThanOrEqual('checksum'.length);
  const edited = JSON.parse(bytes.toString()) as Record<string, unknown>;
  fs.writeFileSync(experiment, JSON.stringify({ ...edited, seed: 4 }));
  expect(() => openRun(out())).toThrow(
    /experiment\.json is damaged: its checksum .*; copy the one in the newest checkpoint .*; if you edited it, remove its "checksum"/,
  );
  fs.writeFileSync(experiment, JSON.stringify({ ...edited, seed: 4, checksum: undefined }));
  expect(openRun(out()).manifest.seed).toBe(4);
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

describe('the experiment of a run that the editor lists', () => {
  const why = () => readManifestAsync(out()).catch(String);

  it('is missed with what to do, not with how to use the command line', async () => {
    expect(await why()).toMatch(/ is not a run directory: there is no such folder\. It was deleted or moved\.$/);
    createRun(out(), manifest, 1);
    expect(await why()).toMatchObject({ seed: 3 });
    const { experiment } = runPaths(out());
    const text = fs.readFileSync(experiment);
    fs.writeFileSync(experiment, '{}');
    const advice = 'Restore the experiment.json of the run, or delete the folder.';
    expect(await why()).toContain(`its experiment.json was not written by Earthmover. ${advice}`);
    fs.rmSync(experiment);
    expect(await why()).toContain(`it has no experiment.json. ${advice}`);
    const copies = [2, 10].map((step) => path.join(out(), 'checkpoints', `step-${step}`, 'experiment.json'));
    for (const copy of copies) {
      fs.mkdirSync(path.dirname(copy));
      fs.writeFileSync(copy, text);
    }
    expect(await why()).toContain(`${experiment} is damaged: it is missing; copy ${copies[1]} to it`);
    fs.copyFileSync(copies[1], experiment);
    expect(await why()).toMatchObject({ seed: 3 });
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
    fs.writeFileSync(path.join(b, 'notes.txt'), 'mine');
    const runs = listRuns(folder());
    expect(runs.map(({ directory }) => directory)).toEqual([c, b, a]);
    expect(runs.map((run) => run.liveness)).toEqual(['alive', null, 'ended']);
    expect(runs[1]).toMatchObject({ status: null, problem: expect.stringContaining('it has no experiment.json') });
    expect(runs[2]).toMatchObject({ status: { state: 'finished' }, problem: null });
  });

  it('leaves out empty folders: runs that are being created', () => {
    defaultRunDirectory(folder(), 'x');
    expect(listRuns(folder())).toEqual([]);
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
    expect(noticesIn(out())).toEqual([notice(1, 'line\nbreak "ü"'), notice(2)]);
  });

  it('of the log have the time, and stay one line whatever they quote', () => {
    createRun(out(), manifest, 1);
    for (const text of ['one', 'name\nend: finished\u001b[2J', 'three']) {
      const log = openLog(out());
      log.append(text);
      log.close();
    }
    const [one, two, three, rest] = fs.readFileSync(runPaths(out()).log, 'utf8').split('\n');
    expect(one).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z one$/);
    expect([two.slice(25), three.slice(25), rest]).toEqual(['name\\x0aend: finished\\x1b[2J', 'three', '']);
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
    const folder = path.join(runPaths(out()).samples, 'step-9.png');
    fs.mkdirSync(folder);
    const before = fs.readdirSync(runPaths(out()).samples);
    expect(() => rewindSampleImages(out(), 5)).toThrow(`${folder} is a folder, where the run draws an image.`);
    expect(fs.readdirSync(runPaths(out()).samples)).toEqual(before);
    fs.rmdirSync(folder);
    rewindSampleImages(out(), 5);
    rewindNotices(out(), 5);
    expect(noticesIn(out()).map(({ step }) => step)).toEqual([0, 5]);
    expect(fs.readdirSync(runPaths(out()).samples).sort()).toEqual(['mine.png', 'step-0.png', 'step-5.png']);
  });
});
