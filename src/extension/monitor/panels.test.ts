// The subject of a monitor panel, as restored after a reload.
import { describe, expect, it, vi } from 'vitest';
import { restoredSubject, subjectKey } from './panels';

vi.mock('vscode', () => import('../../../test/support/vscode'));

describe('the subject of a panel', () => {
  it('is restored from its page: a run or a comparison', () => {
    expect(restoredSubject({ id: '/runs/a', zoom: null })).toEqual({ directories: ['/runs/a'] });
    expect(restoredSubject({ runs: ['/runs/b', '/runs/a'] })).toEqual({ directories: ['/runs/b', '/runs/a'] });
    expect(subjectKey({ directories: ['/b', '/a'] })).toBe(subjectKey({ directories: ['/a', '/b'] }));
  });

  it.each([
    null,
    'x',
    {},
    { id: 'runs/a' },
    { id: 5 },
    { runs: ['/a', 5] },
    { runs: ['/a', '../b'] },
    { runs: ['/a', '/a'] },
    { runs: Array.from({ length: 33 }, (_, i) => `/${i}`) },
  ])('is undefined for %j', (state) => expect(restoredSubject(state)).toBeUndefined());
});
