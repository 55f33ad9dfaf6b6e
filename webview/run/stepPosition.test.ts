// The position of a manually stepped run as text.
import { describe, expect, it } from 'vitest';
import type { MonitorLive } from '../../src/protocol/monitor';
import { updateValues, positionText, disabledReason } from './stepPosition';

describe('the step position', () => {
  const live: MonitorLive = {
    step: 1813,
    network: 'critic',
    criticUpdatesDone: 3,
    criticUpdatesTotal: 5,
    values: { w1: 3, estimate: 0.25, criticLoss: -0.25, generatorLoss: null },
    uri: 'x',
  };

  it('is the current step and critic update, or the last completed step', () => {
    expect(positionText(live)).toBe('step 1,813 · critic update 3 of 5');
    expect(positionText({ ...live, criticUpdatesTotal: null })).toBe('step 1,813 · critic update 3');
    expect(positionText({ ...live, criticUpdatesDone: 0 })).toBe('step 1,812');
  });

  it('includes the values of the update in column order, without metrics', () => {
    const columns = ['criticLoss', 'generatorLoss', 'estimate', 'penalty', 'w1'].map((name) => ({
      name,
      label: name,
      unit: '',
    }));
    expect(updateValues(live, columns)).toEqual([
      ['criticLoss', '−0.2500'],
      ['generatorLoss', '–'],
      ['estimate', '0.2500'],
    ]);
  });

  it('allows no critic step when the generator update is next', () => {
    const generator = { ...live, network: 'generator', criticUpdatesDone: 5 } as const;
    expect(disabledReason('critic-step', generator)).toContain('the generator update comes next');
    for (const kind of ['generator-step', 'step'] as const) expect(disabledReason(kind, generator)).toBe('');
    for (const known of [live, null]) expect(disabledReason('critic-step', known)).toBe('');
  });
});
