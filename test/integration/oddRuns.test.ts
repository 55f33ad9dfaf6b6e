// Run directories of another version, or edited ones: export and resume fill in what is missing, or say what is wrong.
// cspell:ignore stabilise
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openCheckpoint, writeCheckpoint } from '../../src/run/checkpoints';
import { cli, experiment, scratch } from './cliProcess';

type Json = Record<string, unknown>;

const original = mkdtempSync(path.join(tmpdir(), 'earthmover-odd-'));
afterAll(() => rmSync(original, { recursive: true, force: true }));
let folder: string;
let run: string;

let trained: Promise<void> | undefined;
async function train(): Promise<void> {
  const file = experiment(original, { steps: 4, samples: { every: 4, grid: [1, 1] }, metrics: [] });
  expect((await cli(['train', file, '--out', path.join(original, 'run')])).code).toBe(0);
}

beforeEach(async () => {
  await (trained ??= train());
  folder = scratch();
  run = path.join(folder, 'run');
  cpSync(path.join(original, 'run'), run, { recursive: true });
});

const exports = (format: string) =>
  cli(['export', run, '--format', format, '--out', path.join(folder, `out-${format}`)]);

function edit(change: (experiment: Json) => void): void {
  const file = path.join(run, 'experiment.json');
  const { checksum: _, ...manifest } = JSON.parse(readFileSync(file, 'utf8')) as Json & { experiment: Json };
  change(manifest.experiment);
  writeFileSync(file, JSON.stringify(manifest));
}

it('settings that an older version did not have get their defaults', async () => {
  edit((settings) => {
    delete settings.stabilization;
    delete (settings.latent as Json).distribution;
    delete (settings.checkpoints as Json).minutes;
  });
  for (const format of ['tfjs', 'onnx']) expect(await exports(format)).toMatchObject({ code: 0 });
  expect((await cli(['resume', run, '--steps', '6'])).code).toBe(0);
});

it.each<[string, (settings: Json) => void, string]>([
  ['data 1.5', (settings) => (settings.data = 1.5), 'data must be an object'],
  ['no data', (settings) => delete settings.data, 'data is missing'],
  ['an old key', (settings) => (settings.stabilise = {}), '"stabilise" is now called "stabilization"'],
  ['samples null', (settings) => (settings.samples = null), 'samples must be an object'],
])('%s: the problem is named', async (_, change, message) => {
  edit(change);
  for (const ended of [await exports('tfjs'), await exports('onnx'), await cli(['resume', run, '--steps', '6'])]) {
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(`does not contain a valid experiment: ${message}`);
    expect(ended.stderr).not.toMatch(/bug in Earthmover|^ +at /m);
  }
});

describe('a generator whose model.json is odd', () => {
  const first = (model: Json) => (model.config as { layers: { class_name: string; config: Json }[] }).layers;
  it.each<[string, (model: Json) => void]>([
    ['units of text', (model) => first(model).forEach(({ config }) => 'units' in config && (config.units = 'many'))],
    ['an unknown layer', (model) => (first(model)[1].class_name = 'Nonsense')],
    ['no layers', (model) => ((model.config as Json).layers = 3)],
    ['no configuration', (model) => delete model.config],
    ['another input', (model) => (first(model)[0].config.batch_input_shape = [null, 5])],
    ['an odd initializer', (model) => first(model).forEach(({ config }) => (config.kernel_initializer = 7))],
  ])('%s: the checkpoint is named', async (_, change) => {
    const checkpoints = path.join(run, 'checkpoints');
    const { checkpoint } = await openCheckpoint(checkpoints);
    const names = ['generator/model.json', 'generator/weights.bin', 'critic/model.json', 'critic/weights.bin'];
    const files = Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await checkpoint!.file(name)] as const)),
    );
    const json = JSON.parse(Buffer.from(files[names[0]]).toString('utf8')) as { modelTopology: Json };
    change(json.modelTopology);
    rmSync(checkpoint!.directory, { recursive: true });
    const content = { ...checkpoint!, files: { ...files, [names[0]]: Buffer.from(JSON.stringify(json)) } };
    await writeCheckpoint(checkpoints, content);
    const ended = await exports('onnx');
    expect(ended.stderr).toMatch(/step-4 cannot be built: .+ Choose another checkpoint with --step\./);
    expect(ended.stderr).not.toMatch(/bug in Earthmover|^ +at /m);
    expect(ended.code).toBe(2);
  });
});
