// The forms in which people's model files build their networks, each trained by the real command.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, experiment, lines, scratch } from './cliProcess';

const imports = `import * as tf from '@tensorflow/tfjs';\n`;
/** JavaScript of a generator of points: latent, width and channels are names of variables. */
const body = (input = '[latentDim]', units = 'channels') =>
  `const m = tf.sequential(); m.add(tf.layers.dense({ units: 4, inputShape: ${input}, activation: 'relu' })); m.add(tf.layers.dense({ units: ${units} })); return m;`;
const object = `({ inputShape, outputShape }) { ${body('inputShape', 'outputShape[0]')} }`;

/** Trains two steps with `name` of a file as the generator. */
async function train(files: Readonly<Record<string, string>>, name?: string, role = 'generator') {
  const folder = scratch();
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const [module] = Object.keys(files);
  const network = { module: `./${module}`, ...(name === undefined ? {} : { export: name }) };
  const changes = { [role]: network, steps: 2, metrics: [], stabilization: { ema: 0.05 }, samples: { every: 2 } };
  const file = experiment(folder, { ...changes, checkpoints: { every: 2, keep: 1 } });
  const ended = await cli(['train', file, '--out', path.join(folder, 'run'), '--json'], folder);
  return { ...ended, folder, notices: lines(ended).filter(({ event }) => event === 'notice') };
}

const forms: Readonly<Record<string, readonly [text: string, name?: string]>> = {
  'a function of numbers': [
    `${imports}export function createGenerator(latentDim, channels) { ${body()} }`,
    'createGenerator',
  ],
  'numbers under other names, with more that have defaults': [
    `${imports}export const makeG = (z_dim, hidden = 4, out_channels = 1) => { const latentDim = z_dim, channels = out_channels; ${body()} };`,
    'makeG',
  ],
  'a function of shapes': [
    `${imports}export function generator(noiseDim, imageShape) { ${body('[noiseDim]', 'imageShape[0]')} }`,
  ],
  'an object of numbers': [`${imports}export const generator = ({ latentDim, channels }) => { ${body()} };`],
  'an object under any name': [
    `${imports}export function generator(whatever) { const { inputShape, outputShape } = whatever; ${body('inputShape', 'outputShape[0]')} }`,
  ],
  'a class with a method': [`${imports}export class Generator { buildModel${object} }`, 'Generator'],
  'a class with a static method': [`${imports}export default class { static create${object} }`],
  'a class that keeps its model': [
    `${imports}export class GAN { constructor(latentDim, channels) { this.generator = (() => { ${body()} })(); this.discriminator = tf.sequential(); } }`,
    'GAN',
  ],
  'a class with options, and a method for each network': [
    `${imports}export default class GAN { constructor(opts = {}) { this.generator = null; this.units = opts.units ?? 4; } buildGenerator(latentDim, channels) { ${body()} } buildDiscriminator() {} }`,
  ],
  'a script that finds tf among the globals': [`exports.generator = function ${object}; // require(nothing)`],
  'an object of builders': [`${imports}export const gan = { critic() {}, generator${object} };`, 'gan'],
  'a promise of a model': [
    `${imports}export const generator = (async () => { const latentDim = 2, channels = 2; ${body()} })();`,
  ],
  'module.exports = function': [`const tf = require('@tensorflow/tfjs-node');\nmodule.exports = function ${object};`],
  'module.exports = { … }': [
    `const tf = require('@tensorflow/tfjs');\nfunction build(latentDim, channels) { ${body()} }\nmodule.exports = { generator: build };`,
  ],
  'export default of a function': [`import tf from '@tensorflow/tfjs-node-gpu';\nexport default function ${object}`],
  'export default of an object': [`${imports}export default { generator${object}, critic() {} };`],
  'a function of a function': [`${imports}export const generator = () => function ${object};`],
  'an await at the top level': [
    `import '@tensorflow/tfjs-backend-webgl';\nimport { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';\n${imports}setWasmPaths('/wasm/');\nawait tf.ready();\nexport function generator${object}`,
  ],
  "a layer that extends a class of a file inside TensorFlow.js' packages": [
    `import { Layer } from '@tensorflow/tfjs-layers/dist/engine/topology';\n${imports}class Twice extends Layer { static className = 'Twice'; call(x) { return tf.mul([x].flat()[0], 2); } }\nexport const generator = () => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] }), new Twice({})] });`,
  ],
  'names with counters and times': [
    `${imports}let n = 0;\nconst name = () => \`fc\${n++}_\${Date.now().toString(36)}_\${performance.now()}\`;\nexport const generator = () => tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [2], name: name() }), tf.layers.dense({ units: 2, name: name() })] });`,
  ],
  'a layer class in lower case': [
    `${imports}class normalize extends tf.layers.Layer { static className = 'normalize'; build(s) { this.g = this.addWeight('gain', [s.at(-1)], 'float32', tf.initializers.ones()); super.build(s); } call(x) { return tf.mul([x].flat()[0], this.g.read()); } }\nexport const generator = () => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] }), new normalize({})] });`,
  ],
  'a ready model with a class that is not registered or named': [
    `${imports}class Twice extends tf.layers.Layer { call(x) { return tf.mul([x].flat()[0], 2); } }\nexport const generator = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] }), new Twice({})] });`,
  ],
  'an integer weight that counts': [
    `${imports}class Count extends tf.layers.Layer { static className = 'Count'; build(s) { this.n = this.addWeight('n', [1], 'int32', tf.initializers.zeros(), undefined, false); super.build(s); } call(x, { training }) { if (training) this.n.write(tf.add(this.n.read(), tf.scalar(1, 'int32'))); return [x].flat()[0]; } }\nexport const generator = () => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] }), new Count({})] });`,
  ],
  'packages that are not installed and not needed': [
    `const { ArgumentParser } = require('argparse');\nconst progress = require('progress');\nconst tf = require('@tensorflow/tfjs');\nfunction main() { new ArgumentParser().parseArgs(); }\nif (require.main === module) main();\nexports.generator = function ${object};`,
  ],
};

