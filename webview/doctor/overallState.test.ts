import { expect, it } from 'vitest';
import type { CheckLevel } from '../../src/protocol/doctor';
import { overallState } from './overallState';

const stateOf = (levels: readonly CheckLevel[], checking = false, problem: string | null = null) =>
  overallState({ checks: levels.map((level) => ({ check: level, level, text: '', todo: null })), checking, problem });

it('is good only if nothing that is needed is missing', () => {
  expect(stateOf(['ok', 'none']).tone).toBe('good');
  expect(stateOf(['ok', 'warn', 'none']).tone).toBe('warning');
  expect(stateOf(['ok', 'warn', 'fail']).tone).toBe('bad');
});

it('is not good before all is known', () => {
  expect(stateOf(['ok'], true).tone).toBe('busy');
  expect(stateOf(['fail'], true).tone).toBe('bad');
  expect(stateOf([], false, 'Node.js cannot be started.').tone).toBe('bad');
});
