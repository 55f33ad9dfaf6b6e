// Charts described in text.
import { describe, expect, it } from 'vitest';
import type { ChartPlan } from './chartPlan';
import { chartSummary } from './chartSummary';
import { planRunCharts } from '../run/runCharts';

const column = (name: string) => ({ name, label: name, unit: '' });
const estimate = { label: 'JS', text: 'a divergence', theory: { label: 'log 2', value: Math.LN2 } };

describe('a chart summary', () => {
  it('has the last value and range of each line in the legend, and the theoretical level', () => {
    const [main]: ChartPlan[] = planRunCharts(
      { columns: ['estimate', 'validationEstimate'].map(column), estimate },
      101,
    );
    const ys = main.lines.map(({ key }) => (key === 'validationEstimate' ? [null, undefined] : [0.5, null, 0.25]));
    expect(chartSummary(main, ys, [0.25, NaN, 0.25], 'steps 1 to 1,200')).toBe(
      'steps 1 to 1,200. JS median: last 0.2500, between 0.2500 and 0.5000. JS raw: last 0.2500, ' +
        'between 0.2500 and 0.5000. JS held out: no values. Theory: log 2 = 0.6931.',
    );
  });
});
