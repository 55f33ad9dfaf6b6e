// The position of a manually stepped run within a step, as text, and the updates that are possible there.
import type { ManualStep } from '../../src/protocol/control';
import type { MonitorColumn, MonitorLive } from '../../src/protocol/monitor';
import type { StepPosition } from '../../src/protocol/livePreview';
import { formatCount, formatMeasurement } from '../format';
import { t } from '../l10n';

/** 'step 813 · critic update 3 of 5' within a step, 'step 812' after it. */
export function positionText(position: Omit<StepPosition, 'network'>): string {
  const { step, criticUpdatesDone: done, criticUpdatesTotal: total } = position;
  if (done === 0) return t('step {0}', formatCount(step - 1));
  const update =
    total === null
      ? t('critic update {0}', formatCount(done))
      : t('critic update {0} of {1}', formatCount(done), formatCount(total));
  return `${t('step {0}', formatCount(step))} · ${update}`;
}

/** Why an update is not possible; '' if it is. */
export const disabledReason = (kind: ManualStep, live: MonitorLive | null): string =>
  kind === 'critic-step' && live?.network === 'generator'
    ? t('All critic updates of this step are done; the generator update comes next.')
    : '';

/** The values of the last update as label and number, in the order of the run's columns. */
export function updateValues(
  { values }: MonitorLive,
  columns: readonly MonitorColumn[],
): [label: string, value: string][] {
  return columns.flatMap(({ name, label }) => {
    const value = shownColumns.includes(name) && Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? [] : [[t(label), formatMeasurement(value ?? NaN)]];
  });
}

/** Columns with a value at every update; metrics are shown elsewhere. */
const shownColumns = ['criticLoss', 'generatorLoss', 'estimate', 'penalty', 'gradientNorm', 'normalizedEstimate'];
