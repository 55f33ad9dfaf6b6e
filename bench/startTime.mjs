// `node bench/startTime.mjs [CHECKOUT...] [--layers 50,100,200] [--rounds 3]`: processor seconds of the command line for
// one step of two networks of many layers, for this checkout and others (built), in turns; medians.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { layers: { type: 'string', default: '50,100,200' }, rounds: { type: 'string', default: '3' } },
});
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const checkouts = [root, ...positionals.map((folder) => path.resolve(folder))];
const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-start-'));

const modelFile = `
import * as tf from '@tensorflow/tfjs';
const deep = (count) => ({ inputShape, outputShape }) => {
  const hidden = { units: 16, activation: 'relu', kernelInitializer: 'heNormal' };
  const layers = Array.from({ length: count }, (_, i) => tf.layers.dense(i === 0 ? { ...hidden, inputShape } : hidden));
  return tf.sequential({ layers: [...layers, tf.layers.dense({ units: outputShape[0] })] });
};
`;

/** Processor seconds of one run, in user mode. */
function seconds(checkout, file, run) {
  const script = `
    process.argv = [process.argv[0], ...process.argv.slice(1)];
    process.on('exit', () => process.stderr.write('\\ncpu ' + process.cpuUsage().user + '\\n'));
    require(process.argv[1]);`;
  const cli = path.join(checkout, 'dist', 'cli.cjs');
  const { stderr, status } = spawnSync(process.execPath, ['-e', script, cli, 'train', file, '--out', run], {
    encoding: 'utf8',
  });
  const used = /^cpu (\d+)$/m.exec(stderr);
  if (status !== 0 || !used) throw new Error(`${cli} exited with ${status}: ${stderr}`);
  return Number(used[1]) / 1e6;
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

try {
  const layers = values.layers.split(',').map(Number);
  const exports = layers.map((count) => `export const layers${count} = deep(${count});`);
  writeFileSync(path.join(folder, 'models.mjs'), [modelFile, ...exports].join('\n'));
  for (const count of layers) {
    const network = { module: './models.mjs', export: `layers${count}` };
    const experiment = { name: 'deep', preset: 'wgan-gp', data: { source: 'gaussians-ring' }, generator: network };
    const file = path.join(folder, `${count}.gan.json`);
    writeFileSync(file, JSON.stringify({ ...experiment, critic: network, steps: 1, batchSize: 32, threads: 1 }));
    const times = checkouts.map(() => []);
    for (let round = 0; round < Number(values.rounds); round++)
      checkouts.forEach((checkout, i) =>
        times[i].push(seconds(checkout, file, path.join(folder, `${count}-${round}-${i}`))),
      );
    console.log(`${count} layers: ${checkouts.map((c, i) => `${median(times[i]).toFixed(2)} s in ${c}`).join(', ')}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
