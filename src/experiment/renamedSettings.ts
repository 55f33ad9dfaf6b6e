// Settings and ids of experiment files that have a new name; the parser answers the old name with the new one.
import type { Path } from './problem';

/** The setting at the path `key` is now called `name`. */
interface RenamedKey {
  readonly key: string;
  readonly name: string;
}

/** The value `id` of the setting at `at` is now called `name`. */
interface RenamedId {
  readonly at: string;
  readonly id: string;
  readonly name: string;
}

export const renamedKeys: readonly RenamedKey[] = [
  { key: 'measures', name: 'metrics' },
  { key: 'stabilise', name: 'stabilization' },
  { key: 'stabilization.weightDecay.of', name: 'appliesTo' },
  { key: 'generator.initialiser', name: 'initializer' },
  { key: 'critic.initialiser', name: 'initializer' },
  { key: 'objective.trick', name: 'nonSaturating' },
  { key: 'objective.half', name: 'halved' },
  { key: 'samples.statistics', name: 'batchNormStatistics' },
  { key: 'data.part', name: 'split' },
  { key: 'data.standardise', name: 'standardize' },
  { key: 'data.most', name: 'limit' },
];

export const renamedIds: readonly RenamedId[] = [
  { at: 'preset', id: 'two-lines', name: 'parallel-lines' },
  { at: 'data.source', id: 'two-lines', name: 'vertical-line' },
  { at: 'latent.distribution', id: 'unit', name: 'uniform01' },
  { at: 'generator.network', id: 'translation', name: 'shift' },
  { at: 'critic.network', id: 'translation', name: 'shift' },
  { at: 'generator.activation', id: 'softplus', name: 'smooth-elu' },
  { at: 'critic.activation', id: 'softplus', name: 'smooth-elu' },
];

/** The new name of the key at the end of a path; undefined if it was not renamed. */
export const newKeyName = (path: Path): string | undefined =>
  renamedKeys.find(({ key }) => key === path.join('.'))?.name;

/** The new name of the id that is the value at a path; undefined if it was not renamed. */
export const newIdName = (path: Path, value: unknown): string | undefined =>
  renamedIds.find(({ at, id }) => at === path.join('.') && id === value)?.name;
