// Which charts a run has, and what is drawn in each: the estimate with every other distance, then the rest of the columns.
import { measures } from '../../src/catalog';
import type { MonitorColumn, MonitorState } from '../../src/protocol/monitor';

export type Hue = 'blue' | 'orange' | 'purple' | 'green' | 'grey';

/**
 * How a line looks: `bold` and `line` are drawn through, `pale` is the raw curve behind its median, `dots` joins what was
 * measured now and then and marks each measurement, `dashed` is a level to compare with.
 */
export type Look = 'bold' | 'pale' | 'line' | 'dots' | 'dashed';

export interface LinePlan {
  /** Unique on the page. */
  readonly key: string;
  readonly column: string;
  readonly smooth: boolean;
  readonly label: string;
  /** For a hover. */
  readonly text: string;
  readonly hue: Hue;
  readonly look: Look;
}

export interface ChartPlan {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly unit: string;
  /** How its numbers are written: measured, a share of 1 as percent, or a whole count. */
  readonly numbers: 'measured' | 'share' | 'count';
  readonly lines: readonly LinePlan[];
  /** A level that theory singles out. */
  readonly level: { readonly label: string; readonly value: number } | null;
}

/** Lines as they are drawn, one over the other, in the order in which they are named: the main one first. */
export const inLegend = (lines: readonly LinePlan[]): LinePlan[] =>
  [...lines].sort((a, b) => legendRank[a.look] - legendRank[b.look]);

const legendRank: { readonly [L in Look]: number } = { bold: 0, pale: 1, line: 2, dots: 3, dashed: 4 };

/** The first chart is the main one. */
export function planCharts({ columns, estimate }: Pick<MonitorState, 'columns' | 'estimate'>): ChartPlan[] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const main = {
    id: 'estimate',
    title: estimate.label,
    text: estimate.text,
    unit: byName.get('estimate')?.unit ?? '',
    numbers: 'measured' as const,
    lines: mainLines(estimate.label).filter(({ column }) => byName.has(column)),
    level: estimate.theory,
  };
  const drawn = new Set(main.lines.map(({ column }) => column));
  const small = smallCharts.flatMap(({ id, title, text, level, of }) => {
    const lines = of.filter(({ column }) => byName.has(column));
    lines.forEach(({ column }) => drawn.add(column));
    return lines.length === 0 ? [] : [{ id, title, text, unit: '', numbers: 'measured' as const, level: level ?? null, lines: lines.map((line) => ({ smooth: false, text: '', look: 'line' as const, ...line, key: line.column })) }]; // prettier-ignore
  });
  return [main, ...small, ...columns.filter(({ name }) => !drawn.has(name)).map(ownChart)];
}

const mainLines = (label: string): LinePlan[] => [
  { key: 'estimate', column: 'estimate', smooth: false, label: `${label} raw`, text: 'Every step, as the batch gave it.', hue: 'blue', look: 'pale' },
  { key: 'wasserstein', column: 'wasserstein', smooth: true, label: 'W', text: 'K·W divided by the mean slope ‖∇D(x̂)‖ of the critic: the distance in units of the data, median over 101 steps.', hue: 'orange', look: 'line' },
  { key: 'validationEstimate', column: 'validationEstimate', smooth: false, label: `${label} held out`, text: 'The same estimate on real samples that the critic never saw: a gap means that it learns them by heart.', hue: 'green', look: 'dots' },
  { key: 'w1Floor', column: 'w1Floor', smooth: false, label: 'W₁ floor', text: textOf('w1Floor'), hue: 'purple', look: 'dashed' },
  { key: 'w1', column: 'w1', smooth: false, label: 'W₁ exact', text: textOf('w1'), hue: 'purple', look: 'dots' },
  { key: 'estimateMedian', column: 'estimate', smooth: true, label: `${label} median`, text: 'Median over 101 steps, centred.', hue: 'blue', look: 'bold' },
]; // prettier-ignore

interface SmallChart {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly level?: { readonly label: string; readonly value: number };
  readonly of: readonly (Pick<LinePlan, 'column' | 'label' | 'hue'> & Partial<LinePlan>)[];
}

const smallCharts: readonly SmallChart[] = [
  {
    id: 'losses',
    title: 'Losses',
    text: 'What critic and generator minimise. They are a game: neither is expected to fall steadily.',
    of: [
      { column: 'criticLoss', label: 'critic', hue: 'blue' },
      { column: 'generatorLoss', label: 'generator', hue: 'orange' },
    ],
  },
  {
    id: 'gradientNorm',
    title: '‖∇D(x̂)‖',
    text: 'Mean slope of the critic between real and generated samples. The gradient penalty pulls it towards 1.',
    level: { label: '1', value: 1 },
    of: [{ column: 'gradientNorm', label: 'mean', hue: 'blue' }],
  },
  {
    id: 'penalty',
    title: 'Penalty',
    text: 'The part of the critic loss that the constraint adds.',
    of: [{ column: 'penalty', label: 'penalty', hue: 'blue' }],
  },
];

/** A column that no other chart draws gets one of its own: measures, and what a later version may measure. */
function ownChart({ name, label, unit }: MonitorColumn): ChartPlan {
  const text = textOf(name);
  const look = text === '' ? 'line' : 'dots';
  const line = { key: name, column: name, smooth: false, label, text, hue: 'blue', look } as const;
  return {
    id: name,
    title: capital(label),
    text,
    unit,
    numbers: numbersOf[name] ?? 'measured',
    lines: [line],
    level: null,
  };
}

const numbersOf: Readonly<Record<string, ChartPlan['numbers']>> = { modes: 'count', highQuality: 'share' };

/** What the catalog says of a measured number. */
function textOf(name: string): string {
  const yields = Object.values(measures).map((measure): Record<string, { text: string }> => measure.yields);
  return yields.find((numbers) => Object.hasOwn(numbers, name))?.[name].text ?? '';
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
