import { describe, expect, it } from 'vitest';
import { onInterrupt } from './interrupts';

function setup() {
  let time = 0;
  const calls: string[] = [];
  const release = onInterrupt(
    (signal) => calls.push(`first ${signal}`),
    () => time,
    () => calls.push('leave'),
  );
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
    expect(calls).toEqual(['first SIGINT']);
    press(3000);
    expect(calls).toEqual(['first SIGINT', 'leave']);
    release();
  });

  it('treats the two signals that npm sends for one key press as one', () => {
    const { calls, press, release } = setup();
    press(1000);
    press(1004);
    press(1100, 'SIGTERM');
    expect(calls).toEqual(['first SIGINT']);
    press(2000);
    press(2004);
    expect(calls).toEqual(['first SIGINT', 'leave']);
    release();
  });

  it('removes its handlers', () => {
    const before = process.listenerCount('SIGINT');
    const { release } = setup();
    expect(process.listenerCount('SIGINT')).toBe(before + 1);
    release();
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});
