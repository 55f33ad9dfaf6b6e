// The lock: one trainer at a time, also on a disk that several machines share and after files were lost.
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { scratch } from '../../test/fixtures/run/scratch';
import type { RunStatus } from '../protocol/status';
import { slurmTask } from './attempts';
import { sendCommand } from './control';
import { createRun, resumeRun } from './directory';
import { recordForcedEnd } from './forcedEnd';
import { thisProcess } from './process';
import { lockRun, waitForLock } from './runLock';
import { readStatus } from './status';

const out = scratch('run');
const manifest = {
  experiment: {},
  source: { path: '/ring.gan.json', text: '' },
  versions: {},
  seed: 3,
  device: 'cpu',
};
const statusFile = () => path.join(out(), 'status.json');
const attempt = (n: number | string) => path.join(out(), 'attempts', `${n}.json`);
const attempts = () => fs.readdirSync(path.join(out(), 'attempts')).sort();
const nobody = { ...thisProcess(), pid: 2 ** 30 };
const elsewhere = { ...thisProcess(), host: 'another-machine', pid: 7 };

/** A run with a status that its trainer can no longer change. */
function runWith(change: Partial<RunStatus>): void {
  const { status } = createRun(out(), manifest, 10);
  fs.writeFileSync(statusFile(), JSON.stringify({ ...status.current, state: 'running', ...change }));
}
function ageBy(seconds: number, ...files: string[]): void {
  const at = Date.now() / 1000 - seconds;
  for (const file of files) fs.utimesSync(file, at, at);
}

/** Waits for the lock with a clock on which waiting takes no time. */
async function wait(during: () => void = () => {}) {
  const messages: string[] = [];
  let now = 0;
  const clock = {
    now: () => now,
    sleep: (milliseconds: number) => {
      now += milliseconds;
      during();
      return Promise.resolve();
    },
  };
  const { signal } = new AbortController();
  const lock = await waitForLock(out(), { signal, onWait: (message) => messages.push(message), clock });
  return { lock, messages, waited: now / 1000 };
}

afterEach(() => vi.unstubAllEnvs());

describe('locking a run', () => {
  it('fails while a trainer is alive or stalled', async () => {
    runWith({ step: 4, lastStepAt: Date.now() / 1000 });
    const message = new RegExp(
      `^Cannot train .*: process ${process.pid} on .* is training this run \\(at step 4\\)\\. Wait.*earthmover stop`,
    );
    expect(() => lockRun(out())).toThrow(message);
    await expect(wait()).rejects.toThrow(message);
    fs.writeFileSync(statusFile(), JSON.stringify({ ...readStatus(out()), lastStepAt: 5 }));
    expect(() => lockRun(out())).toThrow(`is stuck at step 4. Kill process ${process.pid} first.`);
  });

  it('succeeds after the trainer has ended or its process exited, and clears its commands', async () => {
    createRun(out(), manifest, 10);
    await sendCommand(out(), 'stop');
    fs.writeFileSync(statusFile(), JSON.stringify({ ...readStatus(out()), state: 'interrupted' }));
    const second = resumeRun(out(), lockRun(out()), { step: 5, steps: 20 });
    expect(fs.readdirSync(path.join(out(), 'control'))).toEqual([]);
    expect(readStatus(out())).toMatchObject({ state: 'starting', attempt: 2, step: 5, steps: 20 });
    second.status.update({ state: 'running' });
    fs.writeFileSync(statusFile(), JSON.stringify({ ...readStatus(out()), pid: 2 ** 30 }));
    expect(lockRun(out()).attempt).toBe(3);
  });

  it('fails while another trainer has locked the run but not written its status', () => {
    runWith({ state: 'stopped' });
    const lock = lockRun(out());
    expect(lock.attempt).toBe(2);
    expect(() => lockRun(out())).toThrow(/process \d+ on .* is starting this run/);
    fs.writeFileSync(attempt(2), '');
    expect(() => lockRun(out())).toThrow(/an unknown process wrote to this run 0 s ago/);
    ageBy(61, attempt(2), statusFile());
    expect(lockRun(out()).attempt).toBe(3);
    fs.writeFileSync(attempt(3), JSON.stringify(nobody));
    expect(lockRun(out()).attempt).toBe(4);
  });

  it('can be given back, which leaves no trace', () => {
    runWith({ state: 'stopped' });
    lockRun(out()).release();
    expect(attempts()).toEqual(['1.json']);
    const lock = lockRun(out());
    fs.writeFileSync(attempt(2), JSON.stringify({ ...nobody, token: 'of another' }));
    lock.release();
    expect(attempts()).toEqual(['1.json', '2.json']);
  });

  it('survives a heartbeat that cannot be written', () => {
    const lock = lockRun(out());
    fs.rmSync(path.join(out(), 'attempts'), { recursive: true });
    fs.writeFileSync(path.join(out(), 'attempts'), '');
    expect(() => lock.heartbeat()).not.toThrow();
  });

  it('continues the numbers after attempts/ was lost', () => {
    runWith({ state: 'stopped', attempt: 4 });
    fs.rmSync(path.join(out(), 'attempts'), { recursive: true });
    expect(lockRun(out()).attempt).toBe(5);
  });

  it('is not misled by files with high numbers', () => {
    runWith({ state: 'stopped' });
    fs.writeFileSync(attempt(999999999), JSON.stringify(nobody));
    expect(lockRun(out()).attempt).toBe(1000000000);
    fs.writeFileSync(attempt(1000000000), JSON.stringify(nobody));
    expect(lockRun(out()).attempt).toBe(1000000001);
    for (const name of ['1000000000000000000', '0x7', '08', '-1']) fs.writeFileSync(attempt(name), '');
    fs.writeFileSync(attempt(1000000001), JSON.stringify(nobody));
    expect(lockRun(out()).attempt).toBe(1000000002);
    fs.writeFileSync(attempt(999999999999999), JSON.stringify(nobody));
    expect(() => lockRun(out())).toThrow(/999999999999999\.json is damaged: no attempt .* delete it/);
  });

  it.runIf(process.platform === 'linux')('is on the disk, and its folders, before it is believed', () => {
    const synced: string[] = [];
    const fsync = vi.spyOn(fs, 'fsyncSync');
    fsync.mockImplementation((fd) => void synced.push(fs.readlinkSync(`/proc/self/fd/${fd}`)));
    lockRun(out());
    fsync.mockRestore();
    expect(synced.map((file) => path.relative(out(), file).replace(/.*\.tmp.*/, 'the new file'))).toEqual([
      'the new file',
      'attempts',
      '',
    ]);
  });
});

