// Models are found in all common coding styles, and nowhere else.
import { describe, expect, it } from 'vitest';
import { findModels } from './findModels';
import { modelName, withLast } from './foundModel';

const star = "import * as tf from '@tensorflow/tfjs';\n";
const names = (text: string, file?: string) =>
  findModels(text, file).models.map(({ exported, kind }) => `${exported}:${kind}`);

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
    [
      'an object of names',
      `${star}function f() { return tf.sequential(); }\nconst g = () => tf.model({});\nexport const nets = { f, critic: g };`,
      ['nets:object', 'nets:object'],
    ],
    [
      'another name of a function',
      `${star}function build() { return tf.sequential(); }\nexport const g = build;`,
      ['g:function'],
    ],
    [
      'an object that is assigned to the exports',
      `${star}function f() { return tf.sequential(); }\nObject.assign(module.exports, { f, g: () => tf.model({}) });`,
      ['f:function', 'g:function'],
    ],
    [
      'a class with a decorator after its export',
      `${star}export @net class Critic { accessor n = 1; build() { return tf.sequential(); } }`,
      ['Critic:class'],
    ],
    [
      'a class with decorators of parameters',
      `${star}@net() export class Critic { build(@size() n: number) { return tf.sequential(); } }`,
      ['Critic:class'],
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
    ['names in a circle', `${star}const a = b; const b = a; export const g = a;`],
    ['an object that is assigned to something else', `${star}Object.assign(other, { g: () => tf.sequential() });`],
    ['a class that is not exported', `${star}class A { static build() { return tf.sequential(); } }`],
    ['a function inside another', `${star}function f() { const g = () => tf.sequential(); }`],
    ['a training that returns nothing', `${star}export function train() { const m = tf.sequential(); fit(m); }`],
    ['a neighbor', `${star}function g() { return tf.sequential(); }\nexport function f() { return g(); }`],
  ])('finds none: %s', (_, text) => expect(names(text)).toEqual([]));

  it.each([
    [
      'a text in JSX with an apostrophe',
      'view.tsx',
      `${star}export const View = () => <div title='a'>don't</div>;\nexport const g = (): M => tf.sequential();`,
    ],
    [
      'JSX in JavaScript',
      'view.jsx',
      `${star}export const View = () => <><p>it's {1}</p></>;\nexport const g = () => tf.sequential();`,
    ],
    [
      'a regular expression with a quote after a parenthesis',
      'a.ts',
      `${star}if (x) /it's/.test(y);\nexport const g = () => tf.sequential();`,
    ],
    [
      'decorators of classes, members and parameters',
      'a.ts',
      `${star}@Component({ selector: "it's" })\nexport class A { @Input() x = 1; constructor(@Inject(B) private b: B) {} }\nexport const g = () => tf.sequential();`,
    ],
    [
      'assertions, satisfies, enums, overloads and generics of TypeScript',
      'a.ts',
      `${star}enum E { A = 1 }\nconst a = <any>window; const b = { c: 1 } satisfies object;\nexport function g(): M;\nexport function g<const T extends { a: 1 }>(x?: T): M { return <M>tf.sequential(); }`,
    ],
    [
      'types of Flow in JavaScript',
      'a.js',
      `${star}type T = {| a: ?string |};\nexport const g = (x: T): T => tf.sequential();`,
    ],
    [
      'a module that compilers wrote',
      'a.cjs',
      `const tf = __importStar(require('@tensorflow/tfjs'));\nexports.g = void 0;\nexports.g = () => tf.default.sequential();`,
    ],
    [
      'functions taken from the library later',
      'a.mjs',
      `import tf from '@tensorflow/tfjs';\nconst { sequential: s } = tf;\nexport const g = () => s();`,
    ],
    ['the second of two variables', 'a.ts', `${star}export const a = 1, g = () => tf.sequential();`],
    [
      'a function with a type around it',
      'a.ts',
      `${star}export const g = (() => tf.sequential()) satisfies Build as Build;`,
    ],
  ])('reads %s', (_, file, text) => expect(names(text, file)).toEqual(['g:function']));

  it('names models as people do', () => {
    const text = `${star}export default function critic() { return tf.sequential(); }
      export const nets = { 'my-generator'() { return tf.model({}); } };`;
    const { models } = findModels(text);
    expect(models.map(modelName)).toEqual(['critic', 'nets.my-generator']);
    expect(withLast([], models, `{${text}`)[0].offset).toBe(text.indexOf('critic') + 1);
    expect(findModels(`${star}export default () => tf.sequential();`).models.map(modelName)).toEqual(['default']);
  });

  it.each([
    'export const g = () => tf.sequential({',
    'export function g() {\n  const m = tf.sequential();\n  m.add(\n  return m;\n}',
    'const s = "abc',
    'f(]',
    'const t = `${x',
    'export class A {\n  build() { return tf.sequential(',
    'import { } from',
    'x = <div>',
    'if (a) {',
    'export const = 3;',
  ])('finds the models around a statement that is being typed: %j', (typed) => {
    const [before, after] = [
      'export const first = () => tf.sequential();',
      'export function last() { return tf.model({}); }',
    ];
    const text = `${star}${before}\n\n${typed}\n\n${after}\n`;
    const { models, isWhole } = findModels(text, 'a.ts');
    expect(isWhole).toBe(false);
    expect(models.map(({ exported }) => exported)).toEqual(['first', 'last']);
    expect(models.map(({ offset }) => offset)).toEqual([text.indexOf('first'), text.indexOf('last')]);
  });

  it('finds the method that builds the model of a class, static methods first', () => {
    const text = `${star}export class A {\n  other() { return 1; }\n  build() { return tf.sequential({ layers: [tf.layers.dense({ units: 2 })] }); }\n  static of(c) { return tf.sequential({ layers: [tf.layers.dense({ units: 1 })] }); }\n}`;
    const [model] = findModels(text).models;
    expect(model).toMatchObject({ method: { name: 'of', isStatic: true }, layers: [{ options: { units: 1 } }] });
    expect(withLast([], [model], text.slice(0, -1))[0].offset).toBe(text.indexOf('A {'));
  });

  it('places a model at its name, and finds it there again while the user types', () => {
    const text = `${star}export const criticOf2 = 1;\nexport function critic() { return tf.sequential(); }\n`;
    const { models } = findModels(text);
    expect(models.map(({ offset }) => text.slice(offset, offset + 6))).toEqual(['critic']);
    const typing = `// a new line\n${text.replace('tf.sequential(', 'tf.sequential({')}const x = {`;
    const { models: found, isWhole } = findModels(typing);
    expect([found, isWhole]).toEqual([[], false]);
    expect(withLast(found, models, typing)[0].offset).toBe(typing.indexOf('critic()'));
    expect(withLast([], models, 'nothing')).toEqual([]);
  });

  it('keeps those that are found, and adds those that are missing', () => {
    const text = `${star}export const a = () => tf.sequential();\nexport const b = () => tf.sequential();\n`;
    const { models } = findModels(text);
    const typing = text.replace('b = () => tf.sequential(', 'b = () => tf.sequential([');
    const { models: found } = findModels(typing);
    expect(found.map(({ name }) => name)).toEqual(['a']);
    expect(withLast(found, models, typing).map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

describe('any text', () => {
  it.each([
    ['nested brackets', `x = ${'('.repeat(20_000)}${')'.repeat(20_000)}`],
    ['nested layers', `export const g = ${'tf.layers.a({b: '.repeat(5000)}1${'})'.repeat(5000)}`],
    ['a long chain', `export const g = a${' + a'.repeat(20_000)}`],
    ['unclosed templates', '`${'.repeat(10_000)],
    ['unclosed regular expressions', `/${'[/'.repeat(40_000)}`],
    ['nothing but keywords', 'export default async '.repeat(5000)],
  ])('is read or given up without an error: %s', (_, text) => expect(() => findModels(star + text)).not.toThrow());

  it('may end anywhere', () => {
    const text = `${star}export const g = (c: C) => tf.sequential({ layers: [tf.layers.dense({ units: 1, name: \`a\${1}\` })] });\n`;
    for (let end = 0; end <= text.length; end++) expect(() => findModels(text.slice(0, end))).not.toThrow();
  });
});
