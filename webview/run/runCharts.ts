// The charts of one run: the estimate, the distances in data units, then the remaining columns. Lines of one chart have
// the same unit.
import type { MonitorColumn, MonitorState } from '../../src/protocol/monitor';
import { formatCount } from '../format';
import { t } from '../l10n';
import { type ChartPlan, linePlan, type LinePlan, type CurveSource } from '../charts/chartPlan';
import {
  capitalized,
  columnLabel,
  isSmoothed,
  measuredTooltip,
  numberFormatOf,
  metricTooltip,
  unitOf,
} from '../charts/columns';
import type { Curve } from '../curve/curve';
import { type SmoothingWindow, windowFor } from '../curve/smoothing';
import type { XAxis } from '../charts/xAxis';

/** The key that hides all raw curves. */
const rawToggle = 'raw';

/** The first chart is the main one. */
export function planRunCharts(
  { columns, estimate }: Pick<MonitorState, 'columns' | 'estimate'>,
  window: SmoothingWindow,
): ChartPlan[] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const scale = { label: estimate.label, unit: byName.get('estimate')?.unit ?? '' };
  const main: ChartPlan = {
    id: 'estimate',
    title: t(estimate.label),
    tooltip: t(estimate.text),
    unit: unitOf({ name: 'estimate', ...scale }, scale),
    numberFormat: 'measured',
    note: meaningOf(estimate.label),
    lines: mainLines(t(estimate.label), window).filter(({ column }) => byName.has(column)),
    level: estimate.theory,
  };
  const drawn = new Set(main.lines.map(({ column }) => column));
  const distances = distanceChart(window, (name) => byName.has(name));
  distances.lines.forEach(({ column }) => drawn.add(column));
  const small = smallCharts.flatMap(({ id, title, tooltip, level, column }): ChartPlan[] => {
    const found = byName.get(column);
    if (found === undefined) return [];
    drawn.add(column);
    const note = noteOf(column, estimate.label, byName.has('penalty'));
    const unit = unitOf(found, scale);
    const lines = everyStep(column, title, 0, window);
    return [{ id, title, tooltip, unit, numberFormat: 'measured', note, level: level ?? null, lines }];
  });
  return [
    main,
    ...(distances.lines.length === 0 ? [] : [distances]),
    ...small,
    ...columns.filter(({ name }) => !drawn.has(name)).map((column) => ownChart(column, scale, window)),
  ];
}

/** What the main curve is, and which direction is better, for a reader who sees it for the first time. */
const meaningOf = (label: string): string =>
  label === 'K·W'
    ? t('Estimated Wasserstein distance to the data, times a constant K. Lower is better.')
    : t('Estimated distance to the data. Lower is better.');

const medianText = (window: SmoothingWindow): string =>
  window === 'auto'
    ? t('Centered median over at most a 25th of the steps.')
    : t('Centered median over {0} steps.', formatCount(window));

function mainLines(label: string, window: SmoothingWindow): LinePlan[] {
  const unsmoothed = window === 1;
  const estimate = unsmoothed
    ? [linePlan('line', 'estimate', label, 0, { tooltip: t('Unsmoothed values.') })]
    : [
        linePlan('pale', 'estimate', t('{0} raw', label), 0, {
          toggle: rawToggle,
          tooltip: t('Unsmoothed values, in all charts.'),
        }),
      ];
  const median = unsmoothed
    ? []
    : [
        linePlan('bold', 'estimate', t('{0} median', label), 0, {
          key: 'estimateMedian',
          smooth: true,
          tooltip: medianText(window),
        }),
      ];
  return [
    ...estimate,
    linePlan('dots', 'validationEstimate', t('{0} held out', label), 2, {
      tooltip: t('The same estimate on held-out real samples; a gap to the training estimate indicates overfitting.'),
    }),
    ...median,
  ];
}

/** The Wasserstein distance in data units: exact, and derived from the estimate by the gradient norms of the critic. */
function distanceChart(window: SmoothingWindow, has: (column: string) => boolean): ChartPlan {
  const unsmoothed = window === 1;
  const normalizedText = t(
    'K·W divided by the mean gradient norm ‖∇D(x̂)‖ of the critic: a heuristic for W in data units, and no bound of it.',
  );
  const boundText = t(
    'K·W divided by the largest gradient norm ‖∇D(x̂)‖ of the batch. With the largest norm anywhere it would be a lower bound of W.',
  );
  const smoothedText = (text: string): string => (unsmoothed ? text : `${text} ${medianText(window)}`);
  const lines = [
    linePlan('line', 'normalizedEstimate', t('K·W / mean‖∇D‖ (heuristic)'), 1, {
      smooth: true,
      tooltip: smoothedText(normalizedText),
    }),
    linePlan('line', 'lowerBound', t('K·W / max‖∇D‖'), 4, { smooth: true, tooltip: smoothedText(boundText) }),
    linePlan('dashed', 'w1Floor', t('W₁ floor'), 3, { tooltip: metricTooltip('w1Floor') }),
    linePlan('dots', 'w1', t('W₁ exact'), 3, { tooltip: metricTooltip('w1') }),
  ];
  return {
    id: 'distance',
    title: t('Wasserstein distance'),
    tooltip: t('The Wasserstein-1 distance to the data, in the units of the data.'),
    unit: t('data units'),
    numberFormat: 'measured',
    note: '',
    level: null,
    lines: lines.filter(({ column }) => has(column)),
  };
}