describe('a run whose status.json is lost', () => {
  it.each([
    ['missing', () => fs.rmSync(statusFile())],
    ['empty', () => fs.writeFileSync(statusFile(), '')],
    ['zeroed', () => fs.writeFileSync(statusFile(), Buffer.alloc(600))],
    ['cut', () => fs.truncateSync(statusFile(), 100)],
  ])('is locked as its last attempt tells: %s', async (_, lose) => {
    createRun(out(), manifest, 10);
    lose();
    await expect(wait()).rejects.toThrow(/process \d+ on .* is (starting|training) this run/);
    fs.writeFileSync(attempt(1), JSON.stringify(nobody));
    expect((await wait()).lock.attempt).toBe(2);
  });

  it('is locked after a wait if attempts/ is lost too', async () => {
    createRun(out(), manifest, 10);
    fs.writeFileSync(statusFile(), '');
    fs.rmSync(path.join(out(), 'attempts'), { recursive: true });
    const { lock, messages } = await wait();
    expect(lock.attempt).toBe(1);
    expect(messages.join()).toMatch(/^Waiting up to 60 s: an unknown process wrote to this run 0 s ago/);
  });

  it('is not locked if it is of a newer version', async () => {
    createRun(out(), manifest, 10);
    fs.writeFileSync(statusFile(), '{"version":7}');
    await expect(wait()).rejects.toThrow(/format version 7.*Update Earthmover/);
    expect(attempts()).toEqual(['1.json']);
  });
});

