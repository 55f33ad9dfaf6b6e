// Small runs for the tests of the comparison.
import type { MonitorState } from '../../src/protocol/monitor';
import type { LoadedRun } from '../../webview/compare/loadedRun';
import { createCurve } from '../../webview/curve/curve';

const estimate = { label: 'K·W', text: '', theory: null };

/** A run of `n` steps whose estimate is `f`, with w1 at every tenth. */
export function run(
  id: string,
  seed: number,
  settings: Record<string, string>,
  n: number,
  f: (step: number) => number,
): LoadedRun {
  const columns = ['estimate', 'w1'].map((name) => ({ name, label: name, unit: '' }));
  const step = Float64Array.from({ length: n }, (_, i) => i + 1);
  const rows = {
    step,
    wallTime: step.map((s) => 1e9 + s / 2),
    values: { estimate: Float32Array.from(step, f), w1: Float32Array.from(step, (s) => (s % 10 === 0 ? f(s) : NaN)) },
  };
  const all = Object.entries({ name: 'ring', ...settings, seed: String(seed) });
  const state: MonitorState = {
    id,
    name: 'ring',
    directory: `/runs/${id}`,
    parent: null,
    seed,
    status: null,
    liveness: null,
    estimate,
    columns,
    rows,
    samples: [],
    real: null,
    notices: [],
    histograms: [],
    settings: all.map(([key, value]) => ({ key, value, written: null })),
    log: [],
  };
  const curve = createCurve(columns);
  curve.append(rows);
  return { id, state, curve, status: null, liveness: null };
}

export const small = { 'constraint.0.lambda': '0.1' };
export const large = { 'constraint.0.lambda': '10' };
export const runs = [
  run('a', 1, small, 100, () => 1),
  run('b', 1, large, 50, () => 5),
  run('c', 2, small, 80, () => 2),
  run('d', 3, small, 100, () => 4),
];
export const order = runs.map(({ id }) => ({ id, name: id }));
