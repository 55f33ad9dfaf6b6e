// Histograms of weights and gradients of a real run: for every layer, without affecting training, and not repeated by a
// resume.
import { cpSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isStepSummary, type StepSummary } from '../../src/protocol/histograms';
import { tensorboardFiles, readTensorboardFile } from '../../src/run/tensorboardEvents';
import { cli, experiment, metrics, scratch } from './cliProcess';

const text = (run: string) => readFileSync(path.join(run, 'histograms.jsonl'), 'utf8');
const summaries = (run: string) =>
  text(run)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as StepSummary);
const untimed = (run: string) => metrics(run).map((row) => ({ ...row, wallTime: 0 }));
/** The tensors of the last checkpoint, without the header: the health watch has seen more samples if there are more. */
const state = (run: string) => {
  const file = readFileSync(path.join(run, 'checkpoints/step-30/state.safetensors'));
  return file.subarray(8 + Number(file.readBigUInt64LE()));
};

/** Everything a probe could disturb: power iteration, moving averages, and noise of networks and samples. */
const sensitive = {
  objective: 'hinge',
  constraint: ['spectral-norm', 'dragan'],
  stabilization: { ema: 0.9, instanceNoise: {} },
  generator: { network: 'mlp', depth: 2, width: 16, normalization: 'batch' },
  metrics: [],
};

describe('histograms', () => {
  it('do not change the training result, bit for bit, and are the same after a resume', async () => {
    const folder = scratch();
    const [often, once, resumed] = ['often', 'once', 'resumed'].map((name) => path.join(folder, name));
    for (const [run, every] of [
      [often, 5],
      [once, 30],
    ] as const) {
      const ended = await cli([
        'train',
        experiment(folder, { ...sensitive, samples: { every } }),
        '--out',
        run,
        '--json',
      ]);
      expect([ended.code, ended.stderr]).toEqual([0, '']);
    }
    expect(untimed(often)).toEqual(untimed(once));
    expect(state(often).equals(state(once))).toBe(true);

    expect(summaries(often).map(({ step }) => step)).toEqual([5, 10, 15, 20, 25, 30]);
    expect(summaries(once)).toEqual(summaries(often).slice(-1));
    for (const summary of summaries(often)) {
      expect(isStepSummary(summary)).toBe(true);
      const { layers } = summary;
      expect(new Set(layers.map(({ network }) => network))).toEqual(new Set(['generator', 'critic']));
      expect(layers.every(({ weights, gradients }) => weights !== null && gradients !== null)).toBe(true);
      expect(layers.some(({ gradients }) => gradients!.norm > 0)).toBe(true);
    }

    cpSync(often, resumed, { recursive: true });
    for (const step of [20, 30]) rmSync(path.join(resumed, `checkpoints/step-${step}`), { recursive: true });
    expect((await cli(['resume', resumed, '--json'])).code).toBe(0);
    expect(text(resumed)).toBe(text(often));
  });

  it('are in the TensorBoard file, one per parameter', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    expect((await cli(['train', experiment(folder, { metrics: [] }), '--out', run, '--json'])).code).toBe(0);
    const tags = tensorboardFiles(run).flatMap((file) =>
      readTensorboardFile(file).events.flatMap((event) =>
        'summary' in event ? event.summary.flatMap((value) => ('histogram' in value ? [value.tag] : [])) : [],
      ),
    );
    const parameters = (kind: string) =>
      new Set(tags.filter((tag) => tag.startsWith(`${kind}/`)).map((tag) => tag.slice(kind.length + 1)));
    expect(parameters('gradients').size).toBeGreaterThan(4);
    expect(parameters('gradients')).toEqual(parameters('weights'));
  });
});
