// What others ask of a run between two updates, on a clock that moves only while the run waits.
import { expect, test } from 'vitest';
import type { CommandRequest, SimpleCommandKind } from '../protocol/control';
import type { StepPosition } from '../protocol/livePreview';
import type { StatusWriter } from '../run/status';
import { createCommands } from './commands';

type Schedule = Readonly<Record<number, readonly (SimpleCommandKind | CommandRequest)[]>>;

const whole: StepPosition = { step: 1, network: 'critic', criticUpdatesDone: 0, criticUpdatesTotal: 3 };

/** Commands that come at the given milliseconds; a step is made by moving the clock. */
function asked(schedule: Schedule, signal = new AbortController().signal) {
  let now = 0;
  const said: string[] = [];
  const notes: string[] = [];
  const done: string[] = [];
  const pending = Object.entries(schedule).map(([at, orders]) => ({ at: Number(at), orders }));
  const status = {
    update: ({ state }: { state?: string }) => void (state && done.push(state)),
    acknowledge: (id: string) => void done.push(`acknowledged ${id}`),
  } as unknown as StatusWriter;
  const take = () => {
    const due = pending.splice(0, pending.filter(({ at }) => at <= now).length);
    const orders = due.flatMap(({ orders }) =>
      orders.map((order) => (typeof order === 'string' ? { kind: order } : order)),
    );
    return { commands: orders.map((order) => ({ ...order, id: order.kind })), notices: [] };
  };
  const commands = createCommands(
    {
      ...{ status, take, signal },
      note: (message) => void notes.push(message),
      say: (message) => void said.push(message),
      checkpoint: async () => void done.push('saved'),
      sample: async () => void done.push('drawn'),
      hide: () => void done.push('hidden'),
    },
    { now: () => now, sleep: async (milliseconds) => (now += milliseconds) },
  );
  const place = ({ step, network, criticUpdatesDone }: StepPosition): string =>
    network === 'critic' ? `${step}.${criticUpdatesDone}` : `${step}.g`;
  const between = (next: StepPosition = whole, report = () => {}) =>
    commands.between(next, report, async () => void done.push(`at ${place(next)}`));
  const step = (milliseconds: number) => (now += milliseconds);
  return { commands, between, said, notes, done, step, now: () => now, place };
}

/** Trains three critic updates a step, each update of 10 ms, until the commands stop it: what happened, in order. */
async function train(schedule: Schedule) {
  const run = asked(schedule);
  const updates: { readonly at: string; readonly time: number }[] = [];
  const update = (turn: StepPosition) => {
    run.done.push(run.place(turn));
    updates.push({ at: run.place(turn), time: run.now() });
    run.step(10);
  };
  for (let step = 1; step < 1000; step++) {
    for (let criticUpdatesDone = 0; criticUpdatesDone < 3; criticUpdatesDone++) {
      const turn: StepPosition = { step, network: 'critic', criticUpdatesDone, criticUpdatesTotal: 3 };
      const end = await run.between(turn);
      if (end) return { ...run, end, last: step - 1, updates };
      update(turn);
    }
    const turn: StepPosition = { step, network: 'generator', criticUpdatesDone: 3, criticUpdatesTotal: 3 };
    expect(await run.between(turn)).toBeNull();
    update(turn);
  }
  throw new Error('nothing stopped it');
}

test('a pause waits for its end, and its time is told apart', async () => {
  const { commands, between, said, done, step, now } = asked({
    200: ['pause'],
    5200: ['checkpoint'],
    9000: ['resume'],
  });
  step(250);
  expect(await between()).toBeNull();
  expect(now()).toBe(9050);
  expect(commands.waited()).toBe(8800);
  expect(done.filter((what) => !what.startsWith('ack'))).toEqual(['paused', 'at 1.0', 'saved', 'hidden', 'running']);
  expect(said).toEqual(['Paused; it goes on when it is resumed in the monitor.', 'Training goes on.']);
});

