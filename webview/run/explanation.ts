// The sentences below the main curve: whether it still improves, and what the metrics of the samples say about that.
import { formatCount, formatMeasurement, percent } from '../format';
import { t } from '../l10n';
import type { Curve } from '../curve/curve';
import { fellSince, type RecentTrend, recentTrendOf, type Trend } from './trend';

/** W₁ between generated and real samples; `fell` over the steps of the estimate's trend, null if that is unknown. */
interface ExactDistance {
  readonly value: number;
  /** Between two sets of real samples; NaN if unknown. */
  readonly floor: number;
  readonly fell: boolean | null;
  /** Null with too few values. */
  readonly recent: RecentTrend | null;
}

/** What the metrics of the samples say; null where there is no metric, or too few values of it. */
interface Measured {
  readonly exact: ExactDistance | null;
  /** The trend of the share of samples of high quality. */
  readonly quality: RecentTrend | null;
}

export function measuredOf(curve: Curve, trend: Trend): Measured {
  const recent = (column: string) => (curve.has(column) ? recentTrendOf(curve.step, curve.raw(column)) : null);
  return { exact: exactDistanceOf(curve, trend, recent('w1')), quality: recent('highQuality') };
}

function exactDistanceOf(curve: Curve, trend: Trend, recent: RecentTrend | null): ExactDistance | null {
  if (!curve.has('w1') || Number.isNaN(curve.last('w1'))) return null;
  const from = (curve.step.at(-1) ?? 0) - ('steps' in trend ? trend.steps : 0);
  const floor = curve.has('w1Floor') ? curve.last('w1Floor') : NaN;
  return { value: curve.last('w1'), floor, fell: fellSince(curve.step, curve.raw('w1'), from), recent };
}

interface RunEnd {
  /** No process works on the run. */
  readonly ended: boolean;
  /** The page offers "Train longer". */
  readonly offersMore: boolean;
}

export function explanationOf(trend: Trend, { ended, offersMore }: RunEnd, { exact, quality }: Measured): string {
  const texts = [
    trendText(trend, ended),
    ...(exact === null ? [] : exactTexts(trend, exact)),
    ...(quality?.kind === 'falling'
      ? [
          t(
            'The share of high quality fell over the last {0} steps, from {1} to {2}.',
            formatCount(quality.steps),
            percent(quality.before),
            percent(quality.now),
          ),
        ]
      : []),
  ];
  // More steps are only advised if nothing that was measured speaks against them.
  const improves = exact?.fell !== false && (exact?.recent ?? { kind: 'falling' }).kind === 'falling';
  if (offersMore && trend.kind === 'falling' && improves && quality?.kind !== 'falling')
    texts.push(t('"Train longer" continues it.'));
  return texts.join(' ');
}

function exactTexts({ kind }: Trend, { value, floor, fell, recent }: ExactDistance): string[] {
  const measured = Number.isNaN(floor)
    ? t('W₁ exact, measured on the samples themselves, is {0}.', formatMeasurement(value))
    : t(
        'W₁ exact, measured on the samples themselves, is {0} (two real sets: {1}).',
        formatMeasurement(value),
        formatMeasurement(floor),
      );
  if (recent?.kind === 'rising')
    return [
      measured,
      t(
        'It rose over the last {0} steps, from {1} to {2}: the samples got worse.',
        formatCount(recent.steps),
        formatMeasurement(recent.before),
        formatMeasurement(recent.now),
      ),
    ];
  if (kind === 'falling' && fell === false) return [measured, t('It did not fall over these steps: trust W₁.')];
  if (kind === 'falling' && recent?.kind === 'level')
    return [measured, t('Over the last {0} steps it did not clearly fall: trust W₁.', formatCount(recent.steps))];
  if (kind === 'rising' && fell === true) return [measured, t('It fell over these steps: trust W₁.')];
  return [measured];
}

function trendText(trend: Trend, ended: boolean): string {
  if (trend.kind === 'unknown')
    return ended ? t('Too few steps to tell a trend.') : t('Too early to tell whether it improves.');
  const steps = formatCount(trend.steps);
  if (trend.kind === 'level') return t('No clear change over the last {0} steps.', steps);
  if (trend.kind === 'rising')
    return t('Rising over the last {0} steps: the samples get worse, or the critic is still catching up.', steps);
  const by = trend.change === null ? null : percent(-trend.change, 0);
  if (by === null)
    return ended
      ? t('It was still improving over the last {0} steps.', steps)
      : t('Still improving over the last {0} steps.', steps);
  return ended
    ? t('It was still improving: down {0} over the last {1} steps.', by, steps)
    : t('Still improving: down {0} over the last {1} steps.', by, steps);
}
