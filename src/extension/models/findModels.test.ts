// Models are found in all common coding styles, and nowhere else.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findModels, modelName, relocated } from './findModels';

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
    [
      'a division after an increment',
      `${star}let i = 0; const a = i++ / 2; // "\nexport const g = () => tf.sequential() / 2;`,
      ['g:function'],
    ],
    [
      'after a regular expression behind a condition',
      `${star}if (a) /["'{]/.test(a);\nexport const g = () => tf.sequential();`,
      ['g:function'],
    ],
    ['a default function', `${star}export default function critic() { return tf.sequential(); }`, ['default:function']],
    [
      'a default function without a name',
      `${star}export default async function () { return tf.sequential(); }`,
      ['default:function'],
    ],
    ['a default arrow', `${star}export default (c) => tf.sequential();\n`, ['default:function']],
    ['a default of a name', `${star}const g = () => tf.sequential();\nexport default g;`, ['default:function']],
    [
      'a default class',
      `${star}export default class { static build() { return tf.sequential(); } }`,
      ['default:class'],
    ],
    ['a default model', `${star}export default tf.sequential();`, ['default:constant']],
    [
      'a default list',
      `${star}function g() { return tf.sequential(); }\nexport { g as default };`,
      ['default:function'],
    ],
    [
      'a CommonJS function',
      `${star}exports.g = function () { return tf.sequential(); };\nmodule.exports.h = () => tf.model({});`,
      ['g:function', 'h:function'],
    ],
    ['a CommonJS model', `${star}exports.g = tf.sequential();`, ['g:constant']],
    [
      'a CommonJS object',
      `${star}function f() { return tf.sequential(); }\nmodule.exports = { f, g: () => tf.model({}), h() { return tf.model({}); }, n: 1 };`,
      ['f:function', 'g:function', 'h:function'],
    ],
    ['a CommonJS module', `${star}module.exports = function build() { return tf.sequential(); };`, ['default:module']],
    [
      'a CommonJS module of a name',
      `${star}function build() { return tf.sequential(); }\nexports = module.exports = build;`,
      ['default:module'],
    ],
    [
      'a TypeScript module',
      `import tf = require('@tensorflow/tfjs');\nexport = () => tf.sequential();`,
      ['default:module'],
    ],
    [
      'an object',
      `${star}export const nets = { critic: () => tf.sequential(), generator(c) { return tf.model({}); }, n: 2 };`,
      ['nets:object', 'nets:object'],
    ],
    ['a class expression', `${star}export const Net = class { build() { return tf.sequential(); } };`, ['Net:class']],
    [
      'of a default import',
      `import tf from '@tensorflow/tfjs';\nexport const g = () => tf.sequential();`,
      ['g:function'],
    ],
    [
      'of an awaited import',
      `const tf = await import('@tensorflow/tfjs');\nexport const g = () => tf.sequential();`,
      ['g:function'],
    ],
    [
      'of a required function',
      `const { sequential: s, layers } = require('@tensorflow/tfjs');\nexports.g = () => s();`,
      ['g:function'],
    ],
    [
      'with a returned list in the type',
      `${star}export function g(): { a: 1 }[] { return [tf.sequential()]; }`,
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

  it('names models as people do', () => {
    const text = `${star}export default function critic() { return tf.sequential(); }
      export const nets = { 'my-generator'() { return tf.model({}); } };`;
    const models = findModels(text) ?? [];
    expect(models.map(modelName)).toEqual(['critic', 'nets.my-generator']);
    expect(relocated(models, `{${text}`)[0].offset).toBe(text.indexOf('critic') + 1);
    expect(findModels(`${star}export default () => tf.sequential();`)?.map(modelName)).toEqual(['default']);
  });

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

describe('the time of the model finder', () => {
  /** Steps per character; reading a text takes about three, finding models in it about ten. */
  const stepsPerCharacter = (text: string) => {
    const meter = { steps: 0 };
    findModels(text, meter);
    return meter.steps / text.length;
  };
  const limit = 20;

  it('is proportional to the length of any text, at any depth', () => {
    const pieces = [
      ...['/', '[/', '`${', '}`', '`', '"', "'", '\\', '/*', '*/', '//', '\n', ' ', '(', ')', '[', ']', '{', '}', ';'],
      ...['=', '=>', ',', '.', ':', '<', '>', '...', '++', '$', '1_000', 'tf', '.sequential', '(', 'model', 'layers.'],
      ...[
        'export ',
        'default ',
        'function ',
        'class ',
        'const a',
        'async ',
        'import ',
        ' from ',
        'require(',
        'static ',
      ],
      ...['exports.f=', 'module.exports=', 'return ', 'for', 'é', '\u2028', "'@tensorflow/tfjs'", star],
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 400 }), fc.nat(40), (parts, repeats) => {
        const text = star + parts.join('').repeat(1 + repeats);
        expect(stepsPerCharacter(text)).toBeLessThan(limit);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['unclosed regular expressions', '/' + '[/'.repeat(40_000)],
    ['nested templates', '`${'.repeat(10_000)],
    ['nested templates that are closed', 'x = ' + '`${'.repeat(10_000) + '1' + '}`'.repeat(10_000)],
    ['nested brackets', '('.repeat(100_000) + ')'.repeat(100_000)],
    ['nested layers', 'export const g = ' + 'tf.layers.a({b: '.repeat(10_000) + '1' + '})'.repeat(10_000)],
    ['nested models', 'export const g = ' + 'tf.model({a: '.repeat(10_000) + '1' + '})'.repeat(10_000)],
    ['functions without a body', 'function f();'.repeat(20_000)],
    ['functions on one line', 'export function f() { return tf.model() } '.repeat(10_000)],
    ['classes', 'export class A { b(c) { return tf.model() } } '.repeat(10_000)],
    ['chained assignments', 'exports = module.exports = '.repeat(10_000)],
    ['keywords alone', 'export default async '.repeat(20_000)],
    ['an open type list', 'export const f = ' + '<T,'.repeat(40_000)],
    ['a line of spaces', `export const f = () =>${' '.repeat(200_000)}{}`],
    ['one word', 'a'.repeat(500_000)],
    ['one string', `x = "${'\\"'.repeat(250_000)}"`],
  ])('is so for %s', (_, text) => expect(stepsPerCharacter(star + text)).toBeLessThan(limit));

  it('is short enough to find the places of ten thousand models again', () => {
    const text = Array.from({ length: 10_000 }, (_, i) => `export const f${i} = () => tf.sequential();`).join('\n');
    const models = findModels(star + text) ?? [];
    expect(models).toHaveLength(10_000);
    expect(relocated(models, `{${star}${text}`)).toHaveLength(10_000);
  });

  it('allows every prefix of a file', () => {
    const text = `${star}export const g = (c: C) => tf.sequential({ layers: [tf.layers.dense({ units: 1, name: \`a\${1}\` })] });\n`;
    expect(findModels(text + 'const f = (a: number) => ({ a, b: [a / 2] });\n'.repeat(10_000))).toHaveLength(1);
    for (let end = 0; end <= text.length; end++) expect(() => findModels(text.slice(0, end))).not.toThrow();
  });
});
