// Which settings a fork may change: not those on which the saved state depends.
import type { Experiment } from '../experiment';
import { isRecord } from '../shared/isRecord';
import { runError } from './errors';

/** The keys of the settings that differ, such as `optimizer.critic.learningRate`; a list counts as one setting. */
export function changedSettings(before: unknown, after: unknown, key = ''): string[] {
  if (!isRecord(before) || !isRecord(after)) return JSON.stringify(before) === JSON.stringify(after) ? [] : [key];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => changedSettings(before[name], after[name], key === '' ? name : `${key}.${name}`));
}

/** Settings on which the names and shapes of the saved tensors depend, and why. */
const fixedSettings: readonly (readonly [keys: RegExp, reason: string])[] = [
  [/^(generator|critic)(\.|$)/, 'the checkpoint has the weights of the networks as they are'],
  [/^latent\.size$/, 'the first layer of the generator has as many inputs'],
  [/^data\.(source|size|columns|channels|range|layout)$/, 'the networks are made for these samples'],
  [/^optimizer(\..*)?\.kind$/, "the checkpoint has this optimizer's state"],
];

/** Throws a UserError that names the setting if the state of a checkpoint does not fit the changed experiment. */
export function requireSameState(before: Experiment, after: Experiment, changed: readonly string[]): void {
  changed.forEach(requireChangeable);
  const isAveraged = ({ stabilization }: Experiment) => stabilization.ema !== null;
  if (isAveraged(before) !== isAveraged(after))
    throw cannotChange('stabilization.ema', 'the checkpoint has an averaged generator or it has none');
  const isNormalized = ({ constraint }: Experiment) => constraint.some(({ kind }) => kind === 'spectral-norm');
  if (isNormalized(before) !== isNormalized(after))
    throw cannotChange('constraint', 'spectral normalization has a state of its own');
}

/** Throws a UserError if no fork can change a setting. */
export function requireChangeable(key: string): void {
  const reason = whyFixed(key);
  if (reason !== null) throw cannotChange(key, reason);
}

/** Why no fork can change a setting; null if one can. */
export const whyFixed = (key: string): string | null => fixedSettings.find(([keys]) => keys.test(key))?.[1] ?? null;

const cannotChange = (key: string, reason: string) =>
  runError(
    'mismatch',
    `A fork cannot change "${key}": ${reason}. Leave it as it is, or train a new run with the changed setting.`,
  );
