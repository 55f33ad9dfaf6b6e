// Users' model files: residual, branched, with custom layers and random numbers, trained by the real command.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, experiment, metrics, scratch } from './cliProcess';

const head = `import * as tf from '@tensorflow/tfjs';\n`;

/** Critics of points; each has one raw output. */
const critics: Readonly<Record<string, string>> = {
  'residual, with layer normalization and dropout': `
    export function critic({ inputShape }) {
      const input = tf.input({ shape: inputShape });
      let x = tf.layers.dense({ units: 8 }).apply(input);
      for (let i = 0; i < 2; i++) {
        const h = tf.layers.dense({ units: 8, activation: 'swish' }).apply(x);
        x = tf.layers.add().apply([x, tf.layers.dense({ units: 8 }).apply(h)]);
      }
      x = tf.layers.dropout({ rate: 0.3 }).apply(tf.layers.layerNormalization().apply(x));
      return tf.model({ inputs: input, outputs: tf.layers.dense({ units: 1 }).apply(x) });
    }`,
  'with a custom layer that draws random numbers': `
    class Features extends tf.layers.Layer {
      static className = 'Features';
      build(shape) {
        this.w = this.addWeight('w', [shape.at(-1), 6], 'float32', tf.initializers.randomNormal({ stddev: 1 }));
        super.build(shape);
      }
      call(inputs) {
        const x = Array.isArray(inputs) ? inputs[0] : inputs;
        const p = tf.matMul(tf.add(x, tf.mul(0.05, tf.randomNormal(x.shape))), this.w.read());
        return tf.concat([tf.sin(p), tf.cos(p)], -1);
      }
      computeOutputShape(shape) { return [shape[0], 12]; }
    }
    export const critic = ({ inputShape }) => tf.sequential({ layers: [
      new Features({ inputShape }), tf.layers.activation({ activation: 'mish' }), tf.layers.dense({ units: 1 })] });`,
  'whose names differ from process to process, with an integer weight, a regularizer and a constraint': `
    class counter extends tf.layers.Layer {
      static className = 'counter';
      build(shape) {
        this.steps = this.addWeight('steps', [1], 'int32', tf.initializers.zeros(), undefined, false);
        super.build(shape);
      }
      call(inputs, { training }) {
        if (training) this.steps.write(tf.add(this.steps.read(), tf.scalar(1, 'int32')));
        const x = [inputs].flat()[0];
        return tf.mul(x, tf.add(1, tf.mul(0.01, tf.cast(this.steps.read(), 'float32'))));
      }
    }
    const name = (kind) => kind + '_' + Date.now().toString(36) + process.hrtime.bigint();
    export const critic = ({ inputShape }) => tf.sequential({ layers: [
      tf.layers.dense({ units: 8, inputShape, name: name('fc'), activation: 'tanh', kernelRegularizer: 'l1l2' }),
      new counter({ name: name('counter') }),
      tf.layers.dense({ units: 1, name: name('fc'), kernelConstraint: tf.constraints.maxNorm({ maxValue: 0.5, axis: 0 }) })] });`,
  'of two merged branches': `
    export function critic({ inputShape }) {
      const input = tf.input({ shape: inputShape });
      const a = tf.layers.dense({ units: 6, activation: 'tanh' }).apply(input);
      const b = tf.layers.gaussianNoise({ stddev: 0.1 }).apply(tf.layers.dense({ units: 6, activation: 'relu6' }).apply(input));
      const both = tf.layers.concatenate().apply([tf.layers.multiply().apply([a, b]), tf.layers.maximum().apply([a, b])]);
      const z = tf.layers.activation({ activation: 'softplus' }).apply(tf.layers.alphaDropout({ rate: 0.1 }).apply(both));
      return tf.model({ inputs: input, outputs: tf.layers.dense({ units: 1 }).apply(z) });
    }`,
};

const file = (folder: string, model: string): string => {
  writeFileSync(path.join(folder, 'model.ts'), head + model);
  return experiment(folder, { critic: { module: './model.ts', export: 'critic' } });
};