describe('a generator is trained from', () => {
  it.each(Object.entries(forms))('%s', async (_, [text, name]) => {
    const { code, stderr } = await train({ [text.includes('require(') ? 'model.js' : 'model.mjs']: text }, name);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });
});

it('a class that is private to TensorFlow.js is named, with what to import instead', async () => {
  const text = `import { Dense } from '@tensorflow/tfjs-layers/dist/layers/core';\n${imports}export const generator = () => tf.sequential({ layers: [new Dense({ units: 2, inputShape: [2] })] });`;
  const { code, stderr } = await train({ 'model.mjs': text });
  expect(code).toBe(2);
  expect(stderr).toContain(
    'Dense of "@tensorflow/tfjs-layers/dist/layers/core" is private to TensorFlow.js. Import from',
  );
});

it('a message of TensorFlow.js on several lines is shown on one', async () => {
  const text = `${imports}export const generator = () => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2], activation: 'nope' })] });`;
  const { code, stderr } = await train({ 'model.mjs': text });
  expect(code).toBe(2);
  expect(stderr).toContain('due to one of the following reasons: 1. The activation is');
  expect(stderr).not.toContain('u{a}');
});

it('tf.setBackend has no effect, awaited or not, and the run says so once', async () => {
  const text = `${imports}tf.setBackend('webgl');\nexport async function generator${object.replace('{ const', "{ await tf.setBackend('cpu'); const")}`;
  const { code, notices } = await train({
    'model.ts': text.replaceAll('({ inputShape, outputShape })', '({ inputShape, outputShape }: any)'),
  });
  expect(code).toBe(0);
  const said = notices.map(({ message }) => message).filter((message) => String(message).includes('setBackend'));
  expect(said).toEqual([
    expect.stringMatching(/^tf\.setBackend\("webgl"\) in the model file has no effect/),
    expect.stringMatching(/^tf\.setBackend\("cpu"\) in the model file has no effect/),
  ]);
});