test('a run that is never paused has no time of pauses, and looks ten times a second', async () => {
  const { commands, between, said, done, step } = asked({ 0: ['sample'], 50: ['checkpoint'] });
  const looks: number[] = [];
  for (let k = 0; k < 12; k++) {
    await between(undefined, () => looks.push(k));
    step(10);
  }
  expect(looks).toEqual([0, 10]);
  expect(done).toEqual(['drawn', 'acknowledged sample', 'saved', 'acknowledged checkpoint']);
  expect(commands.waited()).toBe(0);
  expect(said).toEqual([]);
});

test('a paused run can be stopped, and is not said to go on', async () => {
  const { commands, between, said } = asked({ 0: ['pause'], 300: ['stop', 'sample'] });
  expect(await between()).toBe('stopped');
  expect(commands.waited()).toBe(300);
  expect(said).toHaveLength(1);
});

test('a paused run hears the signal of its terminal', async () => {
  const controller = new AbortController();
  const { between } = asked({ 0: ['pause'] }, controller.signal);
  queueMicrotask(() => controller.abort());
  expect(await between()).toBe('interrupted');
});

test('by hand: one update of the critic, those that are left and the generator, a whole step from where it is', async () => {
  const { done, last } = await train({
    0: ['pause'],
    1000: ['critic-step'],
    2000: ['step'],
    3000: ['generator-step'],
    4000: ['generator-step'],
    5000: ['stop'],
  });
  const acknowledged = (kind: string) => `acknowledged ${kind}`;
  expect(done).toEqual([
    ...['paused', acknowledged('pause'), 'at 1.0'],
    ...['1.0', 'at 1.1', acknowledged('critic-step')],
    ...['1.1', '1.2', '1.g', '2.0', 'at 2.1', acknowledged('step')],
    ...['2.1', '2.2', '2.g', 'at 3.0', acknowledged('generator-step')],
    ...['3.0', '3.1', '3.2', '3.g', 'at 4.0', acknowledged('generator-step')],
    ...['stopping', acknowledged('stop')],
  ]);
  expect(last).toBe(3);
});

test('steps by hand that are asked for at once are made one after the other', async () => {
  const { done } = await train({ 0: ['pause', 'critic-step', 'critic-step', 'step'], 2000: ['stop'] });
  expect(done.filter((what) => what.startsWith('at '))).toEqual(['at 1.1', 'at 1.2', 'at 2.2', 'at 3.0'].slice(0, 3));
  expect(done.filter((what) => what === 'acknowledged critic-step')).toHaveLength(2);
});

test('a step of a run that is under way pauses it first', async () => {
  const { done, said } = await train({ 0: ['critic-step'], 500: ['stop'] });
  expect(done.slice(0, 4)).toEqual(['paused', '1.0', 'at 1.1', 'acknowledged critic-step']);
  expect(said).toHaveLength(1);
});

test('the critic has no update before the one that the generator owes: it is said, and nothing happens', async () => {
  const { done, notes } = await train({
    0: ['pause', 'critic-step', 'critic-step', 'critic-step', 'critic-step'],
    900: ['stop'],
  });
  expect(notes).toEqual([
    "critic-step is not carried out: the critic has made its 3 updates of step 1, and the generator's comes next.",
  ]);
  expect(done.filter((what) => what === 'acknowledged critic-step')).toHaveLength(4);
  expect(done.filter((what) => /^\d/.test(what))).toEqual(['1.0', '1.1', '1.2', '1.g']);
});

test('what belongs to a whole step makes a step whole that is begun, and the run waits behind it', async () => {
  const { done, last } = await train({ 0: ['pause', 'critic-step'], 500: ['checkpoint', 'sample'], 2000: ['stop'] });
  const from = done.indexOf('acknowledged critic-step') + 1;
  expect(done.slice(from)).toEqual([
    ...['1.1', '1.2', '1.g'],
    ...['saved', 'acknowledged checkpoint', 'drawn', 'acknowledged sample', 'at 2.0'],
    ...['stopping', 'acknowledged stop'],
  ]);
  expect(last).toBe(1);
});

