// The settings in which a fork differs from its parent.
import { flattened, sharedByNetworks } from '../../shared/flatSettings';
import type { Run } from './readRuns';

export interface ChangedSetting {
  /** Its path; without the network if both have the same values: `optimizer.learningRate`. */
  readonly name: string;
  /** As texts; '' if the experiment does not have the setting. */
  readonly before: string;
  readonly after: string;
}

/** Every fork has steps of its own, and training its parent longer changes those of the parent. */
const omitted = new Set(['name', 'steps', 'seed', 'seeds']);

/** In the order of the experiment; none for a run that is no fork, and if its parent is not among the `runs`. */
export function forkChanges(run: Run, runs: { find(directory: string): Run | undefined }): readonly ChangedSetting[] {
  const parent = run.parent && runs.find(run.parent.directory);
  if (!parent?.experiment || !run.experiment) return [];
  const [before, after] = [parent, run].map(({ experiment }) => new Map(flattened(experiment)));
  const keys = [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => !omitted.has(key) && before.get(key) !== after.get(key),
  );
  const values = (key: string) => ({ before: before.get(key) ?? '', after: after.get(key) ?? '' });
  return sharedByNetworks(keys, (key) => JSON.stringify(values(key))).map(({ key, name }) => ({
    name,
    ...values(key),
  }));
}

/** As many changes are named in a row. */
const shownChanges = 2;

/** `learningRate 0.0001, batchSize 64, …`; '' without changes. */
export function changesText(changes: readonly ChangedSetting[]): string {
  const texts = changes.slice(0, shownChanges).map(({ name, after }) => `${nameIn(name, changes)} ${after || '–'}`);
  return [...texts, ...(changes.length > shownChanges ? ['…'] : [])].join(', ');
}

/** The last part of a path, or as many as distinguish it: `critic.beta1`. */
function nameIn(path: string, changes: readonly ChangedSetting[]): string {
  const parts = path.split('.');
  for (let n = 1; n < parts.length; n++) {
    const end = parts.slice(-n).join('.');
    if (!/^\d/.test(end) && changes.filter(({ name }) => name === end || name.endsWith(`.${end}`)).length === 1)
      return end;
  }
  return path;
}

/** `optimizer.learningRate: 0.0005 → 0.0001`. */
export const changeText = ({ name, before, after }: ChangedSetting): string =>
  `${name}: ${before || '–'} → ${after || '–'}`;
