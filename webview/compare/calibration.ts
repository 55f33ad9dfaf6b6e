// Calibration of a comparison. A critic estimates K·W, with a constant K of the critic ("Wasserstein GAN", section
// 4.2), so estimates of critics of different shape are comparable once one is divided by the ratio of their constants.
import { isEstimateColumn } from '../charts/columns';
import type { Curve } from '../curve/curve';
import { t } from '../l10n';
import { type RunGroup } from './groups';
import { differingSettings, settingValue } from './loadedRun';

/** Why the estimate of a group cannot be divided by a factor; null if it can. */
export function whyNotCalibrated({ members: [run] }: RunGroup): string | null {
  const kinds = run.state.settings.flatMap(({ key, value }) => (/^constraint(\.\d+)?\.kind$/.test(key) ? [value] : []));
  const objective = settingValue(run, 'objective.kind') || settingValue(run, 'objective');
  if (objective !== '' && objective !== 'wgan') return t('Only the estimate of a Wasserstein critic is K·W.');
  return kinds.some((kind) => kind === 'gradient-penalty' || kind === 'dragan')
    ? t('Under a gradient penalty, K depends on W: no factor calibrates this critic.')
    : null;
}

/** Whether the groups differ in the network, constraint or objective of their critics, and so in K. */
export const haveDifferentCritics = (groups: readonly RunGroup[]): boolean =>
  differingSettings(groups.map(({ members: [run] }) => run)).some((key) =>
    /^(critic|constraint|objective)(\.|$)/.test(key),
  );

/** Why the estimates of the groups cannot be compared; '' if they can. */
export function criticWarning(groups: readonly RunGroup[]): string {
  const estimates = groups.flatMap(({ members }) => members.map(({ state }) => state.estimate.label));
  const areCalibrated =
    groups.some(({ factor }) => factor !== 1) && groups.every((group) => whyNotCalibrated(group) === null);
  if (areCalibrated || !haveDifferentCritics(groups)) return '';
  return estimates.every((label) => label === 'K·W')
    ? t('K·W of different critics cannot be compared; W₁ can.')
    : t('Estimates of different critics cannot be compared; W₁ can.');
}

/** The group with its estimates divided by the factor of its first run that has one. */
export function calibrated(group: RunGroup, factors: Readonly<Record<string, number>>): RunGroup {
  const factor = group.members.map(({ id }) => factors[id]).find((each) => each !== undefined) ?? 1;
  if (factor === 1 || whyNotCalibrated(group) !== null) return group;
  return { ...group, factor, members: group.members.map((run) => ({ ...run, curve: divided(run.curve, factor) })) };
}

/** A view of a curve whose estimates are divided by `factor`. */
function divided(curve: Curve, factor: number): Curve {
  const quotients = new Map<string, Float32Array | Float64Array>();
  const quotient = <T extends Float32Array | Float64Array>(key: string, values: T): T => {
    const known = quotients.get(key);
    if (known?.length === values.length) return known as T;
    const result = values.map((value) => value / factor) as T;
    quotients.set(key, result);
    return result;
  };
  return {
    columns: curve.columns,
    get length() {
      return curve.length;
    },
    get step() {
      return curve.step;
    },
    get wallTime() {
      return curve.wallTime;
    },
    x: curve.x,
    has: curve.has,
    raw: (name) => (isEstimateColumn(name) ? quotient(name, curve.raw(name)) : curve.raw(name)),
    smooth: (name, window) =>
      isEstimateColumn(name) ? quotient(`${name} ${window}`, curve.smooth(name, window)) : curve.smooth(name, window),
    last: (name) => (isEstimateColumn(name) ? curve.last(name) / factor : curve.last(name)),
    append: curve.append,
    fill: curve.fill,
  };
}
