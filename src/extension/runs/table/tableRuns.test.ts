// The rows of the runs table, and what is sent to its page when runs change.
import { describe, expect, it, vi } from 'vitest';
import { status } from '../../../../test/support/runStatus';
import type { ToRunsTable } from '../../../protocol/runsTable';
import type { Run } from '../readRuns';
import { createTableFeed } from './feedTable';
import { createTableReader } from './tableRuns';

vi.mock('vscode', () => import('../../../../test/support/vscode'));

const run = (folder: string, experiment: object | null, more: Partial<Run> = {}): Run => ({
  directory: `/w/.earthmover/runs/${folder}`,
  name: 'ring',
  experimentName: 'ring',
  experiment,
  parent: null,
  tags: [],
  notes: '',
  source: '/w/ring.gan.json',
  status,
  liveness: 'alive',
  estimate: 0.5,
  estimateLabel: 'K·W',
  problem: null,
  ...more,
});
const ring = { name: 'ring', data: { source: 'gaussians-ring', modes: 8 }, critic: { width: 64 }, seed: 1, seeds: [1] };

describe('the rows', () => {
  it('have the state, the last values, and the settings that differ', () => {
    const { rows, keys } = createTableReader()([
      run('20240109-080706-ring', ring, { status: { ...status, metrics: { w1: 0.25, modes: null } } }),
      run(
        'mine',
        { ...ring, critic: { width: 128 }, seed: 2, seeds: [2], steps: 9 },
        { estimate: null, liveness: 'dead' },
      ),
    ]);
    expect(keys).toEqual(['critic.width', 'seed']);
    const started = new Date(2024, 0, 9, 8, 7, 6).getTime() / 1000;
    expect(rows).toMatchObject([
      {
        folder: '20240109-080706-ring',
        state: 'running',
        step: 500,
        steps: 2500,
        startedAt: started,
        seconds: 60,
        values: { estimate: 0.5, w1: 0.25, modes: null },
        estimateLabel: 'K·W',
        settings: { 'critic.width': '64', seed: '1' },
      },
      { state: 'dead', startedAt: status.startedAt, values: {}, settings: { 'critic.width': '128', seed: '2' } },
    ]);
  });

  it('list a setting that only some runs have, and ignore runs whose experiment is unreadable', () => {
    const clipped = { ...ring, constraint: [{ kind: 'clip', c: 0.05 }] };
    const { rows } = createTableReader()([
      run('a', ring),
      run('b', null, { status: null, liveness: null, estimate: null }),
      run('c', clipped),
    ]);
    expect(rows.map(({ settings }) => settings)).toEqual([
      {},
      {},
      { 'constraint.0.kind': 'clip', 'constraint.0.c': '0.05' },
    ]);
    expect(rows[1]).toMatchObject({ state: 'damaged', step: null, seconds: null });
  });

  it('are the same objects while a run is the same', () => {
    const read = createTableReader();
    const [a, b] = [run('a', ring), run('b', ring)];
    const first = read([a, b]).rows;
    const second = read([a, { ...b, estimate: 1 }]).rows;
    expect([second[0] === first[0], second[1] === first[1]]).toEqual([true, false]);
  });
});

describe('the feed', () => {
  it('sends everything first, then what changed, and everything again if a run or a setting is new', () => {
    const sent: ToRunsTable[] = [];
    const feed = createTableFeed((message) => sent.push(message));
    const [a, b] = [run('a', ring), run('b', ring)];
    const changed = { ...b, estimate: 1 };
    feed.update([a, b], null);
    feed.update([a, b], null);
    feed.update([a, changed], null);
    feed.update([a, changed], a.directory);
    feed.update([a, changed, run('c', { ...ring, seed: 3 })], a.directory);
    feed.update([a], a.directory);
    expect(sent.map((message) => [message.type, message.runs.length])).toEqual([
      ['runsTable', 2],
      ['tableRuns', 1],
      ['runsTable', 2],
      ['runsTable', 3],
      ['runsTable', 1],
    ]);
    expect(sent[3].runs[0].settings).toEqual({ seed: '1' });
    expect(sent[2]).toMatchObject({ baseline: a.directory });
  });
});
