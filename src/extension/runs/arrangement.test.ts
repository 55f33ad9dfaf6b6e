// The order and the groups of the Runs view.
import { describe, expect, it, vi } from 'vitest';
import { listedRun as run } from '../../../test/support/listedRun';
import { arrange, isGroup } from './arrangement';
import type { Run } from './readRuns';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const names = (nodes: readonly object[]): string =>
  nodes.map((node) => (isGroup(node) ? `${node.experiment}(${names(node.runs)})` : (node as Run).name)).join(' ');

describe('the arrangement', () => {
  const runs = [
    run('a', { metrics: { w1: 0.5, modes: 7 } }),
    run('b', { metrics: { w1: null }, experimentName: 'digits' }),
    run('c', { metrics: { w1: 0.25, modes: 8 }, estimate: 2 }),
    run('d', { status: null }),
  ];
  const by = (grouped: boolean, metric?: string) =>
    names(arrange(runs, { grouped, order: metric === undefined ? 'newest' : { metric } }));

  it('is newest first, or best first by a metric, with missing values last', () => {
    expect(by(false)).toBe('a b c d');
    expect(by(false, 'w1')).toBe('c a b d');
    expect(by(false, 'modes')).toBe('c a b d');
    expect(by(false, 'estimate')).toBe('c a b d');
  });

  it('has a group for each experiment, in the order of the runs', () => {
    expect(by(true)).toBe('ring(a c d) digits(b)');
    expect(by(true, 'w1')).toBe('ring(c a d) digits(b)');
  });
});