it('each file knows its own path', async () => {
  const text = `import { sizes } from './parts/sizes.mjs';\nimport { readFileSync } from 'node:fs';\nimport path from 'path';\nimport { fileURLToPath } from 'node:url';\n${imports}
const __dirname = path.dirname(fileURLToPath(import.meta.url));
const own = JSON.parse(readFileSync(path.join(__dirname, 'own.json'), 'utf8'));
export const generator = () => tf.sequential({ layers: [tf.layers.dense({ units: own.units, inputShape: [2] }), tf.layers.dense({ units: sizes.units })] });`;
  const { code, stderr } = await train({
    'model.mjs': text,
    'own.json': '{ "units": 4 }',
    'parts/sizes.mjs': `import { readFileSync } from 'fs';\nexport const sizes = JSON.parse(readFileSync(new URL('./sizes.json', import.meta.url), 'utf8'));`,
    'parts/sizes.json': '{ "units": 2 }',
  });
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

describe('what cannot be called or built is said at its place', () => {
  it.each<[string, string, RegExp, string?]>([
    [
      'a parameter without a known value',
      `${imports}\nexport function generator(latentDim, filters) { ${body()} }`,
      /model\.mjs:3:17: error: "generator" cannot be called: "filters" is not a name with a known value for this generator\. It is called with one object \{ role, inputShape, outputShape \}, or by parameter names such as latentDim/,
    ],
    [
      'an image size for points',
      `${imports}export const generator = (latentDim, imageSize) => { ${body()} };`,
      /model\.mjs:2:14: error: "generator" cannot be called: "imageSize" is not a name with a known value/,
    ],
    [
      'a number of classes',
      `${imports}export function generator(latentDim, numClasses) { ${body()} }`,
      /"generator" takes "numClasses"\. Labels are not supported yet/,
    ],
    [
      'a function that fails',
      `${imports}export function generator(latentDim) {\n  return tf.layers.dense({ units: 2 }).apply(latentDim.shape[0]);\n}`,
      /model\.mjs:3:\d+: error: Cannot read .* It was called as generator\(2\), by the names of its parameters\. \[model-call\]/,
    ],
    [
      'a layer class',
      `${imports}export class generator extends tf.layers.Layer {}`,
      /model\.mjs:2:14: error: "generator" is a layer;/,
    ],
    [
      'nothing',
      `${imports}export function generator() { tf.sequential(); }`,
      /"generator" is undefined: it returned nothing;/,
    ],
    [
      'two models',
      `${imports}export function generator() { return [1, 2]; }`,
      /is an array of 2 \(export one function for each network\)/,
    ],
    [
      'a name that is not exported',
      `${imports}export function buildGenerator() {}`,
      /exports no function or model "generator": it exports buildGenerator\. Set "export" to "buildGenerator"\. \[model-export\]/,
    ],
    [
      'a getter that throws',
      `Object.defineProperty(exports, 'generator', { enumerable: true, get() { throw new Error('no luck'); } });`,
      /error: no luck \[model-load\]/,
    ],
    ['a value that is thrown', `${imports}export function generator() { throw 'no'; }`, /The model file threw no\./],
    [
      'what throws even when it is shown',
      `${imports}export function generator() { throw { toString() { throw new Error(); } }; }`,
      /The model file threw a value that cannot be shown as text\./,
    ],
    [
      'a file that is missing',
      `import './missing.js';\nexport const generator = 1;`,
      /model\.mjs:1:8: error: The import "\.\/missing\.js" was not found\./,
    ],
    [
      'a package that is missing and used',
      `import { layers } from 'no-such-package-of-layers';\nexport const generator = () =>\n  layers.block(3);`,
      /model\.mjs:3:\d+: error: The package "no-such-package-of-layers"\.layers\.block is not available: it is not installed: run "npm install no-such-package-of-layers"/,
    ],
    [
      'a graph model',
      `${imports}export const generator = () => tf.loadGraphModel('file://x');`,
      /tf\.loadGraphModel is not available: a graph model cannot be trained/,
    ],
  ])('%s', async (_, text, message) => {
    const { code, stderr } = await train({ [text.includes('exports,') ? 'model.js' : 'model.mjs']: text });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('bug');
    expect(code).toBe(2);
  });
});
