// The current values of the estimate and the metrics, side by side in large type.
import { h } from '../ui/dom';
import { metrics } from '../../src/catalog';
import type { MonitorState, MonitorStatus } from '../../src/protocol/monitor';
import { formatCount, formatMeasurement, percent } from '../format';
import { t } from '../l10n';
import type { Curve } from '../curve/curve';
import { type SmoothingWindow, windowFor } from '../curve/smoothing';

export function createStatCards(): { readonly element: HTMLElement; show(stats: readonly Stat[]): void } {
  const element = h('dl', { class: 'stat-cards' });
  let last = '';
  return {
    element,
    show(stats) {
      const key = JSON.stringify(stats);
      if (key === last) return;
      last = key;
      element.hidden = stats.length === 0;
      element.replaceChildren(
        ...stats.map(({ key, label, value, comparison, tooltip }) =>
          h(
            'div',
            { class: key, title: tooltip },
            h('dt', {}, label),
            h('dd', {}, h('b', {}, value), h('span', {}, comparison)),
          ),
        ),
      );
    },
  };
}

export interface Stat {
  /** The column. */
  readonly key: string;
  readonly label: string;
  readonly value: string;
  /** A reference value, such as the theoretical one. */
  readonly comparison: string;
  readonly tooltip: string;
}

/** The stats that have a value. Those of curves are the values that the charts show with this smoothing. */
export function statsOf(
  { estimate, settings }: Pick<MonitorState, 'estimate' | 'settings'>,
  curve: Curve,
  { status }: MonitorStatus,
  smoothing: SmoothingWindow,
): Stat[] {
  const window = windowFor(curve.length, smoothing);
  const shown = (name: string) =>
    !curve.has(name) ? NaN : window === 1 ? curve.last(name) : (curve.smooth(name, window).at(-1) ?? NaN);
  // The curve is written at every step, the status twice per second.
  const metric = (name: string) => (Number.isNaN(curve.last(name)) ? (status?.metrics[name] ?? NaN) : curve.last(name));
  const medianNote =
    window === 1 ? t('The last value.') : t('Median over the last {0} steps.', formatCount((window + 1) / 2));
  const comparison = window === 1 ? t('last step') : t('median');
  const normalizedText = t(
    'K·W divided by the mean gradient norm ‖∇D(x̂)‖ of the critic: a heuristic for W in data units, and no bound of it.',
  );
  const floor = metric('w1Floor');
  const totalModes = modeCount(new Map(settings.map(({ key, value }) => [key, value])));
  const stats: [key: string, label: string, number: number, value: string, reference: string, tooltip: string][] = [
    [
      'estimate',
      t(estimate.label),
      shown('estimate'),
      formatMeasurement(shown('estimate')),
      estimate.theory ? `${estimate.theory.label} ${formatMeasurement(estimate.theory.value)}` : comparison,
      `${t(estimate.text)} ${medianNote}`,
    ],
    [
      'normalizedEstimate',
      t('K·W / mean‖∇D‖ (heuristic)'),
      shown('normalizedEstimate'),
      formatMeasurement(shown('normalizedEstimate')),
      comparison,
      `${normalizedText} ${medianNote}`,
    ],
    [
      'w1',
      t('W₁ exact'),
      metric('w1'),
      formatMeasurement(metric('w1')),
      Number.isNaN(floor) ? '' : t('floor {0}', formatMeasurement(floor)),
      `${t(w1.w1.text)} ${t(w1.w1Floor.text)}`,
    ],
    [
      'modes',
      t('Modes'),
      metric('modes'),
      formatCount(metric('modes')),
      totalModes === null ? t('covered') : t('of {0} covered', formatCount(totalModes)),
      t(modes.modes.text),
    ],
    [
      'highQuality',
      t('High quality'),
      metric('highQuality'),
      percent(metric('highQuality')),
      t('close to a mode'),
      t(modes.highQuality.text),
    ],
  ];
  return stats
    .filter(([, , number]) => !Number.isNaN(number))
    .map(([key, label, , value, comparison, tooltip]) => ({ key, label, value, comparison, tooltip }));
}

const modes = metrics.modes.yields;
const w1 = metrics.w1.yields;

/** The number of modes of the data; null if unknown. */
function modeCount(settings: ReadonlyMap<string, string>): number | null {
  const source = settings.get('data.source');
  const number = Number(settings.get(source === 'gaussians-grid' ? 'data.side' : 'data.modes'));
  if (!(number >= 1)) return null;
  return source === 'gaussians-grid' ? number ** 2 : number;
}
