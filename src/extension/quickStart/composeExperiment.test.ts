// A quick start composes an experiment that parses without problems and matches the model.
import fs from 'node:fs';
import { Module } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it, vi } from 'vitest';
import { scratch } from '../../../test/fixtures/run/scratch';
import { lintExperiment, parseExperiment } from '../../experiment';
import { findModels } from '../models/findModels';
import { adapterText, composeQuickStart, type QuickStartRequest } from './composeExperiment';
import { shortenedSettings } from './quickStart';

vi.mock('vscode', () => import('../../../test/support/vscode'));

function request(layers: readonly string[], role: QuickStartRequest['role'], name = 'net'): QuickStartRequest {
  const list = layers.map((each) => `tf.layers.${each}`).join(', ');
  const text = `import * as tf from '@tensorflow/tfjs';\nexport const ${name} = (c) => tf.sequential({ layers: [${list}] });\n`;
  return { model: findModels(text).models[0], role, module: '../../models.ts', fileName: 'models.ts' };
}

function composed(from: QuickStartRequest) {
  const result = composeQuickStart(from);
  if (!('text' in result)) throw new Error(`not composed: ${JSON.stringify(result)}`);
  const parsed = parseExperiment(result.text, 'net.gan.json');
  expect([...parsed.problems, ...lintExperiment(parsed)]).toEqual([]);
  return { ...result, experiment: parsed.experiment! };
}

const same = "strides: 2, padding: 'same'";
const digitCritic = [
  `conv2d({ filters: 24, kernelSize: 5, ${same}, inputShape: [28, 28, 1] })`,
  'flatten()',
  'dense({ units: 1 })',
];
const open = ['dense({ units: 48, inputShape: c.inputShape })', 'dense({ units: 1 })'];

describe('a quick start', () => {
  it('with a critic of open shape uses a ring of Gaussians and an MLP of the same size', () => {
    const { experiment, summary } = composed(request(open, 'critic'));
    expect(experiment).toMatchObject({
      data: { source: 'gaussians-ring', modes: 8 },
      critic: { module: '../../models.ts', export: 'net' },
      generator: { network: 'mlp', depth: 1, width: 48 },
      constraint: [{ kind: 'gradient-penalty', lambda: 1 }],
      steps: 500,
    });
    expect(summary).toBe(
      'net as critic, against an MLP with 1 hidden layer of 48 units, on a ring of eight Gaussians, with wgan-gp, 500 steps',
    );
  });

  it('with a generator uses its latent size', () => {
    const { experiment } = composed(
      request(['dense({ units: 64, inputShape: [7] })', 'dense({ units: 2 })'], 'generator'),
    );
    expect(experiment.latent.size).toBe(7);
    expect(experiment.critic).toMatchObject({ network: 'mlp', depth: 1, width: 64 });
  });

  it('with a critic of digits uses digits and a DCGAN of the same width', () => {
    const { experiment } = composed(request(digitCritic, 'critic'));
    expect(experiment.data).toMatchObject({ source: 'digits', size: 28 });
    expect(experiment.generator).toMatchObject({ network: 'dcgan', filters: 24, normalization: 'batch' });
  });

  it('with a convolutional generator of open size has a critic without batch normalization', () => {
    const { experiment } = composed(request(['conv2dTranspose({ filters: c.channels })'], 'generator'));
    expect(experiment.data).toMatchObject({ source: 'digits', size: 28 });
    expect(experiment.critic).toMatchObject({ network: 'dcgan', filters: 16, normalization: 'none' });
  });

  it('clips weights if batch normalization in the critic rules out a penalty', () => {
    const { experiment, text } = composed(
      request([...digitCritic.slice(0, 1), 'batchNormalization()', ...digitCritic.slice(1)], 'critic'),
    );
    expect(experiment.constraint.map(({ kind }) => kind)).toEqual(['clip']);
    expect(text).toContain('Weight clipping instead of a gradient penalty');
  });

  it('with a model of color images needs a folder of images', () => {
    const from = request([`conv2d({ filters: 24, kernelSize: 5, ${same}, inputShape: [64, 64, 3] })`], 'critic');
    expect(composeQuickStart(from)).toEqual({ needsImages: { size: 64, channels: 3 } });
    const { experiment } = composed({ ...from, images: '/photos "of" mine' });
    expect(experiment.data).toMatchObject({ source: 'images', path: '/photos "of" mine', size: 64, channels: 3 });
  });

  it.each([
    ['[784]', 'flatten or reshape it in the model'],
    ['[28, 20, 1]', 'images must be square'],
    ['[6, 6, 1]', 'sides of 8 to 1024 pixels'],
    ['[32, 32, 2]', '1, 3 or 4 channels'],
    ['[4, 4]', 'data sets contain points [2] or square images'],
  ])('is rejected with a reason if no data matches %s', (shape, why) => {
    const result = composeQuickStart(request([`dense({ units: 1, inputShape: ${shape} })`], 'critic'));
    expect(result).toEqual({ noMatch: expect.stringContaining(why) });
  });

  it('escapes all names', () => {
    const { experiment, text } = composed({
      ...request(open, 'critic'),
      module: '../../a "b"\\c.ts',
      fileName: 'x\n}{.ts',
    });
    expect(experiment.critic).toMatchObject({ module: '../../a "b"\\c.ts' });
    expect(text.split('\n').filter((line) => line.includes('//') && line.length > 80)).toEqual([]);
  });
});

