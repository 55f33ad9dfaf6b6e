import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { applyFixes } from './applyFixes';
import { lintModuleFiles } from './moduleFiles';
import { parseExperiment } from './parse';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'modules-'));
  fs.mkdirSync(path.join(folder, 'nets.ts'));
  fs.mkdirSync(path.join(folder, 'lib'));
  for (const name of ['models.ts', 'lib/critics.js', 'notes.txt']) fs.writeFileSync(path.join(folder, name), '');
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const text = (module: string) =>
  `{ "data": { "source": "digits" },\n  "critic": { "module": ${JSON.stringify(module)} } }`;
const problems = (module: string, given = text(module)) =>
  lintModuleFiles(parseExperiment(given, 'a.gan.json'), folder);

it('a model file that exists is no problem', () => {
  expect(problems('./models.ts')).toEqual([]);
  expect(problems('lib/critics.js')).toEqual([]);
});

it.each([
  ['./models.js', './models.ts'],
  ['./model.ts', './models.ts'],
  ['lib/critic.js', 'lib/critics.js'],
  ['./lib/critics.ts', './lib/critics.js'],
])('%s is an error at its setting, with a fix to %s', (module, meant) => {
  const [problem, ...others] = problems(module);
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ severity: 'error', code: 'model-missing', line: 2, column: 25 });
  expect(problem.message).toBe(
    `The model file "${module}" cannot be read: the file does not exist (${path.resolve(folder, module)}). Did you mean "${meant}"? Paths start at the folder of the experiment file.`,
  );
  expect(applyFixes(text(module), (now) => problems(module, now)).text).toBe(text(meant));
});

it.each([
  ['./nets.ts', 'it is a folder, not a file'],
  ['./nothing/like/it.ts', 'the file does not exist'],
  ['./entirely-different.ts', 'the file does not exist'],
])('%s has no similar file', (module, why) => {
  const [{ message, fixes }] = problems(module);
  expect(message).toContain(`cannot be read: ${why} (`);
  expect(message).not.toContain('Did you mean');
  expect(fixes).toBeUndefined();
});

it('a feature network that does not exist is an error at its setting, with a fix to a similar file', () => {
  fs.writeFileSync(path.join(folder, 'features.onnx'), '');
  const named = (file: string) =>
    `{ "data": { "source": "digits" }, "metrics": ["fid"],\n  "evaluation": { "features": ${JSON.stringify(file)} } }`;
  expect(problems('', named('./features.onnx'))).toEqual([]);
  const [problem, ...others] = problems('', named('feature.onnx'));
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ severity: 'error', code: 'features-not-found', line: 2, column: 31 });
  expect(problem.message).toBe(
    `The feature network "feature.onnx" cannot be read: the file does not exist (${path.join(folder, 'feature.onnx')}). Did you mean "features.onnx"? Paths start at the folder of the experiment file.`,
  );
  const fixed = applyFixes(named('feature.onnx'), (now) => problems('', now)).text;
  expect(fixed).toBe(named('features.onnx'));
  expect(problems('', named('nets.ts'))[0].message).toMatch(/it is a folder/);
});
