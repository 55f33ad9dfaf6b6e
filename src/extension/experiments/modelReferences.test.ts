// The models that an experiment file refers to.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelReferences, modelUses, referenceAt } from './modelReferences';

const experiment = `{
  "generator": { "module": "./models/nets.ts" },
  "critic": { "module": "./models/nets.ts", "export": "critic" },
  "steps": "broken
`;

describe('the model references of an experiment', () => {
  it('are found with their quotes, even if the file has other errors', () => {
    const [generator, critic] = modelReferences(experiment);
    expect(generator).toMatchObject({ role: 'generator', exported: 'generator', export: undefined });
    expect(experiment.slice(critic.module.offset, critic.module.offset + critic.module.length)).toBe(
      '"./models/nets.ts"',
    );
    expect(referenceAt(experiment, experiment.lastIndexOf('critic') + 2)).toMatchObject({ key: 'export' });
    expect(referenceAt(experiment, 0)).toBeUndefined();
  });

  it.each(['', '[', '{ "critic": { "module": 3 } }', '{ "critic": { "module": "a", "export": 3 } }'])(
    'are empty for %s',
    (text) => expect(modelReferences(text)).toEqual([]),
  );
});

describe('the models used by an experiment', () => {
  const file = path.resolve('/w/e/x.gan.json');

  it('have paths relative to its folder and the role as default export, even if the file has other errors', () => {
    const text =
      '{ "generator": { "module": "../m.ts" }, "critic": { "module": "c.js", "export": "d" }, "steps": "no" // }';
    expect(modelUses(file, text)).toEqual([
      { file, module: path.resolve('/w/m.ts'), exported: 'generator' },
      { file, module: path.resolve('/w/e/c.js'), exported: 'd' },
    ]);
  });

  it.each(['', '[]', 'null', '{ "generator": null, "critic": 3 }', '{ "critic": { "module": 4 } }'])(
    'are empty for %s',
    (given) => expect(modelUses(file, given)).toEqual([]),
  );
});
