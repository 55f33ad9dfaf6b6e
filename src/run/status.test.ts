// The status: when it is written, and the liveness of a process that may have exited, stalled or run elsewhere.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../test/fixtures/run/scratch';
import type { RunStatus } from '../protocol/status';
import { findLiveness, liveness, readStatus, startStatus } from './status';

const folder = scratch();
const start = { attempt: 1, step: 0, steps: 100 };

function withClock(at = 1000) {
  const clock = { now: at };
  return { clock, writer: startStatus(folder(), start, { clock: () => clock.now }) };
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
    ['', /^\S+status\.json is damaged: it is not JSON .*; resume the run to recreate it/],
    ['{}', /damaged: it has no 'version'/],
    ['{"version":1}', /damaged: it has no 'state'/],
    ['{"version":7}', /format version 7.*Update Earthmover/],
    ['"x', /not JSON/],
    [`"${'x'.repeat(2 ** 20)}"`, /^\S+status\.json is damaged: it has more than 1048576 bytes/],
  ])('fails for %.20j', (text, message) => {
    fs.writeFileSync(file(), text);
    expect(() => readStatus(folder())).toThrow(message);
  });

  it('returns null for a run without a status', () => expect(readStatus(folder())).toBeNull());
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
    ['alive', { lastStepAt: 0, compiling: true }, 9000],
    ['alive', { state: 'starting' }, 9000],
    ['ended', { state: 'finished' }, 1000],
    ['ended', { state: 'diverged', host: 'another-machine' }, 1000],
    ['elsewhere', { host: 'another-machine' }, 1000],
    ['dead', { pid: 2 ** 30 }, 1000],
  ])('is %s for %j at %d', async (expected, change, now) => {
    expect(liveness(status(change), now)).toBe(expected);
    expect(await findLiveness(status(change), now)).toBe(expected);
  });
});
