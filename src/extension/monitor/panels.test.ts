// The subject of a monitor panel, as restored after a reload.
import { describe, expect, it, vi } from 'vitest';
import type { ToPage } from '../../protocol/monitor';
import { restoredSubject, subjectKey, runTitle, titled } from './panels';

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

describe('the tab of a run', () => {
  const now = new Date(2024, 0, 9, 20, 0, 0);
  const title = (folder: string) => runTitle(`/w/.earthmover/runs/${folder}`, 'ring', now);

  it('differs from those of the other runs of its experiment, by time, day and seed', () => {
    expect(title('20240109-080706-ring')).toBe('ring 08:07:06');
    expect(title('20240109-080709-ring')).toBe('ring 08:07:09');
    expect(title('20240108-080706-ring')).toBe('ring Jan 8 08:07:06');
    expect(title('20240109-080706-ring-seed-2')).toBe('ring seed 2 08:07:06');
  });

  it('is the name of the experiment if the folder has another form', () => {
    expect(title('mine')).toBe('ring');
  });
});

describe('the tab of a comparison', () => {
  it('names the runs that still exist, once all have been read', () => {
    const panel = { title: 'Compare ring and grid' };
    const sent: ToPage[] = [];
    const receive = titled(panel, ['/a', '/b'], (message) => sent.push(message));
    const state = (id: string, name: string) =>
      receive({ type: 'of', id, message: { type: 'state', state: { name } } } as unknown as ToPage);
    state('/a', 'ring');
    expect(panel.title).toBe('Compare ring and grid');
    receive({ type: 'of', id: '/b', message: { type: 'deleted', kind: 'run', name: 'b' } });
    expect(panel.title).toBe('Compare ring');
    state('/b', 'grid');
    expect(panel.title).toBe('Compare ring and grid');
    expect(sent).toHaveLength(3);
  });
});
