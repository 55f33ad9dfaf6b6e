// What others ask of a run between two steps, on a clock that moves only while the run waits.
import { expect, test } from 'vitest';
import type { CommandKind } from '../protocol/control';
import type { StatusWriter } from '../run/status';
import { createCommands } from './commands';

/** Commands that come at the given milliseconds; a step is made by moving the clock. */
function asked(schedule: Readonly<Record<number, readonly CommandKind[]>>, signal = new AbortController().signal) {
  let now = 0;
  const said: string[] = [];
  const done: string[] = [];
  const pending = Object.entries(schedule).map(([at, kinds]) => ({ at: Number(at), kinds }));
  const status = {
    update: ({ state }: { state?: string }) => void (state && done.push(state)),
    acknowledge: (id: string) => void done.push(`acknowledged ${id}`),
  } as unknown as StatusWriter;
  const take = () => {
    const due = pending.splice(0, pending.filter(({ at }) => at <= now).length);
    return { commands: due.flatMap(({ kinds }) => kinds.map((kind) => ({ kind, id: kind }))), notes: [] };
  };
  const commands = createCommands(
    {
      ...{ status, take, signal },
      note: () => {},
      say: (message) => void said.push(message),
      checkpoint: async () => void done.push('saved'),
      sample: async () => void done.push('drawn'),
    },
    { now: () => now, sleep: async (milliseconds) => (now += milliseconds) },
  );
  return { commands, said, done, step: (milliseconds: number) => (now += milliseconds), now: () => now };
}

test('a pause waits for its end, and its time is told apart', async () => {
  const { commands, said, done, step, now } = asked({ 200: ['pause'], 5200: ['checkpoint'], 9000: ['resume'] });
  step(250);
  expect(await commands.between(() => {})).toBeNull();
  expect(now()).toBe(9050);
  expect(commands.pausedTime()).toBe(8800);
  expect(done.filter((what) => !what.startsWith('ack'))).toEqual(['paused', 'saved', 'running']);
  expect(said).toEqual(['Paused; it goes on when it is resumed in the monitor.', 'Training goes on.']);
});

test('a run that is never paused has no time of pauses, and looks ten times a second', async () => {
  const { commands, said, done, step } = asked({ 0: ['sample'], 50: ['checkpoint'] });
  const looks: number[] = [];
  for (let k = 0; k < 12; k++) {
    await commands.between(() => looks.push(k));
    step(10);
  }
  expect(looks).toEqual([0, 10]);
  expect(done).toEqual(['drawn', 'acknowledged sample', 'saved', 'acknowledged checkpoint']);
  expect(commands.pausedTime()).toBe(0);
  expect(said).toEqual([]);
});

test('a paused run can be stopped, and is not said to go on', async () => {
  const { commands, said } = asked({ 0: ['pause'], 300: ['stop', 'sample'] });
  expect(await commands.between(() => {})).toBe('stopped');
  expect(commands.pausedTime()).toBe(300);
  expect(said).toHaveLength(1);
});

test('a paused run hears the signal of its terminal', async () => {
  const controller = new AbortController();
  const { commands } = asked({ 0: ['pause'] }, controller.signal);
  queueMicrotask(() => controller.abort());
  expect(await commands.between(() => {})).toBe('interrupted');
});
