// The lines of parallel coordinates: where they cross the axes, and the line at a place.
import type { SweepComparison, SweepPlan } from '../../src/protocol/sweep';
import { numberFormatOf } from '../charts/columns';
import { round, writers } from '../format';
import { type Axis, resultAxis, settingAxis } from './axes';
import { type Brushes, isInside } from './brushes';
import type { TrialGroup } from '../../src/protocol/foldTrials';
import { resultText } from './tableColumns';

export interface PlotLine {
  readonly group: TrialGroup;
  /** The place on each axis in [0, 1]; null beside it. */
  readonly places: readonly (number | null)[];
  /** The places of the least and the most of its results; null without a range. */
  readonly range: readonly [number, number] | null;
  /** Some of its trials diverged or failed. */
  readonly dashed: boolean;
  readonly hue: number;
  /** Inside all brushes. */
  readonly kept: boolean;
}

export interface PlotModel {
  readonly axes: readonly Axis[];
  /** Whether the last axis is the result. */
  readonly hasResult: boolean;
  readonly lines: readonly PlotLine[];
  /** The axis whose values have the colors, which are at most six; -1 for a single color. */
  readonly colored: number;
}

/** More colors cannot be distinguished. */
const maxHues = 6;

export interface PlotInput {
  readonly plan: Pick<SweepPlan, 'settings' | 'grid' | 'comparison'>;
  /** By all settings; their first values are those of the settings. */
  readonly groups: readonly TrialGroup[];
  /** The labels of the values of the groups. */
  readonly labels: readonly string[];
  readonly resultLabel: string;
  /** The label of the place of settings without a result. */
  readonly noResult: string;
}

/** The axes, and a line for each group in which a trial has ended. */
export function plotModel(input: PlotInput, brushes: Brushes): PlotModel {
  const { plan, groups, labels, resultLabel, noResult } = input;
  const axes = labels.map((label, i) =>
    settingAxis(
      label,
      groups.map(({ values }) => values[i]),
    ),
  );
  const ended = groups.filter(hasEnded);
  const result = plan.comparison === null ? null : resultAxisOf(ended, plan.comparison, resultLabel, noResult);
  const colored = axes.findIndex(
    ({ label, values }) => plan.grid.includes(label) && values.length > 1 && values.length <= maxHues,
  );
  const all = result === null ? axes : [...axes, result];
  return {
    axes: all,
    hasResult: result !== null,
    colored,
    lines: ended.map((group) => ({
      group,
      places: [...axes.map(({ at }, i) => at(group.values[i])), ...(result === null ? [] : [result.at(group.median)])],
      range: result === null || group.count < 2 ? null : [result.at(group.least) ?? 0, result.at(group.most) ?? 0],
      dashed: group.diverged + group.failed > 0,
      hue: colored === -1 ? 0 : Math.max(0, axes[colored].values.indexOf(group.values[colored] ?? '')),
      kept: isKept(group, all, result !== null, brushes),
    })),
  };
}

const hasEnded = ({ count, diverged, failed }: TrialGroup): boolean => count + diverged + failed > 0;

/** The axis reaches over the ranges. */
function resultAxisOf(
  groups: readonly TrialGroup[],
  comparison: SweepComparison,
  label: string,
  noResult: string,
): Axis {
  const numbers = numberFormatOf(comparison.metric);
  const medians = groups.flatMap(({ median }) => median ?? []);
  const ends = groups.flatMap(({ least, most }) => [
    ...(least === null ? [] : [least]),
    ...(most === null ? [] : [most]),
  ]);
  const axis = resultAxis(label, ends, groups.some(({ median }) => median === null) ? noResult : null, {
    whole: numbers === 'count',
    tick: numbers === 'share' ? writers.share : round,
    single: resultText(comparison),
  });
  // Brushes are about medians.
  return { ...axis, values: [...new Set(medians)].sort((a, b) => a - b) };
}

/** Whether a group is inside all brushes. */
export const isKept = (group: TrialGroup, axes: readonly Axis[], hasResult: boolean, brushes: Brushes): boolean =>
  axes.every((axis, i) => {
    const brush = Object.hasOwn(brushes, axis.label) ? brushes[axis.label] : undefined;
    if (brush === undefined) return true;
    const isResult = hasResult && i === axes.length - 1;
    return isInside(axis, brush, isResult ? group.median : group.values[i]);
  });

/** Where missing values are drawn, beside the axis. */
export const missingPlace = -0.12;

/**
 * The kept line nearest to a place: `along` counts axes, `across` is in [0, 1]. Null if none is within `reach` of it.
 */
export function nearestLine(lines: readonly PlotLine[], along: number, across: number, reach: number): PlotLine | null {
  let nearest: PlotLine | null = null;
  let best = reach;
  for (const line of lines) {
    if (!line.kept) continue;
    const left = Math.max(0, Math.min(line.places.length - 2, Math.floor(along)));
    const [a, b] = [line.places[left], line.places[left + 1] ?? line.places[left]].map(
      (place) => place ?? missingPlace,
    );
    const distance = Math.abs(a + (b - a) * Math.max(0, Math.min(1, along - left)) - across);
    if (distance < best) [nearest, best] = [line, distance];
  }
  return nearest;
}
