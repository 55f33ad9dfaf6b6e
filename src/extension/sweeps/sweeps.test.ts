// Sweep files in the editor: their problems with fixes, also those of their experiments, and their CodeLenses.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { applyFix } from '../../experiment/applyFixes';
import { documentOf } from '../../../test/support/vscode';
import { commandIds } from '../ids';
import { isChecked } from '../experiments/experimentDocuments';
import { findProblems } from '../experiments/findProblems';
import { sweepLensesOf } from '../codeLens/sweep';
import { sweepCommands } from './sweepCommands';
import type { Sweeps, SweepSummary } from './sweepSummary';

vi.mock('vscode', () => import('../../../test/support/vscode'));

/** A folder with an experiment; returns the path of a sweep file in it. */
function sweepBeside(experiment: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-editor-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(path.join(folder, 'a.gan.json'), experiment);
  return path.join(folder, 'a.sweep.json');
}

const ring = '{ "data": { "source": "gaussians-ring" } }';

it('shows the problems of a sweep at their place, and a fix changes the sweep file', () => {
  const file = sweepBeside(ring);
  const text = '{ "experiment": "./a.gan.json", "over": { "critic.activaton": ["relu", "tanh"] } }';
  const [problem, ...others] = findProblems(text, file);
  expect(others).toEqual([]);
  expect(text.slice(problem.offset, problem.offset + problem.length)).toBe('"critic.activaton"');
  const [fix] = problem.fixes ?? [];
  expect(applyFix(text, fix)).toBe(text.replace('activaton', 'activation'));
  expect(findProblems(applyFix(text, fix), file)).toEqual([]);
});

it('shows an error of the experiment where the sweep names it', () => {
  const text = '{ "experiment": "./a.gan.json", "seeds": 3 }';
  const [problem] = findProblems(text, sweepBeside('{ "data": { "source": "gaussians-rin" } }'));
  expect(text.slice(problem.offset, problem.offset + problem.length)).toBe('"./a.gan.json"');
  expect(problem.message).toMatch(/^a\.gan\.json:1: .*Did you mean "gaussians-ring"/);
});

it('has a CodeLens to run a sweep, and one to check it', () => {
  const uri = 'file:///w/a.sweep.json';
  expect(isChecked(documentOf('/w/a.sweep.json', '{}') as never)).toBe(true);
  expect(sweepLensesOf(uri)).toMatchObject([
    { title: '▶ Run sweep', command: commandIds.runSweep, args: [uri] },
    { title: 'Dry-run sweep', command: commandIds.dryRunSweep, args: [uri] },
  ]);
});

describe('a command about sweeps from the Command Palette', () => {
  const sweep = (name: string, change: Partial<SweepSummary>): SweepSummary => ({
    ...{
      kind: 'sweep',
      directory: `/w/${name}`,
      name,
      trials: 4,
      ended: 4,
      left: 0,
      running: 0,
      failed: 0,
      diverged: 0,
    },
    ...change,
  });
  const done = sweep('done', {});
  const failing = sweep('failing', { failed: 1 });
  const running = sweep('running', { ended: 1, left: 2, running: 1 });
  const half = sweep('half', { ended: 2, left: 2 });

  /** Runs a command without an argument; resolves to the directories that its action got. */
  async function used(id: keyof ReturnType<typeof sweepCommands>, all: readonly SweepSummary[]): Promise<string[]> {
    const directories: string[] = [];
    const use = (directory: string) => directories.push(directory);
    const actions = { open: use, resume: use, cancel: use, remove: use };
    const sweeps = { all, refresh: async () => {} } as unknown as Sweeps;
    await sweepCommands(sweeps, async () => actions as never)[id](undefined);
    return directories;
  }

  it('uses the only sweep to which it applies', async () => {
    const all = [done, failing, running, half];
    expect(await used(commandIds.resumeSweep, all)).toEqual([half.directory]);
    expect(await used(commandIds.retrySweep, all)).toEqual([failing.directory]);
    expect(await used(commandIds.cancelSweep, [done, running])).toEqual([running.directory]);
    expect(await used(commandIds.deleteSweep, [done, running])).toEqual([done.directory]);
  });

  it('says why it applies to none', async () => {
    await expect(used(commandIds.resumeSweep, [done, running])).rejects.toThrow('No sweep can be resumed');
    await expect(used(commandIds.retrySweep, [done])).rejects.toThrow('no trial has failed');
    await expect(used(commandIds.cancelSweep, [done])).rejects.toThrow('all trials have ended');
    await expect(used(commandIds.deleteSweep, [running])).rejects.toThrow('cancel a sweep');
    await expect(used(commandIds.openSweep, [])).rejects.toThrow('no sweeps yet');
  });
});
