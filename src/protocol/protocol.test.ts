// Values that cross a process boundary are accepted only if every part is valid.
import { describe, expect, it } from 'vitest';
import { checkCommand, simpleCommandKinds } from './control';
import { checkLivePreview, type LivePreview } from './livePreview';
import { checkStatus, type RunStatus } from './status';

describe('commands', () => {
  it.each(simpleCommandKinds)('may be %s', (kind) => {
    const command = { id: 'abcd-1234', kind };
    expect(checkCommand(command)).toEqual({ value: command });
  });

  it.each([0.5, 2, 10, null])('may be slow motion at a rate of %s', (rate) => {
    const command = { id: 'abcd-1234', kind: 'slow-motion', rate };
    expect(checkCommand(command)).toEqual({ value: command });
  });

  it.each([undefined, 0, 0.49, 10.5, -1, NaN, Infinity, '2', [2], true])(
    'may not be slow motion at a rate of %s',
    (rate) =>
      expect(checkCommand({ id: 'abcd-1234', kind: 'slow-motion', rate })).toEqual({
        problem: expect.stringContaining('its rate is not null or 0.5 to 10 updates per second: ') as string,
      }),
  );

  it.each([
    [null, 'it is not an object'],
    [[], 'it is not an object'],
    ['stop', 'it is not an object'],
    [{}, 'its id is not 8 to 64 of [a-z0-9-]: undefined'],
    [{ id: '../../etc', kind: 'stop' }, 'its id is not 8 to 64'],
    [{ id: 'a'.repeat(65), kind: 'stop' }, `"${'a'.repeat(56)}...`],
    [
      { id: 'abcd-1234', kind: 'explode' },
      'its kind is "explode", not one of pause, resume, stop, checkpoint, sample, critic-step',
    ],
    [{ id: 'abcd-1234', kind: 'step', rate: 2 }, 'it has the unknown key "rate"'],
    [{ id: 'abcd-1234', kind: 'slow-motion', rate: 2, after: 5 }, 'it has the unknown key "after"'],
    [{ id: 'abcd-1234', kind: 'toString' }, 'its kind is "toString"'],
    [{ id: 'abcd-1234', kind: 'stop', after: 5 }, 'it has the unknown key "after"'],
    [{ id: 'abcd-1234', kind: '\u001b[2J\u009b\n' }, 'its kind is "\\u001b[2J?\\n"'],
  ])('may not be %j', (value, problem) => {
    const checked = checkCommand(value);
    expect('problem' in checked && checked.problem).toContain(problem);
  });
});

describe('a live preview', () => {
  const live: LivePreview = {
    version: 1,
    step: 812,
    network: 'critic',
    criticUpdatesDone: 3,
    criticUpdatesTotal: 5,
    values: { estimate: 1, penalty: null },
  };

  it('is accepted with keys of a newer trainer', () => {
    expect(checkLivePreview({ ...live, speed: 2 })).toEqual({ value: { ...live, speed: 2 } });
    expect(checkLivePreview({ ...live, network: 'generator', criticUpdatesTotal: null })).toHaveProperty('value');
  });

  it.each(Object.keys(live))('is rejected without %s', (key) => {
    const { [key as keyof LivePreview]: _, ...rest } = live;
    expect(checkLivePreview(rest)).toEqual({ problem: `its '${key}' is not valid` });
  });

  it.each<[keyof LivePreview, unknown]>([
    ['version', 2],
    ['step', -1],
    ['network', 'toString'],
    ['criticUpdatesDone', 1.5],
    ['criticUpdatesTotal', '5'],
    ['values', [1]],
    ['values', { estimate: NaN }],
  ])('is rejected if %s is %j', (key, value) =>
    expect(checkLivePreview({ ...live, [key]: value })).toEqual({ problem: `its '${key}' is not valid` }),
  );

  it.each([null, [], 'live'])('is rejected if it is %j', (value) =>
    expect(checkLivePreview(value)).toEqual({ problem: 'it is not an object' }),
  );
});

describe('statuses', () => {
  const status: RunStatus = {
    version: 1,
    state: 'running',
    attempt: 2,
    pid: 42,
    host: 'h',
    processStart: null,
    startedAt: 1,
    updatedAt: 2,
    lastStepAt: null,
    step: 0,
    steps: 10,
    medianStepSeconds: null,
    device: 'cpu',
    engine: null,
    threads: 2,
    message: null,
    errors: [{ message: 'm', file: 'f', line: 1, column: 2 }, { message: 'n' }],
    metrics: { modes: 8, w1: null },
    acknowledged: ['abcd-1234'],
  };

  it('are accepted with keys of a newer trainer', () => {
    const newer = { ...status, temperature: 3 };
    expect(checkStatus(newer)).toEqual({ value: newer });
  });

  it.each(Object.keys(status))('are rejected without %s', (key) => {
    const { [key as keyof RunStatus]: _, ...rest } = status;
    expect(checkStatus(rest)).toEqual({ problem: `it has no '${key}'` });
  });

  it.each<[keyof RunStatus, unknown]>([
    ['version', 2],
    ['state', 'toString'],
    ['pid', 0],
    ['pid', 1.5],
    ['host', null],
    ['updatedAt', 'now'],
    ['updatedAt', NaN],
    ['step', -1],
    ['errors', [{ message: 1 }]],
    ['errors', [{ message: 'm', line: 'x' }]],
    ['errors', [null]],
    ['metrics', [1]],
    ['metrics', { a: 'b' }],
    ['acknowledged', ['../x']],
  ])('are rejected if %s is %j', (key, value) => {
    expect(checkStatus({ ...status, [key]: value })).toEqual({ problem: `its '${key}' is not valid` });
  });

  it('are rejected if they are not objects', () => {
    expect(checkStatus(null)).toEqual({ problem: 'it is not an object' });
    expect(checkStatus([status])).toEqual({ problem: 'it is not an object' });
  });
});
