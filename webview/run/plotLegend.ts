// What the colors of a plot of points mean. The swatches are drawn on white and adapted to the theme, like the plots.
import { plotColors } from '../../src/shared/plotColors';
import type { MonitorSetting } from '../../src/protocol/monitor';
import { t } from '../l10n';
import { h, svg } from '../ui/dom';

const swatch = (width: number, ...marks: readonly SVGElement[]): SVGElement =>
  svg(
    'svg',
    { viewBox: `0 0 ${width} 12`, width, height: 12, 'aria-hidden': 'true', focusable: 'false' },
    svg('rect', { width, height: 12, fill: '#ffffff' }),
    ...marks,
  );

const dot = (color: string, r: number) => svg('circle', { cx: 6, cy: 6, r, fill: color });

/** The legend of plots of the data in these settings. */
export function createPlotLegend(settings: readonly MonitorSetting[]): HTMLElement {
  const { real, realSpeck, generated, low, high, arrow } = plotColors;
  const entry = (label: string, title: string, mark: SVGElement) =>
    h('span', { class: 'plot-entry', title }, mark, label);
  // Points of a file may have more dimensions than a plot of the critic.
  const isPlane = !settings.some(({ key }) => key === 'data.path');
  const critic = [
    entry(
      t('Critic low to high'),
      t('Contour lines: the score of the critic'),
      swatch(
        20,
        svg('rect', { width: 7, height: 12, fill: low }),
        svg('rect', { x: 13, width: 7, height: 12, fill: high }),
      ),
    ),
    entry(
      t('Generator gradient'),
      t('The direction in which the generator moves the samples'),
      swatch(14, svg('path', { d: 'M2 10L11 3M6.5 3H11V7.5', fill: 'none', stroke: arrow, 'stroke-width': 1.2 })),
    ),
  ];
  return h(
    'p',
    { class: 'plot-legend' },
    entry(t('Real'), t('Real samples'), swatch(12, dot(real, 4), dot(realSpeck, 1.3))),
    entry(t('Generated'), t('Generated samples'), swatch(12, dot(generated, 3.5))),
    ...(isPlane ? critic : []),
  );
}
