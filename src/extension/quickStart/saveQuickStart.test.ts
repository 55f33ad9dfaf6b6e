// A saved quick start is an independent experiment: it trains the same models from its new location.
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { parseExperiment } from '../../experiment';
import { scratch } from '../../../test/fixtures/run/scratch';
import { Uri, window, workspace } from '../../../test/support/vscode';
import { findModels } from '../models/findModels';
import { adapterText, composeQuickStart } from './composeExperiment';
import { saveQuickStart } from './saveQuickStart';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const root = scratch();
const inRoot = (...parts: string[]) => path.join(root(), ...parts);

/** Writes a quick start of the critic in `text`, as the command does. */
function quickStartOf(text: string): string {
  fs.mkdirSync(inRoot('.earthmover/quickstart'), { recursive: true });
  fs.mkdirSync(inRoot('experiments'), { recursive: true });
  fs.writeFileSync(inRoot('models.ts'), text);
  const [model] = findModels(text).models;
  const adapter = adapterText(model, '../../models.ts');
  if (adapter) fs.writeFileSync(inRoot('.earthmover/quickstart/models-critic.model.ts'), adapter);
  const module = adapter ? './models-critic.model.ts' : '../../models.ts';
  const composed = composeQuickStart({ model, role: 'critic', module, fileName: 'models.ts' });
  if (!('text' in composed)) throw new Error('not composed');
  const file = inRoot('.earthmover/quickstart/models-critic.gan.json');
  fs.writeFileSync(file, composed.text);
  return file;
}

const save = async (file: string, to: string) => {
  window.answers = [Uri.file(to)];
  await saveQuickStart(Uri.file(file) as never);
  const parsed = parseExperiment(fs.readFileSync(to, 'utf8'), to);
  expect(parsed.problems).toEqual([]);
  return parsed;
};

beforeEach(() => {
  workspace.workspaceFolders = [{ uri: Uri.file(root()) }];
  window.shown = [];
});

const imports = "import * as tf from '@tensorflow/tfjs';\n";

describe('a quick start saved as an experiment', () => {
  it('has its own name and the new path of its model, and is opened', async () => {
    const to = inRoot('experiments/mine.gan.json');
    const { experiment, text } = await save(
      quickStartOf(`${imports}export const critic = (c) => tf.sequential();`),
      to,
    );
    expect(experiment).toMatchObject({ name: 'mine', critic: { module: '../models.ts', export: 'critic' } });
    expect(text).not.toContain('The next quick start overwrites this file');
    expect(window.shown).toEqual([to]);
  });

  it.each([
    ['a constant', 'export const critic = tf.sequential();'],
    ['a class', 'export class critic { static build(c) { return tf.sequential(); } }'],
  ])('includes the adapter of %s', async (_, source) => {
    const to = inRoot('experiments/mine.gan.json');
    const { experiment } = await save(quickStartOf(imports + source), to);
    expect(experiment?.critic).toMatchObject({ module: './models-critic.model.ts', export: 'critic' });
    const adapter = fs.readFileSync(inRoot('experiments/models-critic.model.ts'), 'utf8');
    const [, module] = /from '(\.[^']*)'/.exec(adapter) ?? [];
    expect(path.resolve(inRoot('experiments'), module)).toBe(inRoot('models.ts'));
    expect(adapter).toMatch(/export const critic = \(/);
  });

  it('does not overwrite the quick start itself, and is not saved after cancellation', async () => {
    const file = quickStartOf(`${imports}export const critic = (c) => tf.sequential();`);
    window.answers = [Uri.file(file)];
    await expect(saveQuickStart(Uri.file(file) as never)).rejects.toThrow(/would overwrite .* Choose another name/);
    window.answers = [undefined];
    await saveQuickStart(Uri.file(file) as never);
    expect(window.shown).toEqual([]);
  });
});
