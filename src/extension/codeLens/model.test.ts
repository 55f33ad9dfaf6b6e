// Which lenses stand above a model, and which experiments name it.
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { commandIds } from '../ids';
import { findModels } from '../models/findModels';
import { modelLensesOf } from './model';
import { modelUses } from '../experiments/modelReferences';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const text = `import * as tf from '@tensorflow/tfjs';
export const net = (c) => tf.sequential({ layers: [tf.layers.dense({ units: c.n })] });
export function critic() { return tf.sequential(); }
`;

describe('lenses of models', () => {
  it('offer both roles where neither is evident, and the experiments that name the model first', () => {
    const named = [
      { exported: 'critic', uri: 'file:///a.gan.json', name: 'a.gan.json' },
      { exported: 'other', uri: 'file:///b.gan.json', name: 'b.gan.json' },
    ];
    const lenses = modelLensesOf('file:///m.ts', findModels(text) ?? [], named);
    expect(lenses.map(({ title, offset }) => `${text.slice(offset, offset + 3)} ${title}`)).toEqual([
      'net ⚡ Quick start as generator',
      'net ⚡ Quick start as critic',
      'cri ▶ Train a.gan.json',
      'cri ⚡ Quick start as critic',
    ]);
    expect(lenses[2]).toMatchObject({ command: commandIds.train, args: ['file:///a.gan.json'] });
    expect(lenses[3]).toMatchObject({
      command: commandIds.quickStartModel,
      args: [{ uri: 'file:///m.ts', exported: 'critic', role: 'critic' }],
    });
  });
});

describe('an experiment names models', () => {
  const file = path.resolve('/w/e/x.gan.json');
  it('by paths from its own folder, with the role as the usual export, whatever else is wrong with it', () => {
    const experiment =
      '{ "generator": { "module": "../m.ts" }, "critic": { "module": "c.js", "export": "d" }, "steps": "no" // }';
    expect(modelUses(file, experiment)).toEqual([
      { file, module: path.resolve('/w/m.ts'), exported: 'generator' },
      { file, module: path.resolve('/w/e/c.js'), exported: 'd' },
    ]);
  });

  it.each(['', '[]', 'null', '{ "generator": null, "critic": 3 }', '{ "critic": { "module": 4 } }'])(
    'or none: %s',
    (given) => expect(modelUses(file, given)).toEqual([]),
  );
});