it('shortens a long experiment and makes its samples more frequent', () => {
  const short = (steps: number, every: number, name = 'x') => {
    const { experiment } = parseExperiment(
      JSON.stringify({ name, data: { source: 'swiss-roll' }, steps, samples: { every } }),
      'x',
    );
    return shortenedSettings(experiment!);
  };
  expect(short(4000, 200)).toEqual(['name=x quick start', 'steps=500', 'samples.every=25']);
  expect(short(100, 200).slice(1)).toEqual(['steps=100', 'samples.every=5']);
  expect(short(3, 1).slice(1)).toEqual(['steps=3', 'samples.every=1']);
  // The name of the generated experiment of a model already says so; a name may have 200 characters.
  expect(short(3, 1, 'critic quick start')).toEqual(['steps=3', 'samples.every=1']);
  const [long] = short(3, 1, 'x'.repeat(200));
  expect(long).toBe(`name=${'x'.repeat(180)} quick start`);
});

describe('whatever the CodeLens offers', () => {
  const root = scratch();
  const file = (name: string) => path.join(root(), name);

  /** What the export that the experiment names returns, with a stand-in for TensorFlow.js. */
  async function trained(source: string): Promise<unknown> {
    fs.mkdirSync(root(), { recursive: true });
    fs.writeFileSync(file('models.ts'), source);
    const [model] = findModels(source).models;
    const adapter = adapterText(model, './models.ts');
    if (adapter !== undefined) fs.writeFileSync(file('adapter.ts'), adapter);
    const module = adapter === undefined ? './models.ts' : './adapter.ts';
    const { experiment } = composed({ model, role: 'critic', module, fileName: 'models.ts' });
    const stub =
      "export const sequential = () => ({ toJSON: () => 'built' }); export const models = { modelFromJSON: () => 'built' };";
    const { outputFiles } = await build({
      entryPoints: [file(module)],
      bundle: true,
      write: false,
      platform: 'node',
      format: 'cjs',
      logLevel: 'silent',
      plugins: [
        {
          name: 'tensorflow',
          setup({ onResolve, onLoad }) {
            onResolve({ filter: /^@tensorflow/ }, ({ path }) => ({ path, namespace: 'stub' }));
            onLoad({ filter: /.*/, namespace: 'stub' }, () => ({ contents: stub }));
          },
        },
      ],
    });
    const loaded = new Module(file('bundle.cjs')) as unknown as {
      exports: Record<string, (context: object) => unknown>;
      _compile(code: string, file: string): void;
    };
    loaded._compile(outputFiles[0].text, file('bundle.cjs'));
    const { export: name } = experiment.critic as { export: string };
    return loaded.exports[name]({ inputShape: [2] });
  }

  const es = "import * as tf from '@tensorflow/tfjs';\n";
  const cjs = "const tf = require('@tensorflow/tfjs');\n";
  it.each([
    [`${es}export const critic = () => tf.sequential();`],
    [`${es}export const critic = tf.sequential();`],
    [`${es}export default function () { return tf.sequential(); }`],
    [`${es}export default tf.sequential();`],
    [`${es}export default class { static build() { return tf.sequential(); } }`],
    [`${es}export class Critic { build(c) { return tf.sequential({ c }); } }`],
    [`${es}export const nets = { n: 1, critic: (c) => tf.sequential() };`],
    [`${es}export default { 'my-critic'(c) { return tf.sequential(); } };`],
    [`${es}function f() { return tf.sequential(); }\nexport { f as 'my-critic' };\nexport { f as critic };`],
    [`${cjs}module.exports = function () { return tf.sequential(); };`],
    [`${cjs}const build = () => tf.sequential();\nmodule.exports = build;`],
    [`${cjs}module.exports = class { static build() { return tf.sequential(); } };`],
    [`${cjs}exports.critic = (c) => tf.sequential();`],
    [`${cjs}module.exports = { n: 1, critic(c) { return tf.sequential(); } };`],
    [`${cjs}module.exports = { 'my-critic': tf.sequential() };`],
  ])('can be trained: %s', async (source) => {
    const built = await trained(source);
    expect(built === 'built' || typeof (built as { toJSON?: unknown }).toJSON === 'function').toBe(true);
  });
});
