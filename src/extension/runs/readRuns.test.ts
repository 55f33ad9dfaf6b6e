// The list of runs: newest first, and read again only if something changed.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { scratch } from '../../../test/fixtures/run/scratch';
import { listedRun } from '../../../test/support/listedRun';
import { medianFilter } from '../../math/median';
import { smoothingWindow } from '../../math/recentMedian';
import { createRun, defaultRunDirectory, runPaths, runsFolder } from '../../run/directory';
import { createMetrics } from '../../run/metricsWriter';
import { shortStartTime, startTime, describe as described, contextWords, shownState, describeAloud } from './describe';
import { significant } from './headline';
import { createRunIndex, isLive, withPrevious } from './readRuns';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const root = scratch();
const manifest = {
  experiment: { name: 'ring' },
  source: { path: '/w/ring.gan.json', text: '{}' },
  versions: {},
  seed: 1,
  device: 'cpu',
};
const newRun = (second: number) => {
  const directory = defaultRunDirectory(root(), 'x', { now: new Date(2024, 0, 9, 8, 7, second) });
  return createRun(directory, manifest, 10);
};

describe('the run index', () => {
  it('is empty without roots, and for roots that are empty or missing', async () => {
    expect(await createRunIndex().read([runsFolder(root()), path.join(root(), 'no')])).toEqual([]);
    expect(await createRunIndex().read([])).toEqual([]);
  });

  it('describes a run and its state', async () => {
    const [a, b] = [newRun(1), newRun(2)];
    a.status.update({ state: 'finished', step: 10 });
    const metrics = createMetrics(runPaths(b.directory).metrics, [{ name: 'estimate', label: 'K·W', unit: '' }]);
    metrics.append(1, 1, { estimate: 0.5 });
    metrics.append(2, 1, { estimate: 0.25 });
    metrics.close();
    b.status.update({ state: 'running', step: 2 });
    const [second, first] = await createRunIndex().read([runsFolder(root())]);
    expect(first).toMatchObject({
      directory: a.directory,
      name: 'ring',
      source: '/w/ring.gan.json',
      liveness: 'ended',
      estimate: null,
    });
    expect(second).toMatchObject({ directory: b.directory, liveness: 'alive', estimate: 0.25, estimateLabel: 'K·W' });
    expect([first, second].map(isLive)).toEqual([false, true]);
    expect([first, second].map(described)).toEqual(['finished 10/10', 'running 2/10 · K·W 0.25']);
    expect(describeAloud(second)).toBe('running, step 2 of 10, K·W 0.25');
    expect([first, second].map(contextWords)).toEqual([['ended', 'finished'], ['live']]);
    expect(startTime(first.directory)).toBe('2024-01-09 08:07:01');
  });

  it('gives the newest of many runs before it has read the others, once', async () => {
    for (let k = 0; k < 120; k++)
      fs.mkdirSync(path.join(runsFolder(root()), `20240109-${100_000 + k}-x`, 'samples'), { recursive: true });
    const early: (readonly string[])[] = [];
    const index = createRunIndex();
    const read = () => index.read([runsFolder(root())], (runs) => early.push(runs.map(({ directory }) => directory)));
    const all = (await read()).map(({ directory }) => directory);
    expect(all.map((directory) => path.basename(directory))).toEqual(
      Array.from({ length: 120 }, (_, k) => `20240109-${100_119 - k}-x`),
    );
    expect(early).toEqual([all.slice(0, 100)]);
    await read();
    expect(early).toHaveLength(1);
  });

  it('has the estimate of the monitor, the end of its smoothed curve', async () => {
    const { directory } = newRun(1);
    const metrics = createMetrics(runPaths(directory).metrics, [{ name: 'estimate', label: 'JS', unit: '' }]);
    const estimates = Float32Array.from({ length: 400 }, (_, i) => (i === 399 ? 9 : Math.sin(i)));
    estimates.forEach((estimate, i) => metrics.append(i + 1, i, { estimate }));
    metrics.close();
    const [run] = await createRunIndex().read([runsFolder(root())]);
    const smoothed = medianFilter(estimates, smoothingWindow(400));
    expect(run).toMatchObject({ estimate: smoothed.at(-1), estimateLabel: 'JS' });
    expect(run.estimate).toBeLessThan(2);
  });

  it('lists damaged runs with the reason', async () => {
    const { directory } = newRun(1);
    fs.writeFileSync(path.join(directory, 'status.json'), '{');
    fs.mkdirSync(path.join(directory, '..', 'zzz'));
    fs.writeFileSync(path.join(directory, '..', 'zzz', 'notes.txt'), 'mine');
    fs.mkdirSync(path.join(directory, '..', 'being-created'));
    const [other, damaged, ...more] = await createRunIndex().read([runsFolder(root())]);
    expect(damaged).toMatchObject({ name: 'ring', status: null, problem: expect.stringContaining('is damaged') });
    expect(other).toMatchObject({ name: 'zzz', problem: expect.stringContaining('it has no experiment.json') });
    expect([other, damaged].map(shownState)).toEqual(['damaged', 'damaged']);
    expect(more).toEqual([]);
  });

  it.runIf(process.platform !== 'win32')(
    'lists the other runs if files of some block, never end or are links',
    async () => {
      const good = newRun(1).directory;
      const [device, pipe, link, huge] = [2, 3, 4, 5].map((second) => newRun(second).directory);
      const status = (directory: string) => path.join(directory, 'status.json');
      for (const directory of [device, pipe, link]) fs.rmSync(status(directory));
      fs.symlinkSync('/dev/zero', status(device));
      execFileSync('mkfifo', [status(pipe)]);
      fs.symlinkSync(status(good), status(link));
      fs.rmSync(runPaths(huge).experiment);
      fs.writeFileSync(runPaths(huge).experiment, '');
      fs.truncateSync(runPaths(huge).experiment, 2 ** 33);
      const found = await createRunIndex().read([runsFolder(root())]);
      expect(found.map(({ problem }) => problem ?? 'none')).toEqual([
        expect.stringContaining('more than'),
        expect.stringContaining('it is a link'),
        expect.stringContaining('it is a named pipe'),
        expect.stringContaining('it is a link'),
        'none',
      ]);
    },
  );

  it('returns the same object while nothing changed, and notices a dead trainer', async () => {
    const { directory, status } = newRun(1);
    status.update({ state: 'running', lastStepAt: Date.now() / 1000 });
    const index = createRunIndex();
    const [before] = await index.read([runsFolder(root())]);
    expect((await index.read([runsFolder(root())]))[0]).toBe(before);
    status.update({ state: 'paused' });
    const [paused] = await index.read([runsFolder(root())]);
    expect(contextWords(paused)).toEqual(['live', 'paused']);
    const file = path.join(directory, 'status.json');
    fs.writeFileSync(file, JSON.stringify({ ...JSON.parse(fs.readFileSync(file, 'utf8')), pid: 2 ** 30 }));
    const [dead] = await index.read([runsFolder(root())]);
    expect([dead.liveness, shownState(dead), ...contextWords(dead)]).toEqual(['dead', 'dead', 'ended']);
    fs.rmSync(directory, { recursive: true });
    expect(await index.read([runsFolder(root())])).toEqual([]);
  });
});

it('shows the start time of a run if it is today, otherwise the date', () => {
  const directory = '/w/.earthmover/runs/20240109-080706-x-2';
  expect(shortStartTime(directory, new Date(2024, 0, 9, 23))).toBe('08:07');
  expect(shortStartTime(directory, new Date(2024, 0, 10))).toBe('Jan 9');
  expect([shortStartTime('/w/mine'), startTime('/w/mine')]).toEqual(['', '']);
});

it.each([
  [0, '0'],
  [0.21349, '0.2135'],
  [-38.2411, '-38.24'],
  [12345.6, '12346'],
  [1.234e-7, '1.23e-7'],
  [-2e9, '-2.00e+9'],
])('writes %f as %s', (value, text) => expect(significant(value)).toBe(text));

it('the previous run is the one of the same experiment before it', () => {
  const other = { experimentName: 'x', source: '/w/x.gan.json' };
  const all = [listedRun('new'), listedRun('other', other), listedRun('old')];
  expect(withPrevious(all[0].directory, all)?.map(({ name }) => name)).toEqual(['old', 'new']);
  expect(withPrevious(all[2].directory, all)).toBeUndefined();
  expect(withPrevious('/gone', all)).toBeUndefined();
});
