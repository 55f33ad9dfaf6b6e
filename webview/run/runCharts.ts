// The charts of one run: the estimate with every other distance, then the remaining columns.
import type { MonitorColumn, MonitorState } from '../../src/protocol/monitor';
import { t } from '../l10n';
import { type ChartPlan, linePlan, type LinePlan, type CurveSource } from '../charts/chartPlan';
import { capitalized, columnLabel, isSmoothed, numberFormatOf, metricTooltip, unitOf } from '../charts/columns';
import type { Curve } from '../curve/curve';

/** The key that hides every raw curve. */
const rawToggle = 'raw';

/** The first chart is the main one. `window` is the length of the median filter that smooths what is measured at every step; 1 for none. */
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
  const small = smallCharts.flatMap(({ id, title, tooltip, level, of }): ChartPlan[] => {
    const present = of.filter(({ column }) => byName.has(column));
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

const over = (window: number): string => t('Median over {0} steps, centred.', window);

function mainLines(label: string, window: number): LinePlan[] {
  const one = window === 1;
  const estimate = one
    ? [linePlan('line', 'estimate', label, 0, { tooltip: t('Every step, as the batch gave it.') })]
    : [
        linePlan('pale', 'estimate', t('{0} raw', label), 0, {
          toggle: rawToggle,
          tooltip: t('Every step, as the batch gave it, in every chart.'),
        }),
      ];
  const median = one
    ? []
    : [
        linePlan('bold', 'estimate', t('{0} median', label), 0, {
          key: 'estimateMedian',
          smooth: true,
          tooltip: over(window),
        }),
      ];
  const slope = t('K·W divided by the mean slope ‖∇D(x̂)‖ of the critic: the distance in units of the data.');
  return [
    ...estimate,
    linePlan('line', 'normalizedEstimate', 'W (normalized)', 1, {
      smooth: true,
      tooltip: one ? slope : `${slope} ${over(window)}`,
    }),
    linePlan('dots', 'validationEstimate', t('{0} held out', label), 2, {
      tooltip: t(
        'The same estimate on real samples that the critic never saw: a gap means that it learns them by heart.',
      ),
    }),
    linePlan('dashed', 'w1Floor', t('W₁ floor'), 3, { tooltip: metricTooltip('w1Floor') }),
    linePlan('dots', 'w1', t('W₁ exact'), 3, { tooltip: metricTooltip('w1') }),
    ...median,
  ];
}

/** What is measured at every step: its median, before the raw curve. */
function everyStep(column: string, label: string, hue: number, window: number): LinePlan[] {
  if (window === 1) return [linePlan('line', column, label, hue)];
  return [
    linePlan('pale', column, '', hue, { key: `${column}Raw`, toggle: rawToggle }),
    linePlan('line', column, label, hue, { smooth: true, tooltip: over(window) }),
  ];
}

interface SmallChart {
  readonly id: string;
  readonly title: string;
  readonly tooltip: string;
  readonly level?: { readonly label: string; readonly value: number };
  readonly of: readonly { readonly column: string; readonly label: string; readonly hue: number }[];
}

const smallCharts: readonly SmallChart[] = [
  {
    id: 'losses',
    title: t('Losses'),
    tooltip: t('What critic and generator minimise. They are a game: neither is expected to fall steadily.'),
    of: [
      { column: 'criticLoss', label: t('critic'), hue: 0 },
      { column: 'generatorLoss', label: t('generator'), hue: 1 },
    ],
  },
  {
    id: 'gradientNorm',
    title: '‖∇D(x̂)‖',
    tooltip: t('Mean slope of the critic between real and generated samples. The gradient penalty pulls it towards 1.'),
    level: { label: '1', value: 1 },
    of: [{ column: 'gradientNorm', label: t('mean'), hue: 0 }],
  },
  {
    id: 'penalty',
    title: t('Penalty'),
    tooltip: t('The part of the critic loss that the constraint adds.'),
    of: [{ column: 'penalty', label: t('penalty'), hue: 0 }],
  },
];

/** A column that no other chart draws gets one of its own: measures, and what a later version may measure. */
function ownChart(column: MonitorColumn, scale: Omit<MonitorColumn, 'name'>, window: number): ChartPlan {
  const { name } = column;
  const label = columnLabel(name, column.label);
  const tooltip = metricTooltip(name);
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

/** `window` is the length of the median filter, in rows; 1 for none. */
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
