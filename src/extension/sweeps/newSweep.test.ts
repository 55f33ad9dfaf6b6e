// A new sweep file is valid for its experiment, and explains itself.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { Uri, window } from '../../../test/support/vscode';
import { presets, type PresetId } from '../../catalog';
import { parseSweep } from '../../sweep/parseSweep';
import { findProblems } from '../experiments/findProblems';
import { matchingSources, newExperimentText } from '../newExperiment/template';
import { newSweep, newSweepText } from './newSweep';

vi.mock('vscode', () => import('../../../test/support/vscode'));

function folderWith(text: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-new-sweep-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'ring.gan.json'), text);
  return folder;
}

const ring = '{ "preset": "wgan-gp", "data": { "source": "gaussians-ring" } }';

it('is created beside its experiment, under a free name', async () => {
  const folder = folderWith(ring);
  window.shown = [];
  const file = Uri.file(path.join(folder, 'ring.gan.json'));
  await newSweep(file as never);
  await newSweep(file as never);
  expect(readdirSync(folder).sort()).toEqual(['ring-2.sweep.json', 'ring.gan.json', 'ring.sweep.json']);
  expect(window.shown.at(-1)).toBe(path.join(folder, 'ring-2.sweep.json'));
  const sweep = path.join(folder, 'ring.sweep.json');
  const text = readFileSync(sweep, 'utf8');
  const { sweep: parsed, problems } = parseSweep(text, sweep);
  expect(problems).toEqual([]);
  expect(parsed).toMatchObject({ seeds: 2, over: { 'optimizer.learningRate': [5e-5, 1e-4] } });
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

it('has seeds only if both networks share no learning rate, or the experiment is invalid', () => {
  const rate = (learningRate: number) => ({ kind: 'adam', learningRate });
  const pair = { generator: rate(1e-4), critic: rate(4e-4) };
  const two = JSON.stringify({ data: { source: 'gaussians-ring' }, optimizer: pair });
  for (const text of [two, '{ "steps": "many" }']) {
    const file = path.join(folderWith(text), 'ring.sweep.json');
    const written = newSweepText('ring.gan.json', text);
    expect(written).toContain('"experiment": "./ring.gan.json"');
    expect(written).toContain('"seeds": 2');
    expect(findProblems(written, file).filter(() => text === two)).toEqual([]);
  }
});

it.each(Object.keys(presets) as PresetId[])('has no problems for a new experiment of %s', (preset) => {
  const [source] = matchingSources(preset);
  const text = newExperimentText({ name: 'ring', preset, source });
  const file = path.join(folderWith(text), 'ring.sweep.json');
  expect(findProblems(newSweepText('ring.gan.json', text), file)).toEqual([]);
});