test('a stop in the middle of a step makes it whole', async () => {
  const { done, end, last } = await train({ 0: ['pause', 'critic-step'], 500: ['stop'] });
  expect(done.slice(done.indexOf('stopping'))).toEqual(['stopping', 'acknowledged stop', '1.1', '1.2', '1.g']);
  expect([end, last]).toEqual(['stopped', 1]);
});

test('a run that goes on from the middle of a step is paused at the end of one', async () => {
  const { done } = await train({ 0: ['pause', 'critic-step'], 500: ['resume'], 800: ['pause'], 2000: ['stop'] });
  const rest = done.slice(done.indexOf('running') + 1);
  expect(rest.slice(0, 4)).toEqual(['acknowledged resume', '1.1', '1.2', '1.g']);
  expect(rest.filter((what) => what.startsWith('at '))).toEqual([expect.stringMatching(/^at \d+\.0$/)]);
});

test('slow motion makes updates at its rate, shows each, and goes back to where it came from', async () => {
  const { done, updates, said, commands } = await train({
    0: ['pause'],
    1000: [{ kind: 'slow-motion', rate: 2 }],
    3400: [{ kind: 'slow-motion', rate: null }],
    9000: ['stop'],
  });
  expect(updates.slice(0, 5).map(({ at }) => at)).toEqual(['1.0', '1.1', '1.2', '1.g', '2.0']);
  const times = updates.map(({ time }) => time);
  for (let i = 1; i < 5; i++) expect(times[i] - times[i - 1]).toBe(500);
  expect(done.filter((what) => what.startsWith('at '))).toEqual([
    'at 1.0',
    'at 1.1',
    'at 1.2',
    'at 1.g',
    'at 2.0',
    'at 2.1',
  ]);
  expect(done.filter((what) => /^[prs]/.test(what))).toEqual(['paused', 'running', 'paused', 'stopping']);
  expect(said[1]).toBe('Slow motion: 2 updates a second.');
  // After it the run waits within the second step, which the stop makes whole.
  expect(updates).toHaveLength(8);
  expect(commands.waited()).toBeGreaterThan(8900);
});

test('slow motion of a run that is under way ends in full speed', async () => {
  const { updates } = await train({
    0: [{ kind: 'slow-motion', rate: 10 }],
    1000: [{ kind: 'slow-motion', rate: null }],
    1200: ['stop'],
  });
  const gaps = updates.slice(1).map(({ time }, i) => time - updates[i].time);
  expect(gaps.slice(0, 8)).toEqual(gaps.slice(0, 8).map(() => 100));
  expect(gaps.slice(-8)).toEqual(gaps.slice(-8).map(() => 10));
});

test('a step by hand in slow motion, and a pause, end it', async () => {
  const { done } = await train({ 0: [{ kind: 'slow-motion', rate: 0.5 }], 700: ['critic-step'], 5000: ['stop'] });
  expect(done).toEqual([
    ...[
      'running',
      'acknowledged slow',
      'at 1.0',
      '1.0',
      'at 1.1',
      'paused',
      '1.1',
      'at 1.2',
      'acknowledged critic-step',
    ],
    ...['stopping', 'acknowledged stop', '1.2', '1.g'],
  ]);
});

test('a critic step in slow motion that comes when the generator is next, pauses there', async () => {
  const { done, notes } = await train({
    0: [{ kind: 'slow-motion', rate: 0.5 }],
    5000: ['critic-step'],
    9000: ['stop'],
  });
  expect(notes).toHaveLength(1);
  const from = done.indexOf('paused');
  expect(done.slice(from)).toEqual(['paused', 'acknowledged critic-step', 'stopping', 'acknowledged stop', '1.g']);
});
