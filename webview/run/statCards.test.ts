// The values of the stat cards.
import { describe, expect, it } from 'vitest';
import type { RunStatus } from '../../src/protocol/status';
import { status } from '../../test/support/runStatus';
import { createCurve } from '../curve/curve';
import { formatMeasurement } from '../format';
import { planRunCharts, runSource } from './runCharts';
import { statsOf } from './statCards';

describe('the stat cards', () => {
  const columns = ['estimate', 'modes', 'w1', 'w1Floor'].map((name) => ({ name, label: name, unit: '' }));
  const estimate = { label: 'K·W', text: 'x', theory: null };
  const stats = (settings: [string, string][], metrics: RunStatus['metrics']) => {
    const curve = createCurve(columns);
    curve.append({
      step: Float64Array.of(1, 2, 3),
      wallTime: Float64Array.of(1, 2, 3),
      values: { estimate: Float32Array.of(1, 9, 2), modes: Float32Array.of(NaN, 7, NaN) },
    });
    return statsOf(
      { estimate, settings: settings.map(([key, value]) => ({ key, value, written: null })) },
      curve,
      {
        status: { ...status, metrics },
        liveness: 'alive',
      },
      101,
    ).map(({ label, value, comparison }) => [label, value, comparison]);
  };

  it('show the median of the estimate and the last value of each metric, with reference values', () => {
    expect(
      stats(
        [
          ['data.source', 'gaussians-ring'],
          ['data.modes', '8'],
        ],
        { w1: 0.25, w1Floor: 0.0923 },
      ),
    ).toEqual([
      ['K·W', '2.000', 'median'],
      ['W₁ exact', '0.2500', 'floor 0.09230'],
      ['Modes', '7', 'of 8 covered'],
    ]);
  });

  it('are the values that the charts show, at any smoothing', () => {
    const curve = createCurve(columns);
    const n = 149;
    curve.append({
      step: Float64Array.from({ length: n }, (_, i) => i + 1),
      wallTime: new Float64Array(n),
      values: { estimate: Float32Array.from({ length: n }, (_, i) => 2 - i / n + (i % 2) / 100) },
    });
    for (const window of ['auto', 1, 11, 101] as const) {
      const { lines } = planRunCharts({ columns, estimate }, window)[0];
      const source = runSource(() => curve, window, 'step');
      const [{ value }] = statsOf({ estimate, settings: [] }, curve, { status, liveness: 'alive' }, window);
      expect([window, value]).toEqual([window, formatMeasurement(source.last(lines.at(-1)!))]);
    }
  });

  it('count the modes of a grid, prefer the curve to the status, and omit missing values', () => {
    expect(
      stats(
        [
          ['data.source', 'gaussians-grid'],
          ['data.side', '5'],
        ],
        { modes: 24 },
      ),
    ).toContainEqual(['Modes', '7', 'of 25 covered']);
    expect(stats([], { w1: null }).map(([label]) => label)).toEqual(['K·W', 'Modes']);
  });
});
