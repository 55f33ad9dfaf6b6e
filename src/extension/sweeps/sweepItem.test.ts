// What the row of a sweep shows.
import { expect, it, vi } from 'vitest';
import { sweepItem } from './sweepItem';

vi.mock('vscode', () => import('../../../test/support/vscode'));

it('says that it is a sweep, whose name may be that of a run', () => {
  const counts = { trials: 4, ended: 3, left: 0, running: 0, failed: 1, diverged: 0 };
  const item = sweepItem({ kind: 'sweep', directory: '/w/ring', name: 'ring-of-gaussians', ...counts }, () => 'ring-…');
  expect([item.label, item.description]).toEqual(['Sweep ring-…', '3/4 · 1 failed']);
  const large = { ...counts, trials: 12_000, ended: 1200, running: 1000, failed: 0 };
  const { description } = sweepItem({ kind: 'sweep', directory: '/w/ring', name: 'ring', ...large }, (name) => name);
  expect(description).toBe('1,200/12,000 · 1,000 running');
  expect(item.tooltip).toBe('Sweep ring-of-gaussians\n3/4 · 1 failed\n/w/ring');
});
