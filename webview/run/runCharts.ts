// The charts of one run: the estimate with every other distance, then the remaining columns.
import type { MonitorColumn, MonitorState } from '../../src/protocol/monitor';
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

/** The key that hides all raw curves. */
const rawToggle = 'raw';

/** The first chart is the main one. `window` is the window length of the median filter; 1 for none. */
export function planRunCharts(
  { columns, estimate }: Pick<MonitorState, 'columns' | 'estimate'>,
  window: number,
): ChartPlan[] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const scale = { label: estimate.label, unit: byName.get('estimate')?.unit ?? '' };
  const main: ChartPlan = {
    id: 'estimate',
    title: t(estimate.label),
    tooltip: t(estimate.text),
    unit: unitOf({ name: 'estimate', ...scale }, scale),
    numberFormat: 'measured',
    lines: mainLines(t(estimate.label), window).filter(({ column }) => byName.has(column)),
    level: estimate.theory,
  };
  const drawn = new Set(main.lines.map(({ column }) => column));
  const small = smallCharts.flatMap(({ id, title, tooltip, level, columns: chartColumns }): ChartPlan[] => {
    const present = chartColumns.filter(({ column }) => byName.has(column));
    present.forEach(({ column }) => drawn.add(column));
    const lines = present.flatMap(({ column, label, hue }) => everyStep(column, label, hue, window));
    if (lines.length === 0) return [];
    const unit = unitOf(byName.get(lines[0].column)!, scale);
    return [{ id, title, tooltip, unit, numberFormat: 'measured', level: level ?? null, lines }];
  });
  return [
    main,
    ...small,
    ...columns.filter(({ name }) => !drawn.has(name)).map((column) => ownChart(column, scale, window)),
  ];
}

const medianText = (window: number): string => t('Centered median over {0} steps.', window);

function mainLines(label: string, window: number): LinePlan[] {
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
  const normalizedText = t(
    'K·W divided by the mean gradient norm ‖∇D(x̂)‖ of the critic: a heuristic for W in data units, and no bound of it.',
  );
  const boundText = t(
    'K·W divided by the largest gradient norm ‖∇D(x̂)‖ of the batch. With the largest norm anywhere it would be a lower bound of W.',
  );
  const smoothedText = (text: string): string => (unsmoothed ? text : `${text} ${medianText(window)}`);
  return [
    ...estimate,
    linePlan('line', 'normalizedEstimate', t('K·W / mean‖∇D‖ (heuristic)'), 1, {
      smooth: true,
      tooltip: smoothedText(normalizedText),
    }),
    linePlan('line', 'lowerBound', t('K·W / max‖∇D‖'), 4, { smooth: true, tooltip: smoothedText(boundText) }),
    linePlan('dots', 'validationEstimate', t('{0} held out', label), 2, {
      tooltip: t('The same estimate on held-out real samples; a gap to the training estimate indicates overfitting.'),
    }),
    linePlan('dashed', 'w1Floor', t('W₁ floor'), 3, { tooltip: metricTooltip('w1Floor') }),
    linePlan('dots', 'w1', t('W₁ exact'), 3, { tooltip: metricTooltip('w1') }),
    ...median,
  ];
}

/** A column with a value at every step: the median in front of the raw curve. */
function everyStep(column: string, label: string, hue: number, window: number): LinePlan[] {
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
  readonly columns: readonly { readonly column: string; readonly label: string; readonly hue: number }[];
}

const smallCharts: readonly SmallChart[] = [
  {
    id: 'losses',
    title: t('Losses'),
    tooltip: t(
      'The losses that critic and generator minimize. ' +
        'Training is a two-player game, so neither loss is expected to fall steadily.',
    ),
    columns: [
      { column: 'criticLoss', label: t('critic'), hue: 0 },
      { column: 'generatorLoss', label: t('generator'), hue: 1 },
    ],
  },
  {
    id: 'gradientNorm',
    title: '‖∇D(x̂)‖',
    tooltip: t(
      'Mean gradient norm of the critic between real and generated samples. The gradient penalty drives it toward 1.',
    ),
    level: { label: '1', value: 1 },
    columns: [{ column: 'gradientNorm', label: t('mean'), hue: 0 }],
  },
  {
    id: 'stepCosine',
    title: t('Step of the critic'),
    tooltip: t(
      'The cosine between the step of the critic and the gradient of its loss. ' +
        'Below 0, momentum carries the critic against its gradient.',
    ),
    level: { label: '0', value: 0 },
    columns: [{ column: 'stepCosine', label: t('cosine'), hue: 0 }],
  },
  {
    id: 'penalty',
    title: t('Penalty'),
    tooltip: t('The contribution of the constraint to the critic loss.'),
    columns: [{ column: 'penalty', label: t('penalty'), hue: 0 }],
  },
];

/** The chart of a column that no other chart draws: metrics, and columns of later versions. */
function ownChart(column: MonitorColumn, scale: Omit<MonitorColumn, 'name'>, window: number): ChartPlan {
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
    lines,
    level: null,
  };
}

/** `window` is the window length of the median filter in rows; 1 for none. */
export function runSource(curve: Curve, window: number): CurveSource {
  const values = ({ column, smooth }: LinePlan) => (smooth ? curve.smooth(column, window) : curve.raw(column));
  return {
    get step() {
      return curve.step;
    },
    get span() {
      const first = curve.step[0] ?? 0;
      return [first, Math.max(curve.step.at(-1) ?? 1, first + 1)] as const;
    },
    series: (line) => ({ step: curve.step, values: values(line) }),
    last: (line) => (line.smooth ? (values(line).at(-1) ?? NaN) : curve.last(line.column)),
  };
}
