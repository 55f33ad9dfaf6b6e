// The sentence below the main curve: what it is, which direction is better, and whether it still improves.
import type { MonitorEstimate } from '../../src/protocol/monitor';
import { formatCount, percent } from '../format';
import { t } from '../l10n';
import type { Trend } from './trend';

/** `ended` says that no process works on the run. */
export function explanationOf({ label }: Pick<MonitorEstimate, 'label'>, trend: Trend, ended: boolean): string {
  const meaning =
    label === 'K·W'
      ? t(
          "K·W is the critic's estimate of the Wasserstein distance to the data, times its constant K. Lower is better.",
        )
      : t("{0} is the critic's estimate of the distance to the data. Lower is better.", t(label));
  return `${meaning} ${trendText(trend, ended)}`;
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
