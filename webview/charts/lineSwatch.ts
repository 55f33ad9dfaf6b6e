// A sample of a line for legends and tables. The CSS property --line sets its color.
import { set, svg } from '../ui/dom';
import { dashes } from '../ui/palette';
import type { LinePlan, Look } from './chartPlan';

const widths: { readonly [L in Look]: number } = { bold: 3, pale: 2, line: 2, dots: 1, dashed: 2, edge: 8 };

export function createLineSwatch({ look, dash }: Pick<LinePlan, 'look' | 'dash'>): SVGSVGElement {
  const line = svg('line', {
    x1: 0,
    y1: 4,
    x2: 18,
    y2: 4,
    'stroke-width': widths[look],
    'stroke-dasharray': dashes[dash].join(' ') || null,
  });
  const dot = look === 'dots' ? [svg('circle', { cx: 9, cy: 4, r: 3.5 })] : [];
  const swatch = svg(
    'svg',
    { class: `swatch ${look}`, viewBox: '0 0 18 8', width: 18, height: 8, 'aria-hidden': 'true' },
    line,
    ...dot,
  ) as SVGSVGElement;
  set(swatch, { focusable: 'false' });
  return swatch;
}
