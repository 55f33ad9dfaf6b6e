// The current values of the estimate and the metrics, side by side in large type.
import { h } from '../ui/dom';
import { metrics } from '../../src/catalog';
import type { MonitorState, MonitorStatus } from '../../src/protocol/monitor';
import { count, measured, percent } from '../format';
import { t } from '../l10n';
import type { Curve } from '../curve/curve';

export function createStatCards(): { readonly element: HTMLElement; show(figures: readonly Stat[]): void } {
  const element = h('dl', { class: 'figures' });
  let last = '';
  return {
    element,
    show(figures) {
      const key = JSON.stringify(figures);
      if (key === last) return;
      last = key;
      element.hidden = figures.length === 0;
      element.replaceChildren(
        ...figures.map(({ label, value, comparison, tooltip }) =>
          h('div', { title: tooltip }, h('dt', {}, label), h('dd', {}, h('b', {}, value), h('span', {}, comparison))),
        ),
      );
    },
  };
}

export interface Stat {
  readonly label: string;
  readonly value: string;
  /** What it is to be compared with. */
  readonly comparison: string;
  readonly tooltip: string;
}

/** What can be said now; a figure without a number is left out. */
export function statsOf(
  { estimate, settings }: Pick<MonitorState, 'estimate' | 'settings'>,
  curve: Curve,
  { status }: MonitorStatus,
): Stat[] {
  const median = (name: string) => (curve.has(name) ? (curve.smooth(name, 101).at(-1) ?? NaN) : NaN);
  // The curve is written at every step, the status twice a second.
  const measure = (name: string) =>
    Number.isNaN(curve.last(name)) ? (status?.metrics[name] ?? NaN) : curve.last(name);
  const ofLast = t('Median over the last steps.');
  const floor = measure('w1Floor');
  const all = modeCount(new Map(settings.map(({ key, value }) => [key, value])));
  const figures: [label: string, number: number, value: string, beside: string, text: string][] = [
    [
      t(estimate.label),
      median('estimate'),
      measured(median('estimate')),
      estimate.theory ? `${estimate.theory.label} ${measured(estimate.theory.value)}` : t('median'),
      `${t(estimate.text)} ${ofLast}`,
    ],
    [
      'W',
      median('normalizedEstimate'),
      measured(median('normalizedEstimate')),
      t('median'),
      `${t('K·W divided by the slope of the critic, in units of the data.')} ${ofLast}`,
    ],
    [
      t('W₁ exact'),
      measure('w1'),
      measured(measure('w1')),
      Number.isNaN(floor) ? '' : t('floor {0}', measured(floor)),
      `${t(w1.w1.text)} ${t(w1.w1Floor.text)}`,
    ],
    [
      t('Modes'),
      measure('modes'),
      count(measure('modes')),
      all === null ? '' : t('of {0}', count(all)),
      t(modes.modes.text),
    ],
    [t('High quality'), measure('highQuality'), percent(measure('highQuality')), '', t(modes.highQuality.text)],
  ];
  return figures
    .filter(([, number]) => !Number.isNaN(number))
    .map(([label, , value, comparison, tooltip]) => ({ label, value, comparison, tooltip }));
}

const modes = metrics.modes.yields;
const w1 = metrics.w1.yields;

/** How many modes the data have; null where they have none that are known. */
function modeCount(settings: ReadonlyMap<string, string>): number | null {
  const source = settings.get('data.source');
  const number = Number(settings.get(source === 'gaussians-grid' ? 'data.side' : 'data.modes'));
  if (!(number >= 1)) return null;
  return source === 'gaussians-grid' ? number ** 2 : number;
}