describe.each(Object.entries(critics))('a critic %s', (_, model) => {
  it('is trained, and a resumed run is bit-identical to an uninterrupted one', async () => {
    const folder = scratch();
    const [whole, parts] = ['whole', 'parts'].map((name) => path.join(folder, name));
    const trained = await cli(['train', file(folder, model), '--out', whole, '--json']);
    expect(trained.stderr).toBe('');
    expect(trained.code).toBe(0);
    expect(
      (await cli(['train', path.join(folder, 'tiny.gan.json'), '--out', parts, '--steps', '10', '--json'])).code,
    ).toBe(0);
    expect((await cli(['resume', parts, '--steps', '30', '--json'])).code).toBe(0);
    const rows = (run: string) => metrics(run).map((row) => ({ ...row, wallTime: 0 }));
    expect(rows(whole)).toHaveLength(30);
    expect(rows(parts)).toEqual(rows(whole));
    const state = (run: string) => readFileSync(path.join(run, 'checkpoints/step-30/state.safetensors'));
    expect(state(parts).equals(state(whole))).toBe(true);
  });
});

it('a layer without a gradient is rejected by name, at the setting of the model', async () => {
  const folder = scratch();
  const model = `
    class Cumulative extends tf.layers.Layer {
      static className = 'Cumulative';
      call(inputs) { return tf.cumprod([inputs].flat()[0], -1); }
    }
    export const critic = ({ inputShape }) => tf.sequential({ layers: [
      tf.layers.dense({ units: 4, inputShape }), new Cumulative({ name: 'cumulative' }), tf.layers.dense({ units: 1 })] });`;
  const { code, stderr } = await cli(['train', file(folder, model), '--out', path.join(folder, 'run')]);
  expect(code).toBe(2);
  expect(stderr).toContain('Cumprod of layer "cumulative" is not differentiable');
  expect(stderr).toContain('[model-refused]');
});

describe('a model from a file is linted like those in the catalog', () => {
  const train = (folder: string, model: string, changes: object = {}) => {
    writeFileSync(path.join(folder, 'model.ts'), head + model);
    const names = { critic: { module: './model.ts', export: 'critic' }, steps: 2, ...changes };
    return cli(['train', experiment(folder, names), '--out', path.join(folder, 'run')], folder);
  };
  const critic = (layer: string, end = '') =>
    `export const critic = ({ inputShape }) => tf.sequential({ layers: [
      tf.layers.dense({ units: 4, inputShape }), ${layer}, tf.layers.dense({ units: 1 ${end} })] });`;

  it.each([
    [
      'a sigmoid at the end',
      critic('tf.layers.reLU()', ", activation: 'sigmoid', name: 'last'"),
      'The critic ends in sigmoid (layer "last")',
      'critic-end',
    ],
    [
      'batch normalization under a penalty',
      critic("tf.layers.batchNormalization({ name: 'bn' })"),
      'Layer "bn" of the critic is batch normalization, but the critic has the penalty "gradient-penalty"',
      'batch-norm-under-penalty',
    ],
    [
      'a score that does not depend on the sample',
      `class Ones extends tf.layers.Layer { static className = 'Ones'; call([x]) { return tf.ones(x.shape); } }
      ${critic('new Ones({})')}`,
      'No gradient reaches the samples through the critic, so the generator would never change.',
      'no-gradient',
    ],
    [
      'a sample as the index of an embedding',
      `export const critic = ({ inputShape }) => tf.sequential({ layers: [
        tf.layers.embedding({ inputDim: 4, outputDim: 2, inputShape }), tf.layers.flatten(), tf.layers.dense({ units: 1 })] });`,
      'does not depend on its input by differentiable operations (GatherV2 has no gradient).',
      'model-refused',
    ],
  ])("%s is an error at the model's setting", async (_, model, message, code) => {
    const { code: exit, stderr } = await train(scratch(), model);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/tiny\.gan\.json:\d+:\d+: error: /);
    expect(stderr).toContain(message);
    expect(stderr).toContain(`[${code}]`);
  });

  it('a warning does not prevent training', async () => {
    const folder = scratch();
    const generator = `export const generator = ({ inputShape }) => tf.sequential({ layers: [
      tf.layers.dense({ units: 2, inputShape, activation: 'tanh', name: 'out' })] });`;
    const both = { generator: { module: './model.ts', export: 'generator' } };
    const { code, stdout } = await train(folder, `${critic('tf.layers.elu()')}\n${generator}`, both);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /warning {2}Layer "\w+" of the critic has the activation elu, but the critic has the penalty/,
    );
    expect(stdout).toMatch(
      /The generator ends in tanh \(layer "out"\), which outputs values from -1 to 1, but \d+% of the data/,
    );
    expect(readFileSync(path.join(folder, 'run', 'notices.jsonl'), 'utf8')).toContain('The generator ends in tanh');
  });
});
