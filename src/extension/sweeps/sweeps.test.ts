// Sweep files in the editor: their problems with fixes, also those of their experiments, and their CodeLenses.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { applyFix } from '../../experiment/applyFixes';
import { documentOf } from '../../../test/support/vscode';
import { commandIds } from '../ids';
import { isChecked } from '../experiments/experimentDocuments';
import { findProblems } from '../experiments/findProblems';
import { sweepLensesOf } from '../codeLens/sweep';

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
