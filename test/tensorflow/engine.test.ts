// The tensorflow engine on the real TensorFlow library: the same losses as the embedded engine, and clear errors.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, experiment, lines, metrics, scratch } from '../integration/cliProcess';

const convolutional = {
  name: 'convolutional',
  data: { source: 'digits', size: 16 },
  generator: { network: 'dcgan', filters: 4, normalization: 'none' },
  critic: { network: 'dcgan', filters: 4 },
  latent: { size: 8 },
  samples: { every: 5, grid: [2, 2] },
  batchSize: 8,
  steps: 10,
  criticSteps: 2,
};

const files = {
  perceptron: (folder: string): string => experiment(folder, { steps: 30 }),
  convolutional: (folder: string): string => {
    const file = path.join(folder, 'c.gan.json');
    writeFileSync(file, JSON.stringify(convolutional));
    return file;
  },
};

describe.skipIf(!process.env.EARTHMOVER_PACKAGES)('tensorflow (run by npm run test:tensorflow)', () => {
  it.each(Object.keys(files) as (keyof typeof files)[])('gives the same losses as onnx: %s', async (name) => {
    const folder = scratch();
    const file = files[name](folder);
    const rows: Record<string, number>[][] = [];
    for (const engine of ['onnx', 'tensorflow']) {
      const run = path.join(folder, engine);
      const ended = await cli(['train', file, '--set', `engine=${engine}`, '--device', 'cpu', '--out', run, '--json']);
      expect(ended.code, ended.stderr).toBe(0);
      expect(lines(ended)[0]).toMatchObject({ event: 'start', engine, device: 'cpu' });
      rows.push(metrics(run).map((row) => ({ ...row, wallTime: 0 })));
    }
    const [onnx, tensorflow] = rows;
    let worst = 0;
    onnx.forEach((row, i) => {
      for (const [column, value] of Object.entries(row)) {
        if (Number.isNaN(value)) expect(tensorflow[i][column]).toBeNaN();
        else worst = Math.max(worst, Math.abs(tensorflow[i][column] - value) / (1e-2 + Math.abs(value)));
      }
    });
    console.log(`${name}: largest relative difference over ${onnx.length} rows ${worst.toExponential(1)}`);
    expect(worst).toBeLessThan(1e-3);
  });

  it('reports a missing CUDA device', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    const ended = await cli([
      'train',
      experiment(folder),
      '--set',
      'engine=tensorflow',
      '--device',
      'cuda',
      '--out',
      run,
    ]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('TensorFlow found no CUDA device.');
  });
});