/** A column with a value at every step: the median in front of the raw curve. */
function everyStep(column: string, label: string, hue: number, window: SmoothingWindow): LinePlan[] {
  if (window === 1) return [linePlan('line', column, label, hue)];
  return [
    linePlan('pale', column, '', hue, { key: `${column}Raw`, toggle: rawToggle }),
    linePlan('line', column, label, hue, { smooth: true, tooltip: medianText(window) }),
  ];
}

interface SmallChart {
  readonly id: string;
  readonly title: string;
  readonly tooltip: string;
  readonly level?: { readonly label: string; readonly value: number };
  readonly column: string;
}

const smallCharts: readonly SmallChart[] = [
  {
    id: 'criticLoss',
    title: t('Critic loss'),
    tooltip: t(
      'The loss that the critic minimizes. ' +
        'Training is a two-player game, so the loss is not expected to fall steadily.',
    ),
    column: 'criticLoss',
  },
  {
    id: 'generatorLoss',
    title: t('Generator loss'),
    tooltip: t(
      'The loss that the generator minimizes. ' +
        'Training is a two-player game, so the loss is not expected to fall steadily.',
    ),
    column: 'generatorLoss',
  },
  {
    id: 'gradientNorm',
    title: '‖∇D(x̂)‖',
    tooltip: t(
      'Mean gradient norm of the critic between real and generated samples. The gradient penalty drives it toward 1.',
    ),
    level: { label: '1', value: 1 },
    column: 'gradientNorm',
  },
  {
    id: 'stepCosine',
    title: t('Step of the critic'),
    tooltip: t(
      'The cosine between the step of the critic and the gradient of its loss. ' +
        'Below 0, momentum carries the critic against its gradient.',
    ),
    level: { label: '0', value: 0 },
    column: 'stepCosine',
  },
  {
    id: 'penalty',
    title: t('Penalty'),
    tooltip: t('The contribution of the constraint to the critic loss.'),
    column: 'penalty',
  },
];

/** What a loss means, where its value alone would be misread. */
function noteOf(column: string, estimate: string, penalized: boolean): string {
  const isNegated = estimate === 'K·W' || estimate === 'bound';
  if (column === 'criticLoss' && isNegated) return penalized ? t('−{0} + penalty', t(estimate)) : `−${t(estimate)}`;
  return column === 'generatorLoss' && estimate === 'K·W' ? t('Free offset: only changes matter.') : '';
}

/** The chart of a column that no other chart draws: metrics, and columns of later versions. */
function ownChart(column: MonitorColumn, scale: Omit<MonitorColumn, 'name'>, window: SmoothingWindow): ChartPlan {
  const { name } = column;
  const label = columnLabel(column);
  const tooltip = measuredTooltip(column);
  const numberFormat = numberFormatOf(name);
  const lines =
    tooltip !== '' ? [linePlan('dots', name, label, 0)] : everyStep(name, label, 0, isSmoothed(name) ? window : 1);
  return {
    id: name,
    title: capitalized(label),
    tooltip,
    unit: unitOf(column, scale),
    numberFormat,
    note: '',
    lines,
    level: null,
  };
}

/** @param current gives the curve, which may be replaced */
export function runSource(current: () => Curve, window: SmoothingWindow, axis: XAxis): CurveSource {
  const values = ({ column, smooth }: LinePlan) => {
    const curve = current();
    return smooth ? curve.smooth(column, windowFor(curve.length, window)) : curve.raw(column);
  };
  return {
    axis,
    get x() {
      return current().x(axis);
    },
    get step() {
      return current().step;
    },
    get span() {
      const x = current().x(axis);
      const first = x[0] ?? 0;
      return [first, Math.max(x.at(-1) ?? 1, first + (axis === 'step' ? 1 : 1e-3))] as const;
    },
    series: (line) => ({ x: current().x(axis), values: values(line) }),
    last: (line) => (line.smooth ? (values(line).at(-1) ?? NaN) : current().last(line.column)),
  };
}
