// Commands executed between two updates, on a fake clock.
import { expect, test } from 'vitest';
import type { CommandRequest, SimpleCommandKind } from '../protocol/control';
import type { StepPosition } from '../protocol/livePreview';
import type { StatusWriter } from '../run/status';
import { createCommands } from './commands';

type Schedule = Readonly<Record<number, readonly (SimpleCommandKind | CommandRequest)[]>>;

const stepStart: StepPosition = { step: 1, network: 'critic', criticUpdatesDone: 0, criticUpdatesTotal: 3 };

/** Commands that arrive at the given milliseconds; advancing the clock simulates steps. */
function createRun(schedule: Schedule, signal = new AbortController().signal) {
  let now = 0;
  const announced: string[] = [];
  const warnings: string[] = [];
  const done: string[] = [];
  const pending = Object.entries(schedule).map(([at, requests]) => ({ at: Number(at), requests }));
  const status = {
    update: ({ state }: { state?: string }) => void (state && done.push(state)),
    acknowledge: (id: string) => void done.push(`acknowledged ${id}`),
  } as unknown as StatusWriter;
  const receive = () => {
    const due = pending.splice(0, pending.filter(({ at }) => at <= now).length);
    const requests = due.flatMap((each) =>
      each.requests.map((request) => (typeof request === 'string' ? { kind: request } : request)),
    );
    return { commands: requests.map((request) => ({ ...request, id: request.kind })), notices: [] };
  };
  const commands = createCommands(
    {
      ...{ status, receive, signal },
      warn: (message) => void warnings.push(message),
      announce: (message) => void announced.push(message),
      checkpoint: async () => void done.push('saved'),
      sample: async () => void done.push('drawn'),
      endLivePreview: () => void done.push('hidden'),
    },
    { now: () => now, sleep: async (milliseconds) => (now += milliseconds) },
  );
  const label = ({ step, network, criticUpdatesDone }: StepPosition): string =>
    network === 'critic' ? `${step}.${criticUpdatesDone}` : `${step}.g`;
  const beforeUpdate = (next: StepPosition = stepStart, report = () => {}) =>
    commands.beforeUpdate(next, report, async () => void done.push(`at ${label(next)}`));
  const step = (milliseconds: number) => (now += milliseconds);
  return { commands, beforeUpdate, announced, warnings, done, step, now: () => now, label };
}

/**
 * Trains three critic updates per step, each update of 10 ms, until the commands stop it; returns what happened, in
 * order.
 */
async function train(schedule: Schedule) {
  const run = createRun(schedule);
  const updates: { readonly at: string; readonly time: number }[] = [];
  const update = (position: StepPosition) => {
    run.done.push(run.label(position));
    updates.push({ at: run.label(position), time: run.now() });
    run.step(10);
  };
  for (let step = 1; step < 1000; step++) {
    for (let criticUpdatesDone = 0; criticUpdatesDone < 3; criticUpdatesDone++) {
      const position: StepPosition = { step, network: 'critic', criticUpdatesDone, criticUpdatesTotal: 3 };
      const end = await run.beforeUpdate(position);
      if (end) return { ...run, end, last: step - 1, updates };
      update(position);
    }
    const position: StepPosition = { step, network: 'generator', criticUpdatesDone: 3, criticUpdatesTotal: 3 };
    expect(await run.beforeUpdate(position)).toBeNull();
    update(position);
  }
  throw new Error('it was never stopped');
}

test('a paused run waits until it is resumed, and reports the waiting time', async () => {
  const { commands, beforeUpdate, announced, done, step, now } = createRun({
    200: ['pause'],
    5200: ['checkpoint'],
    9000: ['resume'],
  });
  step(250);
  expect(await beforeUpdate()).toBeNull();
  expect(now()).toBe(9050);
  expect(commands.waited()).toBe(8800);
  expect(done.filter((what) => !what.startsWith('ack'))).toEqual(['paused', 'at 1.0', 'saved', 'hidden', 'running']);
  expect(announced).toEqual(['Paused. Resume it from the monitor.', 'Training resumed.']);
});

test('a run that is never paused reports no waiting time, and checks for commands ten times per second', async () => {
  const { commands, beforeUpdate, announced, done, step } = createRun({ 0: ['sample'], 50: ['checkpoint'] });
  const checks: number[] = [];
  for (let k = 0; k < 12; k++) {
    await beforeUpdate(undefined, () => checks.push(k));
    step(10);
  }
  expect(checks).toEqual([0, 10]);
  expect(done).toEqual(['drawn', 'acknowledged sample', 'saved', 'acknowledged checkpoint']);
  expect(commands.waited()).toBe(0);
  expect(announced).toEqual([]);
});

test('a paused run can be stopped, and is not reported as resumed', async () => {
  const { commands, beforeUpdate, announced } = createRun({ 0: ['pause'], 300: ['stop', 'sample'] });
  expect(await beforeUpdate()).toBe('stopped');
  expect(commands.waited()).toBe(300);
  expect(announced).toHaveLength(1);
});

