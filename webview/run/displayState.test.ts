// The displayed state of a run and its actions.
import { describe, expect, it } from 'vitest';
import { endStates, workingStates } from '../../src/protocol/status';
import { status } from '../../test/support/runStatus';
import { stateDisplays, isActive, displayStateOf } from './displayState';

describe('the display state', () => {
  it('is the recorded state, unless the process is stalled or dead', () => {
    for (const state of [...workingStates, ...endStates])
      expect(displayStateOf({ status: { ...status, state }, liveness: 'ended' })).toBe(state);
    expect(displayStateOf({ status, liveness: 'stalled' })).toBe('stalled');
    expect(displayStateOf({ status, liveness: 'dead' })).toBe('dead');
    expect(displayStateOf({ status: null, liveness: null })).toBe('starting');
    expect(displayStateOf({ status: null, liveness: 'dead' })).toBe('dead');
  });

  it('offers Stop for active runs and Resume for ended ones', () => {
    for (const [state, { actions }] of Object.entries(stateDisplays) as [
      keyof typeof stateDisplays,
      (typeof stateDisplays)['running'],
    ][]) {
      expect([state, actions.includes('stop')]).toEqual([state, isActive(state)]);
      if (isActive(state)) expect(actions).not.toContain('resumeRun');
      expect(actions.includes('pause') && actions.includes('resume')).toBe(false);
    }
    expect(stateDisplays.stopped.actions).toEqual(['resumeRun']);
    expect(stateDisplays.finished.actions).toEqual([]);
  });
});
