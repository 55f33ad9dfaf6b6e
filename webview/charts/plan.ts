// Which charts a run has, and what is drawn in each: the estimate with every other distance, then the rest of the columns.
import { measures } from '../../src/catalog';
import type { MonitorColumn, MonitorState } from '../../src/protocol/monitor';
import type { ChartPlan, LinePlan, Look } from './chartPlan';

/** The key that hides every raw curve. */
const raw = 'raw';

/** The first chart is the main one. `window` is the length of the median filter that smooths what is measured at every step; 1 for none. */
export function planCharts(
  { columns, estimate }: Pick<MonitorState, 'columns' | 'estimate'>,
  window: number,
): ChartPlan[] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const main: ChartPlan = {
    id: 'estimate',
    title: estimate.label,
    text: estimate.text,
    unit: byName.get('estimate')?.unit ?? '',
    numbers: 'measured',
    lines: mainLines(estimate.label, window).filter(({ column }) => byName.has(column)),
    level: estimate.theory,
  };
  const drawn = new Set(main.lines.map(({ column }) => column));
  const small = smallCharts.flatMap(({ id, title, text, level, of }): ChartPlan[] => {
    const present = of.filter(({ column }) => byName.has(column));
    present.forEach(({ column }) => drawn.add(column));
    const lines = present.flatMap(({ column, label, hue }) => everyStep(column, label, hue, window));
    return lines.length === 0 ? [] : [{ id, title, text, unit: '', numbers: 'measured', level: level ?? null, lines }];
  });
  return [main, ...small, ...columns.filter(({ name }) => !drawn.has(name)).map((column) => ownChart(column, window))];
}

/** A line with what is said of it; the rest is as for most. */
export const line = (look: Look, column: string, label: string, hue: number, more: Partial<LinePlan> = {}): LinePlan => ({
  key: column, toggle: more.key ?? column, of: '', column, smooth: false, part: 'mid', label, text: '', hue, dash: look === 'dashed' ? 1 : 0, look, ...more,
}); // prettier-ignore

const over = (window: number): string => `Median over ${window} steps, centred.`;

function mainLines(label: string, window: number): LinePlan[] {
  const one = window === 1;
  const estimate = one
    ? [line('line', 'estimate', label, 0, { text: 'Every step, as the batch gave it.' })]
    : [
        line('pale', 'estimate', `${label} raw`, 0, { toggle: raw, text: 'Every step, as the batch gave it, in every chart.' }),
      ]; // prettier-ignore
  const median = one ? [] : [line('bold', 'estimate', `${label} median`, 0, { key: 'estimateMedian', smooth: true, text: over(window) })]; // prettier-ignore
  const slope = 'K·W divided by the mean slope ‖∇D(x̂)‖ of the critic: the distance in units of the data.';
  return [
    ...estimate,
    line('line', 'wasserstein', 'W', 1, { smooth: true, text: one ? slope : `${slope} ${over(window)}` }),
    line('dots', 'validationEstimate', `${label} held out`, 2, { text: 'The same estimate on real samples that the critic never saw: a gap means that it learns them by heart.' }),
    line('dashed', 'w1Floor', 'W₁ floor', 3, { text: textOf('w1Floor') }),
    line('dots', 'w1', 'W₁ exact', 3, { text: textOf('w1') }),
    ...median,
  ]; // prettier-ignore
}

/** What is measured at every step: its median, before the raw curve. */
function everyStep(column: string, label: string, hue: number, window: number): LinePlan[] {
  if (window === 1) return [line('line', column, label, hue)];
  return [
    line('pale', column, '', hue, { key: `${column}Raw`, toggle: raw }),
    line('line', column, label, hue, { smooth: true, text: over(window) }),
  ];
}

interface SmallChart {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly level?: { readonly label: string; readonly value: number };
  readonly of: readonly { readonly column: string; readonly label: string; readonly hue: number }[];
}

const smallCharts: readonly SmallChart[] = [
  {
    id: 'losses',
    title: 'Losses',
    text: 'What critic and generator minimise. They are a game: neither is expected to fall steadily.',
    of: [
      { column: 'criticLoss', label: 'critic', hue: 0 },
      { column: 'generatorLoss', label: 'generator', hue: 1 },
    ],
  },
  {
    id: 'gradientNorm',
    title: '‖∇D(x̂)‖',
    text: 'Mean slope of the critic between real and generated samples. The gradient penalty pulls it towards 1.',
    level: { label: '1', value: 1 },
    of: [{ column: 'gradientNorm', label: 'mean', hue: 0 }],
  },
  {
    id: 'penalty',
    title: 'Penalty',
    text: 'The part of the critic loss that the constraint adds.',
    of: [{ column: 'penalty', label: 'penalty', hue: 0 }],
  },
];

/** A column that no other chart draws gets one of its own: measures, and what a later version may measure. */
function ownChart({ name, label, unit }: MonitorColumn, window: number): ChartPlan {
  const text = textOf(name);
  const numbers = numbersOf[name] ?? 'measured';
  const lines = text === '' ? everyStep(name, label, 0, window) : [line('dots', name, label, 0)];
  return { id: name, title: capital(label), text, unit, numbers, lines, level: null };
}

const numbersOf: Readonly<Record<string, ChartPlan['numbers']>> = { modes: 'count', highQuality: 'share', criticUpdates: 'count' }; // prettier-ignore

/** What the catalog says of a measured number; '' of a column that is no measure, and so has a value at every step. */
export function textOf(name: string): string {
  const yields = Object.values(measures).map((measure): Record<string, { text: string }> => measure.yields);
  return yields.find((numbers) => Object.hasOwn(numbers, name))?.[name].text ?? '';
}

/** Whether a column has values at some steps only. */
export const nowAndThen = (name: string): boolean => textOf(name) !== '' || name === 'validationEstimate';

/** How the numbers of a column are written. */
export const numbersIn = (name: string): ChartPlan['numbers'] => numbersOf[name] ?? 'measured';

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