test('a paused run can be interrupted', async () => {
  const controller = new AbortController();
  const { beforeUpdate } = createRun({ 0: ['pause'] }, controller.signal);
  queueMicrotask(() => controller.abort());
  expect(await beforeUpdate()).toBe('interrupted');
});

test('manual steps run one critic update, the rest of a step, or a whole step from any position', async () => {
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

test('manual steps sent together run one after the other', async () => {
  const { done } = await train({ 0: ['pause', 'critic-step', 'critic-step', 'step'], 2000: ['stop'] });
  expect(done.filter((what) => what.startsWith('at '))).toEqual(['at 1.1', 'at 1.2', 'at 2.2', 'at 3.0'].slice(0, 3));
  expect(done.filter((what) => what === 'acknowledged critic-step')).toHaveLength(2);
});

test('a manual step pauses a running run first', async () => {
  const { done, announced } = await train({ 0: ['critic-step'], 500: ['stop'] });
  expect(done.slice(0, 4)).toEqual(['paused', '1.0', 'at 1.1', 'acknowledged critic-step']);
  expect(announced).toHaveLength(1);
});

test('a manual critic step when the generator update is next is rejected with a warning', async () => {
  const { done, warnings } = await train({
    0: ['pause', 'critic-step', 'critic-step', 'critic-step', 'critic-step'],
    900: ['stop'],
  });
  expect(warnings).toEqual([
    'Ignored critic-step: the critic has already had its 3 updates in step 1; the generator update is next.',
  ]);
  expect(done.filter((what) => what === 'acknowledged critic-step')).toHaveLength(4);
  expect(done.filter((what) => /^\d/.test(what))).toEqual(['1.0', '1.1', '1.2', '1.g']);
});

test('a checkpoint or sample image requested mid-step completes the step first, then the run waits', async () => {
  const { done, last } = await train({ 0: ['pause', 'critic-step'], 500: ['checkpoint', 'sample'], 2000: ['stop'] });
  const from = done.indexOf('acknowledged critic-step') + 1;
  expect(done.slice(from)).toEqual([
    ...['1.1', '1.2', '1.g'],
    ...['saved', 'acknowledged checkpoint', 'drawn', 'acknowledged sample', 'at 2.0'],
    ...['stopping', 'acknowledged stop'],
  ]);
  expect(last).toBe(1);
});

test('a stop mid-step completes the step first', async () => {
  const { done, end, last } = await train({ 0: ['pause', 'critic-step'], 500: ['stop'] });
  expect(done.slice(done.indexOf('stopping'))).toEqual(['stopping', 'acknowledged stop', '1.1', '1.2', '1.g']);
  expect([end, last]).toEqual(['stopped', 1]);
});

test('a run resumed mid-step can be paused only between steps', async () => {
  const { done } = await train({ 0: ['pause', 'critic-step'], 500: ['resume'], 800: ['pause'], 2000: ['stop'] });
  const rest = done.slice(done.indexOf('running') + 1);
  expect(rest.slice(0, 4)).toEqual(['acknowledged resume', '1.1', '1.2', '1.g']);
  expect(rest.filter((what) => what.startsWith('at '))).toEqual([expect.stringMatching(/^at \d+\.0$/)]);
});

test('slow motion runs updates at its rate, shows each, and returns to the previous state', async () => {
  const { done, updates, announced, commands } = await train({
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
  expect(announced[1]).toBe('Slow motion: 2 updates per second.');
  // Then the run waits within the second step, which the stop completes.
  expect(updates).toHaveLength(8);
  expect(commands.waited()).toBeGreaterThan(8900);
});

test('ending slow motion returns a running run to full speed', async () => {
  const { updates } = await train({
    0: [{ kind: 'slow-motion', rate: 10 }],
    1000: [{ kind: 'slow-motion', rate: null }],
    1200: ['stop'],
  });
  const gaps = updates.slice(1).map(({ time }, i) => time - updates[i].time);
  expect(gaps.slice(0, 8)).toEqual(gaps.slice(0, 8).map(() => 100));
  expect(gaps.slice(-8)).toEqual(gaps.slice(-8).map(() => 10));
});

test('a manual step ends slow motion', async () => {
  const { done } = await train({ 0: [{ kind: 'slow-motion', rate: 0.5 }], 700: ['critic-step'], 5000: ['stop'] });
  expect(done).toEqual([
    ...[
      'running',
      'acknowledged slow-motion',
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

test('a critic step during slow motion pauses, even before a generator update', async () => {
  const { done, warnings } = await train({
    0: [{ kind: 'slow-motion', rate: 0.5 }],
    5000: ['critic-step'],
    9000: ['stop'],
  });
  expect(warnings).toHaveLength(1);
  const from = done.indexOf('paused');
  expect(done.slice(from)).toEqual(['paused', 'acknowledged critic-step', 'stopping', 'acknowledged stop', '1.g']);
});
