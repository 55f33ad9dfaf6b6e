// A run keeps the model files it began with: it resumes and exports with them, whatever becomes of the files.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadNativePackage } from '../../src/engine/onnx/nativePackage';
import { cli, experiment, lines, metrics, scratch } from './cliProcess';

const { InferenceSession, Tensor } = loadNativePackage().ort;

/** A generator of a class of its own that multiplies by a number from another file. */
const model = `import * as tf from '@tensorflow/tfjs';
import { factor } from './factor';
class Times extends tf.layers.Layer {
  static className = 'Times';
  call(x: tf.Tensor | tf.Tensor[]) { return tf.mul([x].flat()[0], factor); }
}
export const generator = () =>
  tf.sequential({ layers: [tf.layers.dense({ units: 8, inputShape: [2] }), tf.layers.dense({ units: 2 }), new Times({}) as never] });`;
const factor = (value: number) => `export const factor = ${value};\n`;

/** A run of ten steps in a folder with model.ts and factor.ts. */
async function trained(steps = 10) {
  const folder = scratch();
  writeFileSync(path.join(folder, 'model.ts'), model);
  writeFileSync(path.join(folder, 'factor.ts'), factor(1));
  const file = experiment(folder, { generator: { module: './model.ts' }, steps, metrics: [] });
  const run = path.join(folder, 'run');
  const { code, stderr } = await cli(['train', file, '--out', run, '--json']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return { folder, run };
}

const edit = (folder: string) => writeFileSync(path.join(folder, 'factor.ts'), factor(100));
const messages = (ended: Awaited<ReturnType<typeof cli>>) =>
  lines(ended).flatMap(({ event, message }) => (event === 'notice' ? [String(message)] : []));
const rows = (run: string): Record<string, number>[] => metrics(run).map((row) => ({ ...row, wallTime: 0 }));

describe('after an edit of an imported file', () => {
  it('a resumed run equals one that was not interrupted, and says what changed', async () => {
    const [{ run: whole }, { folder, run }] = [await trained(20), await trained(10)];
    edit(folder);
    const resumed = await cli(['resume', run, '--steps', '20', '--json']);
    expect(resumed.code).toBe(0);
    expect(messages(resumed)).toEqual([
      `${path.join(folder, 'factor.ts')} changed since the run began. The run continues with the code that it began with; to use the changed file, resume it with --use-current-model.`,
    ]);
    expect(rows(run)).toEqual(rows(whole));
  });

  it('--use-current-model uses the changed file from then on', async () => {
    const { folder, run } = await trained();
    edit(folder);
    const resumed = await cli(['resume', run, '--steps', '12', '--use-current-model', '--json']);
    expect(messages(resumed)).toEqual([
      `The networks are built with ${path.join(folder, 'model.ts')} as it is now, as you asked.`,
    ]);
    expect(messages(await cli(['resume', run, '--steps', '14', '--json']))).toEqual([]);
    const estimates = rows(run).map(({ estimate }) => Math.abs(estimate));
    expect(Math.max(...estimates.slice(11))).toBeGreaterThan(10 * Math.max(...estimates.slice(0, 10)));
  });

  it('an ONNX file has the network of the run', async () => {
    const { folder, run } = await trained();
    const exported = async (name: string) => {
      const file = path.join(folder, name);
      const ended = await cli(['export', run, '--format', 'onnx', '--out', file, '--json']);
      expect(ended.code).toBe(0);
      const session = await InferenceSession.create(file);
      const { samples } = await session.run({ z: new Tensor('float32', Float32Array.of(0.5, -1), [1, 2]) });
      return { notes: lines(ended)[0].notes as string[], samples: [...(samples.data as Float32Array)] };
    };
    const before = await exported('before.onnx');
    edit(folder);
    const after = await exported('after.onnx');
    expect(before.notes).toEqual([]);
    expect(after.notes).toEqual([
      `${path.join(folder, 'factor.ts')} changed since the run began. The file has the network that the run trained.`,
    ]);
    expect(after.samples).toEqual(before.samples);
  });
});

it('--use-current-model with weights of other shapes is refused, and the run is as before', async () => {
  const { folder, run } = await trained();
  writeFileSync(path.join(folder, 'model.ts'), model.replace('units: 8', 'units: 9'));
  const current = await cli(['resume', run, '--steps', '12', '--use-current-model']);
  expect(current.code).toBe(2);
  expect(current.stderr).toMatch(
    /generator\/00\.dense\.kernel is float32 \[2, 8\] in the checkpoint and float32 \[2, 9\]/,
  );
  expect((await cli(['resume', run, '--steps', '12', '--json'])).code).toBe(0);
  expect(rows(run)).toHaveLength(12);
});

it('a run needs its model files no longer: they may be deleted', async () => {
  const { folder, run } = await trained();
  for (const name of ['model.ts', 'factor.ts']) rmSync(path.join(folder, name));
  const resumed = await cli(['resume', run, '--steps', '12', '--json']);
  const gone = ['factor.ts', 'model.ts'].map((name) => path.join(folder, name)).join(', ');
  const notice = `Cannot read ${gone} any more; the copy that the run keeps is used.`;
  expect([resumed.code, messages(resumed)]).toEqual([0, [notice]]);
  expect((await cli(['export', run, '--format', 'onnx', '--out', path.join(folder, 'g.onnx')])).code).toBe(0);
  const current = await cli(['resume', run, '--steps', '14', '--use-current-model']);
  expect(current.code).toBe(2);
  expect(current.stderr).toContain('The model file "./model.ts" cannot be read: the file does not exist');
});

it('a damaged copy is refused, and a missing one is made from the files as they are', async () => {
  const { folder, run } = await trained();
  expect(readdirSync(path.join(run, 'model')).sort()).toEqual(['generator.cjs', 'generator.json']);
  const code = path.join(run, 'model', 'generator.cjs');
  const text = readFileSync(code, 'utf8');
  const record = JSON.parse(readFileSync(path.join(run, 'model', 'generator.json'), 'utf8')) as Record<string, unknown>;
  expect(record).toMatchObject({
    file: path.join(folder, 'model.ts'),
    sha256: createHash('sha256').update(text).digest('hex'),
  });
  expect(
    Object.keys(record.sources as object)
      .map((file) => path.basename(file))
      .sort(),
  ).toEqual(['factor.ts', 'model.ts']);
  writeFileSync(code, text.replace('factor = 1', 'factor = 2'));
  const damaged = await cli(['resume', run, '--steps', '12']);
  expect(damaged.code).toBe(2);
  expect(damaged.stderr).toContain('generator.cjs is damaged: its checksum does not match; start a new run');
  rmSync(path.join(run, 'model'), { recursive: true });
  const resumed = await cli(['resume', run, '--steps', '12', '--json']);
  expect(messages(resumed)).toEqual([
    `The networks are built with ${path.join(folder, 'model.ts')} as it is now, because the run has no copy of it.`,
  ]);
  expect(readFileSync(code, 'utf8')).toBe(text);
});

it('a saved model is loaded from a file next to the module, keeps its weights, and its change is said', async () => {
  const folder = scratch();
  const first = await cli([
    'train',
    experiment(folder, { steps: 4, metrics: [] }),
    '--out',
    path.join(folder, 'first'),
  ]);
  expect(first.code).toBe(0);
  const saved = path.join(folder, 'first', 'checkpoints', 'step-4', 'generator');
  writeFileSync(
    path.join(folder, 'model.mjs'),
    `import * as tf from '@tensorflow/tfjs-node';
export const generator = async () => {
  const model = await tf.loadLayersModel('file://./first/checkpoints/step-4/generator/model.json');
  console.error('loaded', model.getWeights()[0].dataSync().join());
  return model;
};
export const handler = () => tf.loadLayersModel(tf.io.fileSystem('first/checkpoints/step-4/generator'));
export const missing = () => tf.loadLayersModel('file:///no/such/model.json');
export const other = () => tf.loadLayersModel('./model.mjs');`,
  );
  const tune = (name: string, more: readonly string[] = []) => {
    const generator = { module: './model.mjs', export: name };
    const file = experiment(folder, { generator, steps: 4, metrics: [] }, 'tune.gan.json');
    return cli(['train', file, '--out', path.join(folder, name), '--json', ...more]);
  };
  const tuned = await tune('generator');
  expect(tuned.code).toBe(0);
  const weights = readFileSync(path.join(saved, 'weights.bin'));
  const kernel = new Float32Array(weights.buffer.slice(weights.byteOffset, weights.byteOffset + 4 * 32));
  expect(tuned.stderr).toContain(`loaded ${kernel.join()}`);
  expect((await tune('handler')).code).toBe(0);
  expect((await tune('missing')).stderr).toMatch(
    /model\.mjs:8:\d+: error: The saved model cannot be read from \/no\/such\/model\.json: it does not exist\. Relative paths start at the folder of the model file\./,
  );
  expect((await tune('other')).stderr).toMatch(
    /model\.mjs is not the model\.json of a TensorFlow\.js model\. Convert a Keras model/,
  );
  writeFileSync(
    path.join(saved, 'weights.bin'),
    weights.map((byte, i) => (i === 0 ? byte ^ 1 : byte)),
  );
  const resumed = await cli(['resume', path.join(folder, 'generator'), '--steps', '6', '--json']);
  expect(resumed.code).toBe(0);
  expect(messages(resumed)).toEqual([expect.stringContaining('weights.bin changed since the run began.')]);
});
