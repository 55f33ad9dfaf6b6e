// The CodeLenses above the models of a file.
import { describe, expect, it, vi } from 'vitest';
import { commandIds } from '../ids';
import { findModels } from '../models/findModels';
import { modelLensesOf } from './modelLenses';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const text = `import * as tf from '@tensorflow/tfjs';
export const net = (c) => tf.sequential({ layers: [tf.layers.dense({ units: c.n })] });
export function critic() { return tf.sequential(); }
`;

describe('the CodeLenses of models', () => {
  it('offer both roles if the role is unclear, and come after the experiments that use the model', () => {
    const named = [
      { exported: 'critic', uri: 'file:///a.gan.json', name: 'a.gan.json' },
      { exported: 'other', uri: 'file:///b.gan.json', name: 'b.gan.json' },
    ];
    const lenses = modelLensesOf('file:///m.ts', findModels(text).models, named);
    expect(lenses.map(({ title, offset }) => `${text.slice(offset, offset + 3)} ${title}`)).toEqual([
      'net ⚡ Quick start as generator',
      'net ⚡ Quick start as critic',
      'cri ▶ Train a.gan.json',
      'cri ⚡ Quick start as critic',
    ]);
    expect(lenses[2]).toMatchObject({ command: commandIds.train, args: ['file:///a.gan.json'] });
    expect(lenses[3]).toMatchObject({
      command: commandIds.quickStartModel,
      args: [{ uri: 'file:///m.ts', model: 'critic', role: 'critic' }],
    });
  });
});
