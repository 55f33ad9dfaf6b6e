// "New Experiment" in the editor: two choices in one list, the best first, and the file that it creates.
import { mkdtempSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dataSources, presets, type DataSourceId } from '../../catalog';
import { Uri, window, workspace } from '../../../test/support/vscode';
import { dataChoices, presetChoices } from './choices';
import { newExperiment, shortName } from './newExperiment';
import { matchingSources } from './template';

vi.mock('vscode', () => import('../../../test/support/vscode'));

describe('the choices of a new experiment', () => {
  it('begin with WGAN-GP on a ring of Gaussians, and have all presets and data', () => {
    expect(presetChoices()[0].id).toBe('wgan-gp');
    expect(dataChoices(matchingSources('wgan-gp'))[0].id).toBe('gaussians-ring');
    expect(
      presetChoices()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(Object.keys(presets).sort());
    const all = Object.keys(dataSources) as DataSourceId[];
    expect(
      dataChoices(all)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...all].sort());
  });

  it('are short enough not to be cut in the list', () => {
    for (const { title, text } of [...presetChoices(), ...dataChoices(Object.keys(dataSources) as DataSourceId[])]) {
      expect(text).not.toBe('');
      expect(`${title} ${text}`.length).toBeLessThanOrEqual(90);
    }
  });
});

it('gives an experiment a name that fits a list of runs', () => {
  expect(shortName('wgan-gp', 'gaussians-ring')).toBe('ring-wgan-gp');
  expect(shortName('eight-gaussians', 'gaussians-ring')).toBe('eight-gaussians');
  expect(shortName('dcgan', 'digits')).toBe('digits-dcgan');
});

describe('New Experiment', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'em-new-'));
    workspace.workspaceFolders = [{ uri: Uri.file(folder), name: 'one' }];
    window.shown = [];
    window.shownWith = [];
  });
  afterEach(() => {
    workspace.workspaceFolders = [];
  });
  const list = () => window.quickPicks.at(-1)!;

  it('takes two times Enter in a list that stays open', async () => {
    const created = newExperiment();
    const first = list();
    first.accept();
    expect(first.visible).toBe(true);
    expect(list()).toBe(first);
    first.accept();
    expect(await created).toBe(true);
    expect(readdirSync(folder)).toEqual(['ring-wgan-gp.gan.json']);
    expect(window.shown).toEqual([path.join(folder, 'ring-wgan-gp.gan.json')]);
    expect(window.shownWith).toEqual([{ preview: false }]);
  });

  it('goes back to the preset that was chosen', async () => {
    const created = newExperiment();
    list().select('LSGAN');
    list().back();
    expect(list().activeItems).toMatchObject([{ label: 'LSGAN' }]);
    list().hide();
    expect(await created).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('asks for a folder of a workspace that has several, unless a file of one is open', async () => {
    const other = mkdtempSync(path.join(os.tmpdir(), 'em-new-'));
    workspace.workspaceFolders = [
      { uri: Uri.file(folder), name: 'one' },
      { uri: Uri.file(other), name: 'two' },
    ];
    const create = () => {
      const created = newExperiment();
      list().accept();
      list().accept();
      return created;
    };
    const canceled = create();
    expect(list()).toMatchObject({ title: 'New Experiment: Folder', step: 3, totalSteps: 3 });
    list().back();
    expect(list()).toMatchObject({ title: 'New Experiment: Data', step: 2 });
    list().hide();
    expect(await canceled).toBe(false);
    const chosen = create();
    list().select('two');
    expect(await chosen).toBe(true);
    window.activeTextEditor = { document: { uri: Uri.file(path.join(other, 'a.ts')) } };
    const created = create();
    expect(list().totalSteps).toBe(2);
    expect(await created).toBe(true);
    window.activeTextEditor = undefined;
    expect([readdirSync(folder).length, readdirSync(other).length]).toEqual([0, 2]);
  });
});
