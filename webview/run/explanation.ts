// The sentences below the main curve: what it is, which direction is better, whether it still improves, and what the
// exact W₁ says.
import type { MonitorEstimate } from '../../src/protocol/monitor';
import { formatCount, formatMeasurement, percent } from '../format';
import { t } from '../l10n';
import type { Curve } from '../curve/curve';
import { fellSince, type Trend } from './trend';

/** W₁ between generated and real samples; `fell` over the steps of the estimate's trend, null if that is unknown. */
interface ExactDistance {
  readonly value: number;
  /** Between two sets of real samples; NaN if unknown. */
  readonly floor: number;
  readonly fell: boolean | null;
}

/** The last W₁ of a run; null if it has none yet. */
export function exactDistanceOf(curve: Curve, trend: Trend): ExactDistance | null {
  if (!curve.has('w1') || Number.isNaN(curve.last('w1'))) return null;
  const from = (curve.step.at(-1) ?? 0) - ('steps' in trend ? trend.steps : 0);
  const floor = curve.has('w1Floor') ? curve.last('w1Floor') : NaN;
  return { value: curve.last('w1'), floor, fell: fellSince(curve.step, curve.raw('w1'), from) };
}

/** `ended` says that no process works on the run; `exact` is null if W₁ is not measured. */
export function explanationOf(
  { label }: Pick<MonitorEstimate, 'label'>,
  trend: Trend,
  ended: boolean,
  exact: ExactDistance | null,
): string {
  const meaning =
    label === 'K·W'
      ? t(
          "K·W is the critic's estimate of the Wasserstein distance to the data, times its constant K. Lower is better.",
        )
      : t("{0} is the critic's estimate of the distance to the data. Lower is better.", t(label));
  const texts = [meaning, trendText(trend, ended), ...(exact === null ? [] : exactTexts(trend, exact))];
  return texts.join(' ');
}

function exactTexts({ kind }: Trend, { value, floor, fell }: ExactDistance): string[] {
  const measured = Number.isNaN(floor)
    ? t('W₁ exact, measured on the samples themselves, is {0}.', formatMeasurement(value))
    : t(
        'W₁ exact, measured on the samples themselves, is {0} (two real sets: {1}).',
        formatMeasurement(value),
        formatMeasurement(floor),
      );
  if (kind === 'falling' && fell === false) return [measured, t('It did not fall over these steps: trust W₁.')];
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
