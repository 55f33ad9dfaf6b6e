// Models are found in all common coding styles, and nowhere else.
import { describe, expect, it } from 'vitest';
import { findModels, relocated } from './findModels';

const star = "import * as tf from '@tensorflow/tfjs';\n";
const names = (text: string) => findModels(text)?.map(({ exported, kind }) => `${exported}:${kind}`);

describe('the model finder', () => {
  it.each([
    ['a function', `${star}export function critic() { return tf.sequential(); }`, ['critic:function']],
    ['an async function', `${star}export async function g() { const m = tf.model({}); return m; }`, ['g:function']],
    [
      'with a return type in braces',
      `${star}export function g(): { a: number } { return tf.model({}) as never; }`,
      ['g:function'],
    ],
    [
      'with destructured parameters',
      `${star}export function g({ a }: { a: number[] }) {\n  return tf.sequential();\n}`,
      ['g:function'],
    ],
    ['an arrow', `${star}export const g = () => tf.sequential({ layers: [] });`, ['g:function']],
    [
      'an arrow with a type',
      `${star}export const g: (c: C) => tf.LayersModel = (c) => tf.sequential();`,
      ['g:function'],
    ],
    ['an arrow of one name', `${star}export const g = context => { return tf.model({}); };`, ['g:function']],
    ['a generic arrow', `${star}export const g = <T,>(c: T) => tf.sequential();`, ['g:function']],
    ['a function expression', `${star}export const g = function () { return tf.sequential(); };`, ['g:function']],
    ['a constant', `${star}export const g = tf.sequential({ layers: [] });`, ['g:constant']],
    ['a constant with a type', `${star}export const g: tf.Sequential = tf.sequential();`, ['g:constant']],
    ['without semicolons', `${star}export const a = () => tf.sequential()\nexport const b = 1\n`, ['a:function']],
    ['exported later', `${star}function g() { return tf.sequential(); }\nexport { g };`, ['g:function']],
    [
      'exported under another name',
      `${star}function g() { return tf.sequential(); }\nexport { g as critic };`,
      ['critic:function'],
    ],
    [
      'of named imports',
      `import { sequential, layers } from '@tensorflow/tfjs';\nexport const g = () => sequential();`,
      ['g:function'],
    ],
    [
      'of a renamed import',
      `import { model as build } from '@tensorflow/tfjs-layers';\nexport const g = () => build({});`,
      ['g:function'],
    ],
    [
      'of a namespace of another name',
      `import * as t from '@tensorflow/tfjs-node';\nexport const g = () => t.sequential();`,
      ['g:function'],
    ],
    [
      'CommonJS',
      `const tf = require('@tensorflow/tfjs');\nfunction g() { return tf.sequential(); }\nmodule.exports = { critic: g };`,
      ['critic:function'],
    ],
    [
      'CommonJS by name',
      `const tf = require("@tensorflow/tfjs");\nconst g = () => tf.sequential();\nexports.g = g;`,
      ['g:function'],
    ],
    [
      'a class with a static method',
      `${star}export class Critic {\n  units = 3;\n  static build({ inputShape }) { return tf.sequential(); }\n}`,
      ['Critic:class'],
    ],
    [
      'a class with a method, exported later',
      `${star}class Net extends Base {\n  constructor() { super(); }\n  create() { const m = tf.model({}); return m; }\n}\nexport { Net };`,
      ['Net:class'],
    ],
    ['a class with a static arrow', `${star}export class G { static make = (c) => tf.sequential(); }`, ['G:class']],
    ['spread over lines', `${star}export const g = () =>\n  tf\n    .sequential({ layers: [] });`, ['g:function']],
    [
      'after a regular expression and a template',
      `${star}const r = /["'{(]/g; const t = \`\${r} { \${'}'}\`;\nexport const g = () => tf.sequential();`,
      ['g:function'],
    ],
    [
      'after a division',
      `${star}const a = 4 / 2, b = (1) / 3; // "\nexport const g = () => tf.sequential();`,
      ['g:function'],
    ],
  ])('finds a model in %s', (_, text, expected) => expect(names(text)).toEqual(expected));

  it.each([
    ['not exported', `${star}function g() { return tf.sequential(); }`],
    ['exported from elsewhere', `${star}function g() { return tf.sequential(); }\nexport { g } from './g';`],
    [
      'in a comment',
      `${star}// export function g() { return tf.sequential(); }\n/* export const h = tf.sequential(); */`,
    ],
    ['in a text', `${star}export const g = 'tf.sequential()'; export const h = () => \`tf.model()\`;`],
    ['a method of something else', `${star}export const g = () => my.tf.sequential();`],
    ['another library', `import * as tf from 'other';\nexport const g = () => tf.sequential(); // @tensorflow/tfjs`],
    ['a class that only has a model', `${star}export class A { constructor() { this.m = tf.sequential(); } }`],
    ['a method that returns nothing', `${star}export class A { train() { const m = tf.sequential(); fit(m); } }`],
    ['a class that is not exported', `${star}class A { static build() { return tf.sequential(); } }`],
    ['a function inside another', `${star}function f() { const g = () => tf.sequential(); }`],
    ['a training that returns nothing', `${star}export function train() { const m = tf.sequential(); fit(m); }`],
    ['a neighbor', `${star}function g() { return tf.sequential(); }\nexport function f() { return g(); }`],
  ])('finds none: %s', (_, text) => expect(names(text)).toEqual([]));

  it('returns undefined while the text does not parse', () => {
    for (const broken of ['export const g = () => tf.sequential({', 'const s = "abc', '/* open', 'f(]', '`${x']) {
      expect(findModels(`${star}${broken}\n`), broken).toBeUndefined();
    }
  });

  it('finds the method that builds the model of a class, static methods first', () => {
    const text = `${star}export class A {\n  other() { return 1; }\n  build() { return tf.sequential({ layers: [tf.layers.dense({ units: 2 })] }); }\n  static of(c) { return tf.sequential({ layers: [tf.layers.dense({ units: 1 })] }); }\n}`;
    const [model] = findModels(text) ?? [];
    expect(model).toMatchObject({ method: { name: 'of', isStatic: true }, layers: [{ options: { units: 1 } }] });
    expect(relocated([model], text.slice(0, -1))[0].offset).toBe(text.indexOf('A {'));
  });

  it('places a model at its name, and finds it there again while the user types', () => {
    const text = `${star}export const criticOf2 = 1;\nexport function critic() { return tf.sequential(); }\n`;
    const models = findModels(text) ?? [];
    expect(models.map(({ offset }) => text.slice(offset, offset + 6))).toEqual(['critic']);
    const typing = `// a new line "\n${text}const x = {`;
    expect(findModels(typing)).toBeUndefined();
    expect(relocated(models, typing)[0].offset).toBe(typing.indexOf('critic()'));
    expect(relocated(models, 'nothing')).toEqual([]);
  });
});

it('the model finder is fast for ten thousand lines, and accepts every prefix of a file', () => {
  const text = `${star}export const g = (c: C) => tf.sequential({ layers: [tf.layers.dense({ units: 1, name: \`a\${1}\` })] });\n`;
  expect(findModels(text + 'const f = (a: number) => ({ a, b: [a / 2] });\n'.repeat(10_000))).toHaveLength(1);
  for (let end = 0; end <= text.length; end++) expect(() => findModels(text.slice(0, end))).not.toThrow();
});
