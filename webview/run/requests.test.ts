// How long a button is disabled: until its own request was executed, refused or lost.
import { describe, expect, it } from 'vitest';
import { status } from '../../test/support/runStatus';
import { createRequests } from './requests';

type Action = 'pause' | 'sample';
const report = (updatedAt: number, change: object = {}) => ({ ...status, updatedAt, acknowledged: [], ...change });

function pressed(...actions: Action[]) {
  const requests = createRequests<Action>();
  requests.update(report(1));
  actions.forEach((action, i) => requests.add(action, 1000 * i));
  return requests;
}

describe('a request', () => {
  it('is pending until it is acknowledged, however long that takes', () => {
    const requests = pressed('pause', 'sample');
    requests.delivered('pause', 'id-of-pause');
    requests.delivered('sample', 'id-of-sample');
    // The same report, read again and again.
    for (let i = 0; i < 100; i++) requests.update(report(1));
    expect(requests.pending()).toEqual(['pause', 'sample']);
    expect(requests.secondsWaiting(61_000)).toBe(61);
    requests.update(report(2, { acknowledged: ['id-of-another', 'id-of-sample'] }));
    expect(requests.pending()).toEqual(['pause']);
    requests.update(report(3, { acknowledged: ['id-of-sample', 'id-of-pause'] }));
    expect([requests.pending(), requests.secondsWaiting(0)]).toEqual([[], null]);
  });

  it('is done if the trainer acknowledged it before its id was known', () => {
    const requests = pressed('sample');
    const now = report(2, { acknowledged: ['id-of-sample'] });
    requests.update(now);
    expect(requests.isPending('sample')).toBe(true);
    requests.delivered('sample', 'id-of-sample');
    requests.update(now);
    expect(requests.isPending('sample')).toBe(false);
  });

  it('ends when it is refused, the state changes, or an attempt begins that has not received it', () => {
    const requests = pressed('pause', 'sample');
    requests.refused('pause');
    expect(requests.pending()).toEqual(['sample']);
    for (const change of [{ state: 'paused' }, { attempt: status.attempt + 1 }]) {
      const changing = pressed('pause');
      changing.update(report(1, change));
      expect([change, changing.pending()]).toEqual([change, []]);
    }
  });

  it('was lost if the trainer reports that it trains on without having executed it', () => {
    const requests = pressed('pause');
    requests.delivered('pause', 'id-of-pause');
    requests.update(report(2));
    requests.update(report(3));
    expect(requests.isPending('pause')).toBe(true);
    requests.update(report(4));
    expect(requests.isPending('pause')).toBe(false);
  });
});
