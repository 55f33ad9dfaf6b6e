// Copying the experiment of a run.
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { scratch } from '../../../test/fixtures/run/scratch';
import { status } from '../../../test/support/runStatus';
import { documentOf, type Range, TabInputText, TabInputWebview, Uri, window } from '../../../test/support/vscode';
import { parseExperiment } from '../../experiment';
import { createRun } from '../../run/directory';
import { copiedText, copyExperiment } from './copyExperiment';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const folder = scratch();
const text = `{
  // mine
  "name": "ring",
  "data": { "source": "gaussians-ring" },
  "objective": "wgan", // not wgan-gp
  "optimizer": { "kind": "adam", "learningRate": 0.0005 },
  "steps": 2500
}
`;

beforeEach(() => {
  window.shown.length = window.shownWith.length = 0;
  window.tabGroups.all.length = 0;
  window.tabGroups.activeTabGroup.activeTab = undefined;
});

/** A run of `ring.gan.json`, and where the copy of its experiment is. */
function runOfRing(steps: number) {
  const source = { path: path.join(folder(), 'ring.gan.json'), text };
  const { experiment } = parseExperiment(text, source.path);
  const directory = path.join(folder(), 'run');
  createRun(directory, { experiment, source, versions: {}, seed: 1, device: 'cpu' }, 10);
  const ended = { ...status, state: 'finished', step: steps, steps };
  fs.writeFileSync(path.join(directory, 'status.json'), JSON.stringify(ended));
  return { directory, source: source.path };
}

describe('a copied experiment', () => {
  it('has a name of its own, the steps of the run, and otherwise the text', async () => {
    const { directory, source } = runOfRing(3000);
    fs.writeFileSync(source, 'edited since');
    fs.writeFileSync(path.join(folder(), 'ring-2.gan.json'), 'taken');
    await copyExperiment(directory);
    const copy = path.join(folder(), 'ring-3.gan.json');
    expect(fs.readFileSync(copy, 'utf8')).toBe(text.replace('"ring"', '"ring-3"').replace('2500', '3000'));
    expect(fs.readFileSync(source, 'utf8')).toBe('edited since');
    expect(window.shown).toEqual([copy]);
  });

  it('opens in the column of its experiment, not as a preview, at the first setting worth changing', async () => {
    const { directory, source } = runOfRing(2500);
    window.tabGroups.all.push({ viewColumn: 3, tabs: [{ input: new TabInputText(Uri.file(source)) }] });
    await copyExperiment(directory);
    const [options] = window.shownWith as { selection: Range; viewColumn: number; preview: boolean }[];
    expect(options).toMatchObject({ viewColumn: 3, preview: false });
    const copied = fs.readFileSync(window.shown[0], 'utf8');
    const { offsetAt } = documentOf('', copied);
    expect(copied.slice(offsetAt(options.selection.start), offsetAt(options.selection.end))).toBe('0.0005');
  });

  it('does not open in the column of the monitor if its experiment is closed', async () => {
    window.tabGroups.activeTabGroup.activeTab = {
      input: new TabInputWebview('mainThreadWebview-earthmover.monitor'),
    };
    await copyExperiment(runOfRing(2500).directory);
    expect(window.shownWith).toMatchObject([{ viewColumn: 1 }]);
  });
});

describe('its text', () => {
  const source = { path: '/w/ring.gan.json', text };
  const { experiment } = parseExperiment(text, source.path);

  it('has all settings if the run had others than its file', () => {
    const changed = { ...experiment!, batchSize: 7 };
    const copied = copiedText(changed, source, { name: 'ring-2' });
    expect(parseExperiment(copied, '').experiment).toEqual({ ...changed, name: 'ring-2' });
  });

  it('has no name if the original has none, since the file gives it', () => {
    const bare = { path: '/w/ring.gan.json', text: '{ "data": { "source": "gaussians-ring" } }' };
    const { experiment: named } = parseExperiment(bare.text, bare.path);
    expect(copiedText(named, bare, { name: 'ring-2' })).toBe(bare.text);
  });
});
