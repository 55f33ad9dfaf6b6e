// Every old key and id is rejected with its new name and a quick fix, in files and on the command line.
import { describe, expect, test } from 'vitest';
import { applyFixes } from './applyFixes';
import { formatProblem, parseExperiment, setOverride } from './index';
import { newIdName, newKeyName, renamedIds, renamedKeys } from './renamedSettings';

/** A valid file in which the old setting can be written; the default is a ring of Gaussians. */
const files: Readonly<Record<string, object>> = {
  'data.part': { data: { source: 'cifar', path: 'cifar-10' } },
  'data.standardise': { data: { source: 'points', path: 'points.csv' } },
  'data.most': { data: { source: 'lmdb', path: 'lsun' } },
  'objective.trick': { objective: { kind: 'f-gan' } },
  'objective.half': { objective: { kind: 'ml-gan' } },
  'stabilization.weightDecay.of': { stabilization: { weightDecay: {} } },
  'generator.initialiser': { generator: { network: 'mlp' } },
  'generator.activation': { generator: { network: 'mlp' } },
  'critic.initialiser': { critic: { network: 'mlp' } },
  'critic.activation': { critic: { network: 'mlp' } },
};

/** A valid value of each renamed key. */
const values: Readonly<Record<string, unknown>> = {
  measures: ['w1'],
  stabilise: { ema: 0.9 },
  'stabilization.weightDecay.of': 'both',
  'generator.initialiser': 'he',
  'critic.initialiser': 'he',
  'objective.trick': true,
  'objective.half': true,
  'samples.statistics': 'batch',
  'data.part': 'train',
  'data.standardise': true,
  'data.most': 100,
};

const baseOf = (path: string): object => ({ data: { source: 'gaussians-ring' }, ...files[path] });

/** The object with a value at a path. */
function withValueAt(object: object, [key, ...rest]: string[], value: unknown): object {
  const inner = (object as Record<string, object | undefined>)[key] ?? {};
  return { ...object, [key]: rest.length === 0 ? value : withValueAt(inner, rest, value) };
}

const parse = (text: string) => parseExperiment(text, 'my.gan.json');
const fixed = (text: string) => applyFixes(text, (now) => parse(now).problems).text;

describe('a renamed key', () => {
  test.each(renamedKeys)('is rejected with its new name: $key is now $name', ({ key, name }) => {
    const keys = key.split('.');
    const old = keys[keys.length - 1];
    const owner = keys.slice(0, -1).join('.');
    const text = JSON.stringify(withValueAt(baseOf(key), keys, values[key]), null, 2);
    const { problems } = parse(text);
    expect(problems).toMatchObject([
      { code: 'renamed', severity: 'error', message: `"${old}"${owner && ` in ${owner}`} is now called "${name}".` },
    ]);
    const [{ offset, length, fixes = [] }] = problems;
    expect(text.slice(offset, offset + length)).toBe(`"${old}"`);
    expect(fixes.map(({ title }) => title)).toEqual([`Change to "${name}"`]);
    expect(fixed(text)).toBe(text.replace(`"${old}"`, `"${name}"`));
    expect(parse(fixed(text)).problems).toEqual([]);

    const option = `${key}=${JSON.stringify(values[key])}`;
    const overridden = parseExperiment(JSON.stringify(baseOf(key)), 'my.gan.json', [setOverride(option)]);
    expect(overridden.problems).toMatchObject([{ code: 'renamed', option: `--set ${option}` }]);
  });
});

describe('a renamed id', () => {
  test.each(renamedIds)('is rejected with its new name: "$id" in $at is now "$name"', ({ at, id, name }) => {
    const text = JSON.stringify(withValueAt(baseOf(at), at.split('.'), id), null, 2);
    const { problems } = parse(text);
    expect(problems).toMatchObject([
      { code: 'renamed', severity: 'error', message: `"${id}" in ${at} is now called "${name}".` },
    ]);
    const [{ offset, length }] = problems;
    expect(text.slice(offset, offset + length)).toBe(`"${id}"`);
    expect(fixed(text)).toBe(text.replace(`"${id}"`, `"${name}"`));
    expect(parse(fixed(text)).problems).toEqual([]);

    const option = `${at}=${id}`;
    const overridden = parseExperiment(JSON.stringify(baseOf(at)), 'my.gan.json', [setOverride(option)]);
    expect(overridden.problems).toMatchObject([{ code: 'renamed', option: `--set ${option}` }]);
  });
});

test('messages about renamed settings have the format of all problems', () => {
  const [problem] = parse('{\n  "data": { "source": "gaussians-ring" },\n  "measures": []\n}').problems;
  expect(formatProblem(problem)).toBe('my.gan.json:3:3: error: "measures" is now called "metrics". [renamed]');
});

test('an old key next to the new one gets a fix that removes it', () => {
  const text = '{\n  "data": { "source": "gaussians-ring" },\n  "metrics": ["w1"],\n  "measures": []\n}\n';
  expect(parse(fixed(text))).toMatchObject({ problems: [], experiment: { metrics: ['w1'] } });
});

test('an old word elsewhere is an ordinary unknown key or value', () => {
  expect(newKeyName(['latent', 'measures'])).toBeUndefined();
  expect(newIdName(['name'], 'unit')).toBeUndefined();
  expect(parse('{ "data": { "source": "gaussians-ring", "part": "train" } }').problems).toMatchObject([
    { code: 'unknown-key' },
  ]);
});
