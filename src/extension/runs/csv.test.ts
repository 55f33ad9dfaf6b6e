// The CSV table of the curves of several runs.
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../../test/fixtures/run/scratch';
import { openFiles } from '../../../test/support/openFiles';
import { createRun, runPaths } from '../../run/directory';
import { createMetrics } from '../../run/metricsWriter';
import { csvOf } from './csv';

const out = scratch('run');
const columns = [{ name: 'estimate', label: 'K·W', unit: '' }];
const experiment = { name: 'ring', objective: { kind: 'wgan' }, steps: 10 };
const manifest = { experiment, source: { path: '/x.gan.json', text: '{}' }, versions: {}, seed: 1, device: 'cpu' };

describe('the CSV table of the curves', () => {
  it('has one row per step and run, and empty cells for missing values', async () => {
    const [a, b] = [path.join(out(), '=1+1'), path.join(out(), 'b,"c"')];
    fs.mkdirSync(out());
    createRun(a, manifest, 10);
    createRun(b, manifest, 10);
    const first = createMetrics(runPaths(a).metrics, [...columns, { name: 'w1', label: 'W1', unit: '' }]);
    first.append(1, 1e9 + 1, { estimate: 0.1 });
    first.append(2, 1e9 + 3.5, { estimate: -Infinity, w1: 1 / 3 });
    first.close();
    const second = createMetrics(runPaths(b).metrics, columns);
    second.append(1, 1e9, { estimate: 1e-9 });
    second.close();
    let text = '';
    for await (const piece of csvOf([a, b])) text += Buffer.from(piece).toString();
    expect(text.split('\r\n')).toEqual([
      'run,step,seconds,estimate,w1',
      "'=1+1,1,0,0.1,",
      "'=1+1,2,2.5,-Infinity,0.33333334",
      '"b,""c""",1,0,1e-9,',
      '',
    ]);
    // Every number parses to the float32 that was written.
    expect(Math.fround(Number('0.33333334'))).toBe(Math.fround(1 / 3));
  });

  it.runIf(process.platform === 'linux')('closes the other curves if one is missing', async () => {
    const runs = ['a', 'b', 'c'].map((name) => path.join(out(), name));
    for (const run of runs) {
      createRun(run, manifest, 10);
      if (run !== runs[1]) createMetrics(runPaths(run).metrics, columns).close();
    }
    await expect(csvOf(runs).next()).rejects.toThrow('metrics.bin');
    // Those that were still being opened.
    await new Promise((resolve) => setImmediate(resolve));
    expect(openFiles(out())).toEqual([]);
  });

  it('leaves out damaged rows only', async () => {
    createRun(out(), manifest, 10);
    const file = runPaths(out()).metrics;
    const metrics = createMetrics(file, columns);
    for (const step of [1, 2, 3]) metrics.append(step, 1e9 + step, { estimate: step });
    metrics.close();
    const bytes = fs.readFileSync(file);
    bytes[bytes.length - 55] ^= 1; // in the first of three rows of 20 bytes
    fs.writeFileSync(file, bytes);
    let text = '';
    for await (const piece of csvOf([out()])) text += piece;
    expect(text.split('\r\n')).toEqual(['run,step,seconds,estimate', 'run,2,0,2', 'run,3,1,3', '']);
  });
});
