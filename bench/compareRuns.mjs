// `node bench/compareRuns.mjs EXPECTED FOUND [TOLERANCE]`: compares the curves of two runs, for example of two devices.
// A difference is relative, plus a tenth for the scale of the scores: losses are small differences of their means.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { load } from '../scripts/lib/bundle.mjs';

const [expected, found, tolerance = '1e-3'] = process.argv.slice(2);
if (!found) throw new Error('Give two run directories.');
const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-compare-'));
try {
  const { openMetrics } = await load('src/run/metricsReader.ts', path.join(folder, 'reader.cjs'));
  const read = async (run) => {
    const metrics = await openMetrics(path.join(run, 'metrics.bin'));
    return metrics.read().finally(() => metrics.close());
  };
  const [a, b] = [await read(expected), await read(found)];
  if (a.count === 0 || a.count !== b.count) throw new Error(`${a.count} rows of ${expected}, ${b.count} of ${found}`);
  const difference = (x, y) => (Number.isNaN(x) && Number.isNaN(y) ? 0 : Math.abs(x - y) / (0.1 + Math.abs(x)));
  // NaN, of a number and none, counts as the largest.
  const differences = Object.entries(a.columns).map(([name, values]) => [
    name,
    [...values].reduce((most, x, i) => Math.max(most, difference(x, b.columns[name]?.[i] ?? NaN)), 0),
  ]);
  const wrong = differences.filter(([, largest]) => !(largest <= Number(tolerance)));
  for (const [name, largest] of wrong) console.error(`${name} differs by ${largest.toPrecision(2)}`);
  const largest = Math.max(...differences.map(([, one]) => one));
  console.log(
    `${found}: ${a.count} rows, ${wrong.length ? 'WRONG' : 'equal'} (largest difference ${largest.toPrecision(2)})`,
  );
  if (wrong.length) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
