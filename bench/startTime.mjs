// `node bench/startTime.mjs [CHECKOUT...] [--layers 50,100,200] [--rounds 3] [--preset wgan-gp]`: seconds from the launch of
// the command line to the first step of two networks of many layers, for this checkout and others (built), in turns.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    layers: { type: 'string', default: '50,100,200' },
    rounds: { type: 'string', default: '3' },
    preset: { type: 'string', default: 'wgan-gp' },
  },
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

/** Seconds until the first step: on the clock, and of the process in user mode (from /proc, so on Linux). */
async function seconds(checkout, file, run) {
  const startedAt = performance.now();
  const cli = path.join(checkout, 'dist', 'cli.cjs');
  const child = spawn(process.execPath, [cli, 'train', file, '--json', '--out', run], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let measured;
  for await (const line of createInterface(child.stdout)) {
    if (measured || JSON.parse(line).event !== 'step') continue;
    const ticks = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(' ')[13];
    measured = { wall: (performance.now() - startedAt) / 1000, processors: Number(ticks) / 100 };
  }
  if (!measured) throw new Error(`${cli} made no step`);
  return measured;
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

try {
  const layers = values.layers.split(',').map(Number);
  const exports = layers.map((count) => `export const layers${count} = deep(${count});`);
  writeFileSync(path.join(folder, 'models.mjs'), [modelFile, ...exports].join('\n'));
  for (const count of layers) {
    const network = { module: './models.mjs', export: `layers${count}` };
    const experiment = { name: 'deep', preset: values.preset, data: { source: 'gaussians-ring' }, generator: network };
    const file = path.join(folder, `${count}.gan.json`);
    writeFileSync(file, JSON.stringify({ ...experiment, critic: network, steps: 1, batchSize: 32, threads: 1 }));
    const times = checkouts.map(() => []);
    for (let round = 0; round < Number(values.rounds); round++)
      for (const [i, checkout] of checkouts.entries())
        times[i].push(await seconds(checkout, file, path.join(folder, `${count}-${round}-${i}`)));
    checkouts.forEach((checkout, i) => {
      const [wall, processors] = ['wall', 'processors'].map((key) =>
        median(times[i].map((time) => time[key])).toFixed(2),
      );
      console.log(
        `${count} layers: ${wall} s, ${processors} s of processors, load ${loadavg()[0].toFixed(1)}, ${checkout}`,
      );
    });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
