import { afterAll, describe, expect, it } from 'vitest';
import { catchEndSignals, endSignalsAreCaught, leaveEndSignals, onInterrupt } from './interrupts';

// The test runner ends its workers by SIGTERM.
afterAll(leaveEndSignals);

function setup() {
  let time = 0;
  const calls: string[] = [];
  const release = onInterrupt({
    onFirst: () => calls.push('first'),
    onSecond: () => calls.push('second'),
    now: () => time,
  });
  const press = (at: number, signal: NodeJS.Signals = 'SIGINT') => {
    time = at;
    process.emit(signal, signal);
  };
  return { calls, press, release };
}

describe('onInterrupt', () => {
  it('calls the callback, then exits', () => {
    const { calls, press, release } = setup();
    press(0);
    expect(calls).toEqual(['first']);
    press(3000);
    expect(calls).toEqual(['first', 'second']);
    release();
  });

  it('treats the two signals that npm sends for one key press as one', () => {
    const { calls, press, release } = setup();
    press(1000);
    press(1004);
    press(1100, 'SIGTERM');
    press(1450);
    expect(calls).toEqual(['first']);
    press(2000);
    press(2004);
    expect(calls).toEqual(['first', 'second']);
    release();
  });

  it('counts a key that is pressed again and again', () => {
    const { calls, press, release } = setup();
    for (let time = 0; time <= 600; time += 200) press(time);
    expect(calls).toEqual(['first', 'second']);
    release();
  });

  it('never ends the process because of other signals, however often they arrive', () => {
    const { calls, press, release } = setup();
    for (const [k, signal] of (['SIGTERM', 'SIGUSR2', 'SIGTERM', 'SIGHUP', 'SIGTERM'] as const).entries()) {
      press(1000 * k, signal);
    }
    expect(calls).toEqual(['first']);
    press(10_000);
    press(12_000);
    expect(calls).toEqual(['first', 'second']);
    release();
  });

  it('calls nothing after its release, but still catches signals: a late one does not kill', () => {
    const { calls, release } = setup();
    release();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'] as const)
      expect(process.listenerCount(signal)).toBeGreaterThan(0);
    expect(calls).toEqual([]);
  });
});

describe('signals of batch systems', () => {
  it('end the process at once while there is nothing to save', async () => {
    await leaveEndSignals();
    const release = onInterrupt({ onFirst: () => {}, endsAtOnce: true });
    expect(process.listenerCount('SIGTERM')).toBe(0);
    catchEndSignals();
    expect(endSignalsAreCaught()).toBe(true);
    await leaveEndSignals();
    expect(process.listenerCount('SIGTERM')).toBe(0);
    release();
  });
});
