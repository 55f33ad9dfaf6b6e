// The settings of an experiment as a flat list of texts, and which of them both networks share.

/** Settings by path: `critic.width` = '128', `samples.grid` = '8, 8', `constraint.0.kind` = 'gradient-penalty'. */
export function flattened(value: unknown, path: readonly string[] = []): (readonly [key: string, value: string])[] {
  const isList = Array.isArray(value);
  const plainList = isList && value.every((item) => typeof item !== 'object' || item === null);
  if (typeof value !== 'object' || value === null || plainList) return [[path.join('.'), shown(value)]];
  const inner = Object.entries(value).flatMap(([key, item]) => flattened(item, [...path, key]));
  return inner.length > 0 || path.length === 0 ? inner : [[path.join('.'), isList ? 'none' : '']];
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(String).join(', ');
  return value === null ? 'none' : String(value);
}

/** A setting, or one of the generator that stands for the critic's as well. */
export interface SharedKey {
  /** A key of the experiment: `optimizer.generator.beta1`. */
  readonly key: string;
  /** Without the network if it stands for both: `optimizer.beta1`. */
  readonly name: string;
}

/** The keys without those of the critic whose `values` are those of the generator. */
export function sharedByNetworks(keys: readonly string[], values: (key: string) => string): SharedKey[] {
  const twin = (key: string, network: string, other: string): string | undefined => {
    const found = key.replace(new RegExp(`(^|\\.)${network}\\.`), `$1${other}.`);
    return found !== key && keys.includes(found) && values(found) === values(key) ? found : undefined;
  };
  return keys
    .filter((key) => twin(key, 'critic', 'generator') === undefined)
    .map((key) => {
      const isShared = twin(key, 'generator', 'critic') !== undefined;
      return { key, name: isShared ? key.replace(/(^|\.)generator\./, '$1') : key };
    });
}
