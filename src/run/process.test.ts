// Processes are told from later ones with the same id, by what each platform reports, read once.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createProcessTable, findProcess, processExists, processStart, startCommand, thisProcess } from './process';

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
    expect(await findProcess(identity)).toBe(true);
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

/** A platform on which processes start at known times; `reads` counts how often a start time was asked for. */
function fakeSystem(starts: Map<number, string | null>) {
  const counter = { reads: 0 };
  const startOf = (pid: number) => {
    counter.reads++;
    return starts.get(pid) ?? null;
  };
  return {
    counter,
    table: createProcessTable({
      isRunning: (pid) => starts.has(pid),
      startOf,
      findStart: (pid) => Promise.resolve(startOf(pid)),
    }),
  };
}

describe('the table of processes', () => {
  const trainer = { ...thisProcess(), pid: 7, processStart: '2026-11-30T10:00:00.400Z' };

  it('reads the start time of a process once, however often and concurrently it is asked for', async () => {
    const { counter, table } = fakeSystem(new Map([[7, '2026-11-30T10:00:00.000Z']]));
    const answers = await Promise.all(Array.from({ length: 50 }, () => table.find(trainer)));
    expect(new Set(answers)).toEqual(new Set([true]));
    expect([table.exists(trainer), await table.find(trainer), counter.reads]).toEqual([true, true, 1]);
  });

  it('tells a process from a later one with the same id', async () => {
    const starts = new Map<number, string | null>([[7, '2026-11-30T10:00:00.000Z']]);
    const { table } = fakeSystem(starts);
    expect(await table.find(trainer)).toBe(true);
    starts.delete(7);
    expect([await table.find(trainer), table.exists(trainer)]).toEqual([false, false]);
    starts.set(7, '2026-11-30T11:00:00.000Z');
    expect([await table.find(trainer), table.exists(trainer)]).toEqual([false, false]);
    expect(await table.find({ ...trainer, processStart: '2026-11-30T11:00:00.200Z' })).toBe(true);
  });

  it('takes a process whose start time cannot be read for the same one', async () => {
    const { table } = fakeSystem(new Map([[7, null]]));
    expect([await table.find(trainer), table.exists(trainer)]).toEqual([true, true]);
  });
});

describe('the start time that a platform prints', () => {
  it.each([
    ['darwin', 'Mon Nov 30 10:25:44 2026    \n', '2026-11-30T10:25:44.000Z'],
    ['win32', '2026-11-30T10:25:44.1234567Z\r\n', '2026-11-30T10:25:44.123Z'],
    ['darwin', '', null],
    ['win32', 'You cannot call a method on a null-valued expression.', null],
  ] as const)('on %s is read from %j', (platform, output, expected) => {
    const command = startCommand(platform, 123);
    expect(command?.args.join(' ')).toContain('123');
    expect(command?.parse(output)).toBe(expected);
  });

  it('on Linux needs no program', () => expect(startCommand('linux', 1)).toBeNull());
});
