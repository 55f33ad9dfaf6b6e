// Finished runs of any length that nobody trained.
import { mkdirSync } from 'node:fs';
import { createRun, runPaths } from '../../src/run/directory';
import { createMetrics } from '../../src/run/metricsWriter';

const columns = ['criticLoss', 'generatorLoss', 'estimate', 'penalty', 'gradientNorm', 'w1'].map((name) => ({
  name,
  label: name,
  unit: '',
}));
const manifest = {
  experiment: { name: 'ring', objective: { kind: 'wgan' } },
  source: { path: '/ring.gan.json', text: '{}' },
  versions: {},
  seed: 1,
  device: 'cpu',
};

/** Writes a run with a row for each step, of values that differ as losses do. */
export function writeFinishedRun(directory: string, steps: number): void {
  mkdirSync(directory, { recursive: true });
  const run = createRun(directory, manifest, steps);
  const metrics = createMetrics(runPaths(directory).metrics, columns);
  for (let step = 1; step <= steps; step++) {
    const row = Object.fromEntries(columns.map(({ name }, c) => [name, Math.sin(step + c) * 10 ** ((step % 7) - 3)]));
    metrics.append(step, 1e9 + step / 30, row);
  }
  metrics.close();
  run.status.update({ state: 'finished', step: steps });
}
