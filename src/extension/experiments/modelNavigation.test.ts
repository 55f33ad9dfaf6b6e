// From an experiment to its models: definitions, links, completion.
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { scratch } from '../../../test/fixtures/run/scratch';
import { documentOf, lastRegistered, registered, Uri, workspace } from '../../../test/support/vscode';
import { registerModelLinks } from './registerModelLinks';

vi.mock('vscode', () => import('../../../test/support/vscode'));
// Without its thread, for which a build is needed.
vi.mock('../models/modelThread', async () => {
  const { findModels } = await import('../models/findModels');
  return { findModelsInThread: async (text: string, file: string) => findModels(text, file) };
});

const root = scratch();
const models = `import * as tf from '@tensorflow/tfjs';
// critic comes second
export const generator = () => tf.sequential();
export function critic() { return tf.sequential(); }
`;
const experiment = `{
  "generator": { "module": "./models/nets.ts" },
  "critic": { "module": "./models/nets.ts", "export": "critic" },
  "steps": "broken
`;

beforeEach(() => {
  for (const name of Object.keys(registered)) delete registered[name];
  fs.mkdirSync(path.join(root(), 'models'), { recursive: true });
  fs.writeFileSync(path.join(root(), 'models/nets.ts'), models);
  fs.writeFileSync(path.join(root(), 'other.ts'), 'export const generator = 1;');
  workspace.findFiles = async () => ['models/nets.ts', 'other.ts'].map((name) => Uri.file(path.join(root(), name)));
  registerModelLinks();
});

const open = (text: string) => documentOf(path.join(root(), 'x.gan.json'), text);
const ask = <T>(kind: string, method: string, document: unknown, position?: unknown) =>
  lastRegistered<Record<string, (...given: unknown[]) => Promise<T>>>(kind)[method](document, position);

describe('go to definition', () => {
  it.each([
    ['"./models/nets.ts" }', 'generator'],
    ['"export": "critic"', 'critic'],
  ])('opens the model from %s', async (word, name) => {
    const document = open(experiment);
    const position = document.positionAt(experiment.indexOf(word) + word.length - 4);
    const [link] = await ask<{ targetUri: Uri; targetRange: { start: { line: number; character: number } } }[]>(
      'definition',
      'provideDefinition',
      document,
      position,
    );
    expect(link.targetUri.fsPath).toBe(path.join(root(), 'models/nets.ts'));
    const { line, character } = link.targetRange.start;
    expect(models.split('\n')[line].slice(character)).toMatch(new RegExp(`^${name}\\b`));
  });

  it('finds nothing at other places or for a missing file', async () => {
    expect(await ask('definition', 'provideDefinition', open(experiment), open(experiment).positionAt(1))).toEqual([]);
    const missing = open('{ "critic": { "module": "./missing.ts" } }');
    expect(await ask('definition', 'provideDefinition', missing, missing.positionAt(26))).toEqual([]);
    expect(await ask('documentLink', 'provideDocumentLinks', missing)).toEqual([]);
  });
});

it('links modules to the line of their model', async () => {
  const links = await ask<{ target: Uri; tooltip: string }[]>('documentLink', 'provideDocumentLinks', open(experiment));
  expect(links.map(({ target }) => target.fragment)).toEqual(['L3,14', 'L4,17']);
});

describe('completion', () => {
  const labels = async (text: string, word: string) => {
    const document = open(text);
    const position = document.positionAt(text.indexOf(word) + word.length - 1);
    const items = await ask<{ label: string; detail: string }[]>(
      'completion',
      'provideCompletionItems',
      document,
      position,
    );
    return items.map(({ label, detail }) => [label, detail]);
  };
  it('offers files that export models, and the models of the file', async () => {
    expect(await labels('{ "critic": { "module": "" } }', '""')).toEqual([['"./models/nets.ts"', 'generator, critic']]);
    expect(await labels('{ "critic": { "module": "./models/nets.ts", "export": "" } }', '""')).toEqual([
      ['"generator"', 'function'],
      ['"critic"', 'function'],
    ]);
    expect(await labels(experiment, '"steps"')).toEqual([]);
  });
});
