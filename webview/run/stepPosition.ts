// Where a run is that is stepped by hand, in words, and which steps can be made from there.
import type { ManualStep } from '../../src/protocol/control';
import type { MonitorColumn, MonitorLive } from '../../src/protocol/monitor';
import { count, measured } from '../format';
import { t } from '../l10n';

/** 'step 813 · critic update 3 of 5' within a step, 'step 812' behind one. */
export function positionText({
  step,
  criticUpdatesDone,
  criticUpdatesTotal,
}: Pick<MonitorLive, 'step' | 'criticUpdatesDone' | 'criticUpdatesTotal'>): string {
  if (criticUpdatesDone === 0) return t('step {0}', count(step - 1));
  const update =
    criticUpdatesTotal === null
      ? t('critic update {0}', count(criticUpdatesDone))
      : t('critic update {0} of {1}', count(criticUpdatesDone), count(criticUpdatesTotal));
  return `${t('step {0}', count(step))} · ${update}`;
}

/** Why a step cannot be made; '' where it can. */
export const disabledReason = (kind: ManualStep, live: MonitorLive | null): string =>
  kind === 'critic-step' && live?.network === 'generator'
    ? t("The critic has made its updates of this step: the generator's comes next.")
    : '';

/** What the update before measured, as label and number, in the order of the run's columns. */
export function updateValues(
  { values }: MonitorLive,
  columns: readonly MonitorColumn[],
): [label: string, value: string][] {
  return columns.flatMap(({ name, label }) => {
    const value = shownColumns.includes(name) && Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? [] : [[t(label), measured(value ?? NaN)]];
  });
}

/** What every update has; the measures of a step have their own place. */
const shownColumns = ['criticLoss', 'generatorLoss', 'estimate', 'penalty', 'gradientNorm', 'normalizedEstimate'];
