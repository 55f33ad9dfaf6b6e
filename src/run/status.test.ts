// The status: when it is written, and the liveness of a process that may have exited, stalled or run elsewhere.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../test/fixtures/run/scratch';
import type { RunStatus } from '../protocol/status';
import { processExists, processStart, thisProcess } from './process';
import { liveness, readStatus, startStatus } from './status';

const folder = scratch();
const start = { attempt: 1, step: 0, steps: 100 };

function withClock(at = 1000) {
  const clock = { now: at };
  return { clock, writer: startStatus(folder(), start, () => clock.now) };
}

describe('writing the status', () => {
  it('starts with the id of this process and the state "starting"', () => {
    withClock();
    expect(readStatus(folder())).toMatchObject({
      version: 1,
      state: 'starting',
      pid: process.pid,
      host: os.hostname(),
      startedAt: 1000,
      updatedAt: 1000,
      ...start,
    });
    expect(fs.readdirSync(folder())).toEqual(['status.json']);
  });

  it('happens at most twice per second for steps, and immediately for other changes', () => {
    const { clock, writer } = withClock();
    clock.now = 1000.1;
    writer.update({ step: 1 });
    expect(readStatus(folder())?.step).toBe(0);
    expect(writer.current.step).toBe(1);
    clock.now = 1000.2;
    writer.update({ state: 'running', step: 2 });
    expect(readStatus(folder())).toMatchObject({ state: 'running', step: 2, updatedAt: 1000.2 });
    clock.now = 1000.6;
    writer.update({ step: 3 });
    expect(readStatus(folder())?.step).toBe(2);
    clock.now = 1000.75;
    writer.update({});
    expect(readStatus(folder())).toMatchObject({ step: 3, updatedAt: 1000.75 });
    clock.now = 900; // a clock that was set back does not stop it
    writer.update({ step: 4 });
    expect(readStatus(folder())?.step).toBe(4);
  });

  it('stores null for non-finite metrics, and keeps the last hundred acknowledgments', () => {
    const { writer } = withClock();
    writer.update({ state: 'diverged', metrics: { modes: 8, w1: NaN } });
    for (let i = 0; i < 150; i++) writer.acknowledge(`command-${i}`);
    const status = readStatus(folder());
    expect(status?.metrics).toEqual({ modes: 8, w1: null });
    expect(status?.acknowledged).toHaveLength(100);
    expect(status?.acknowledged.at(-1)).toBe('command-149');
  });
});

describe('reading the status', () => {
  const file = () => path.join(folder(), 'status.json');
  it.each([
    ['', /^\S+status\.json is damaged: it is not JSON .*; delete it and resume/],
    ['{}', /damaged: it has no 'version'/],
    ['{"version":1}', /damaged: it has no 'state'/],
    ['{"version":7}', /format version 7.*Update Earthmover/],
    ['"x', /not JSON/],
    [`"${'x'.repeat(2 ** 20)}"`, /^\S+status\.json is damaged: it has 1048578 bytes, more than this file can have/],
  ])('fails for %.20j', (text, message) => {
    fs.writeFileSync(file(), text);
    expect(() => readStatus(folder())).toThrow(message);
  });

  it('returns null for a run without a status', () => expect(readStatus(folder())).toBeNull());
});

describe('processes', () => {
  it('exist while they run, and differ from later ones with the same id', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
    await once(child, 'spawn');
    const identity = { ...thisProcess(), pid: child.pid ?? 0, processStart: processStart(child.pid ?? 0) };
    expect(processExists(identity)).toBe(true);
    if (process.platform === 'linux') {
      expect(identity.processStart).toMatch(/^[0-9a-f-]*:\d+$/);
      expect(processExists({ ...identity, processStart: 'boot:1' })).toBe(false);
    }
    expect(processExists({ ...identity, host: 'another-machine' })).toBeNull();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(processExists(identity)).toBe(false);
  });

  it.runIf(process.platform === 'linux')('do not exist if they are zombies', async () => {
    // The shell becomes a process that never waits for its child, which exits as soon as it sees that.
    const script = 'p=$$; (until read c < /proc/$p/comm && [ "$c" = sleep ]; do :; done) & echo $!; exec sleep 60';
    const shell = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = (await once(shell.stdout, 'data')) as [Buffer];
    const pid = Number(String(line));
    const isZombie = () => / Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
    for (let tries = 0; tries < 200 && !isZombie(); tries++) spawnSync('sleep', ['0.01']);
    expect(isZombie()).toBe(true);
    expect(processExists({ ...thisProcess(), pid, processStart: processStart(pid) })).toBe(false);
    shell.kill('SIGKILL');
    await once(shell, 'exit');
  });
});

describe('liveness', () => {
  const status = (change: Partial<RunStatus>): RunStatus => {
    const { writer } = withClock();
    return { ...writer.current, state: 'running', ...change };
  };
  it.each<[string, Partial<RunStatus>, number]>([
    ['alive', { lastStepAt: 990, medianStepSeconds: 0.01 }, 1000],
    ['alive', { lastStepAt: 971, medianStepSeconds: 0.01 }, 1000],
    ['stalled', { lastStepAt: 969, medianStepSeconds: 0.01 }, 1000],
    ['alive', { lastStepAt: 905, medianStepSeconds: 9.6 }, 1000],
    ['stalled', { lastStepAt: 903, medianStepSeconds: 9.6 }, 1000],
    ['stalled', { lastStepAt: null }, 1031],
    ['alive', { lastStepAt: 0, state: 'paused' }, 9000],
    ['alive', { state: 'starting' }, 9000],
    ['ended', { state: 'finished' }, 1000],
    ['ended', { state: 'diverged', host: 'another-machine' }, 1000],
    ['elsewhere', { host: 'another-machine' }, 1000],
    ['dead', { pid: 2 ** 30 }, 1000],
  ])('is %s for %j at %d', (expected, change, now) => expect(liveness(status(change), now)).toBe(expected));
});