describe('a run of another machine', () => {
  it('is locked when it has been silent for a minute, by the clock of the disk', async () => {
    // Its own clock is an hour ahead.
    runWith({ ...elsewhere, updatedAt: Date.now() / 1000 + 3600, lastStepAt: Date.now() / 1000 + 3600 });
    const startedAt = performance.now();
    ageBy(20, statusFile());
    expect(() => lockRun(out())).toThrow(/process 7 on another-machine wrote to this run [2-5]\d s ago/);
    const { messages, waited, lock } = await wait();
    const testSeconds = (performance.now() - startedAt) / 1000;
    expect(messages).toHaveLength(1);
    const [, left, silent] =
      /^Waiting up to (\d+) s: process 7 on another-machine wrote to this run (\d+) s ago\. If it writes nothing more, the run is resumed here\.$/
        .exec(messages[0]!)!
        .map(Number);
    // The minute less the 20 s and what the test itself took, rounded to seconds.
    expect(silent).toBeGreaterThanOrEqual(20);
    expect(silent).toBeLessThanOrEqual(20.5 + testSeconds);
    expect(left).toBeGreaterThan(39 - testSeconds);
    expect(left).toBeLessThanOrEqual(40);
    expect(waited).toBeGreaterThan(39 - testSeconds);
    expect(waited).toBeLessThanOrEqual(40);
    expect(lock.attempt).toBe(2);
  });

  it('is locked at once if it has been silent for longer, and after a minute if its files are of the future', async () => {
    runWith(elsewhere);
    ageBy(61, statusFile());
    expect((await wait()).waited).toBe(0);
    fs.rmSync(attempt(2));
    ageBy(-1e6, statusFile());
    const { waited, lock } = await wait();
    expect(waited).toBe(60);
    expect(lock.attempt).toBe(2);
  });

  it('is not locked if it writes again and again', async () => {
    runWith(elsewhere);
    let written = 0;
    const write = () => ageBy(-++written, statusFile());
    await expect(wait(write)).rejects.toThrow('process 7 on another-machine is training this run');
    expect(attempts()).toEqual(['1.json']);
  });

  it('is waited for longer while it compiles', async () => {
    runWith({ ...elsewhere, compiling: true });
    expect((await wait()).waited).toBeGreaterThan(590);
  });

  it('can be interrupted while it is waited for', async () => {
    runWith(elsewhere);
    const abort = new AbortController();
    const waiting = waitForLock(out(), { signal: abort.signal, onWait: () => abort.abort(new Error('Ctrl-C')) });
    await expect(waiting).rejects.toThrow('Ctrl-C');
  });

  it('is locked at once by a restart of the same Slurm task', async () => {
    vi.stubEnv('SLURM_JOB_ID', '41');
    vi.stubEnv('SLURM_ARRAY_JOB_ID', '40');
    vi.stubEnv('SLURM_ARRAY_TASK_ID', '3');
    runWith(elsewhere);
    expect((await wait()).waited).toBeGreaterThan(55);
    fs.rmSync(attempt(2));
    vi.stubEnv('SLURM_RESTART_COUNT', '1');
    vi.stubEnv('SLURM_JOB_ID', '57');
    expect((await wait()).waited).toBe(0);
    fs.rmSync(attempt(2));
    vi.stubEnv('SLURM_ARRAY_TASK_ID', '4');
    expect((await wait()).waited).toBeGreaterThan(55);
    expect(slurmTask({})).toBeNull();
  });
});

describe('a trainer whose run was taken over', () => {
  it('fails before it writes its status', () => {
    const { status, lock } = createRun(out(), manifest, 10);
    lock.assertHeld({ now: true });
    fs.writeFileSync(attempt(2), JSON.stringify(elsewhere));
    const before = fs.readFileSync(statusFile(), 'utf8');
    expect(() => lock.assertHeld({ now: true })).toThrow(
      'Process 7 on another-machine has taken over this run (attempt 2), so this process (attempt 1) ended without saving.',
    );
    expect(() => status.update({ state: 'failed' })).toThrow(/taken over/);
    expect(fs.readFileSync(statusFile(), 'utf8')).toBe(before);
  });

  it('is not written to from outside of its loop either', () => {
    createRun(out(), manifest, 10);
    const end = { state: 'failed', step: 3, message: 'stuck', errors: [] } as const;
    fs.writeFileSync(attempt(2), JSON.stringify(elsewhere));
    recordForcedEnd(out(), end);
    expect(readStatus(out())?.state).toBe('starting');
    fs.rmSync(attempt(2));
    recordForcedEnd(out(), end);
    expect(readStatus(out())).toMatchObject({ state: 'failed', step: 3, message: 'stuck' });
    expect(fs.readFileSync(path.join(out(), 'log.txt'), 'utf8')).toMatch(/^\S+Z failed at step 3: stuck\n$/);
  });

  it('is not one whose attempts/ was removed', () => {
    const { status } = createRun(out(), manifest, 10);
    fs.rmSync(path.join(out(), 'attempts'), { recursive: true });
    status.update({ state: 'running' });
    expect(readStatus(out())?.state).toBe('running');
  });
});

it('a run is locked by only one of two processes', () => {
  runWith({ state: 'stopped' });
  // The other trainer locks the run after this one has checked it.
  const link = fs.linkSync;
  const other = vi.spyOn(fs, 'linkSync').mockImplementationOnce((from, to) => {
    fs.writeFileSync(to, JSON.stringify(thisProcess()));
    link(from, to);
  });
  expect(() => lockRun(out())).toThrow('another process has just locked this run');
  other.mockRestore();
  expect(attempts()).toEqual(['1.json', '2.json']);
});

it('a lock is recognized although the reply of a network disk was lost', () => {
  runWith({ state: 'stopped' });
  const link = fs.linkSync;
  const lost = vi.spyOn(fs, 'linkSync').mockImplementationOnce((from, to) => {
    link(from, to);
    link(from, to);
  });
  expect(lockRun(out()).attempt).toBe(2);
  lost.mockRestore();
  expect(attempts()).toEqual(['1.json', '2.json']);
});

it('a run is locked on a file system without hard links', () => {
  const none = vi.spyOn(fs, 'linkSync').mockImplementation(() => {
    throw Object.assign(new Error('no links'), { code: 'EPERM' });
  });
  runWith({ state: 'stopped' });
  expect(lockRun(out()).attempt).toBe(2);
  none.mockRestore();
  expect(attempts()).toEqual(['1.json', '2.json']);
  expect(() => lockRun(out())).toThrow('is starting this run');
});
