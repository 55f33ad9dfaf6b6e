// The labels of compared runs: their names, and of runs with one name the settings in which they differ.
import { sharedByNetworks } from '../../src/shared/flatSettings';
import { t } from '../l10n';
import { forkText } from '../run/forkText';
import { differingSettings, type LoadedRun, seedKeys, settingValue } from './loadedRun';

/** Settings that say most about a run come first; others follow in the order of the experiment, steps and seed last. */
const sections = ['preset', 'objective', 'constraint', 'stabilization', 'optimizer', 'criticSteps'];
const lastSections = ['steps', 'samples', 'checkpoints', 'seed', 'seeds'];

/** As many differences are named even if fewer distinguish the runs. */
const shownDifferences = 3;

/**
 * A label for each run: its name if it is unique, else what differs between the runs of its name and the step of a
 * fork, else when it began. The name comes last, since labels are cut at their end, and is omitted if all share it.
 * `withSeeds` says whether seeds distinguish the runs.
 */
export function runLabels(runs: readonly LoadedRun[], withSeeds: boolean): string[] {
  const isOneName = new Set(runs.map(({ state }) => state.name)).size === 1;
  const labels = new Map<LoadedRun, string>();
  for (const name of new Set(runs.map(({ state }) => state.name))) {
    const alike = runs.filter(({ state }) => state.name === name);
    const differences = alike.length === 1 ? [''] : differencesOf(alike, withSeeds);
    alike.forEach((run, i) => {
      const difference = differences[i];
      labels.set(run, difference === '' ? name : isOneName ? difference : `${difference} · ${name}`);
    });
  }
  return runs.map((run) => labels.get(run)!);
}

/** What distinguishes runs of one name, for each of them. */
function differencesOf(runs: readonly LoadedRun[], withSeeds: boolean): string[] {
  const valuesOf = (key: string) => JSON.stringify(runs.map((run) => settingValue(run, key)));
  const all = differingSettings(runs).filter((key) => withSeeds || !seedKeys.has(key));
  const shared = sharedByNetworks(
    all.filter((key) => !isImplied(key, all, runs)),
    valuesOf,
  );
  const nameOf = new Map(shared.map(({ key, name }) => [key, name]));
  const sorted = shared.map(({ key }) => key).toSorted((a, b) => rank(a) - rank(b));
  const chosen = distinguishing(runs, sorted);
  // The curves show for how many steps a run was trained.
  const keys = sorted.filter((key) => key !== 'steps' || chosen.has(key));
  const shown = keys.filter((key) => chosen.has(key));
  for (const key of keys) if (shown.length < shownDifferences && !chosen.has(key)) shown.push(key);
  shown.sort((a, b) => keys.indexOf(a) - keys.indexOf(b));
  const names = shown.map((key) => nameOf.get(key) ?? key);
  const more = keys.length > shown.length ? ', …' : '';
  const areForked = differBy(runs, ({ state }) => state.parent?.step);
  const texts = runs.map((run) => {
    const settings = shown.flatMap((key, i) => {
      const value = settingValue(run, key);
      return value === '' ? [] : [settingText(names[i], value, names)];
    });
    const fork = areForked ? forkText(run.state.parent) : '';
    const parts = fork === '' ? settings : [...settings, fork];
    if (parts.length > 0) return `${parts.join(', ')}${more}`;
    return shown.length > 0 ? t('no {0}', lastPart(shown[0])) : '';
  });
  return texts.map((text, i) => {
    if (text !== '' && texts.indexOf(text) === texts.lastIndexOf(text)) return text;
    return [text, beginning(runs[i], runs)].filter((part) => part !== '').join(', ');
  });
}

const differBy = (runs: readonly LoadedRun[], value: (run: LoadedRun) => unknown): boolean =>
  new Set(runs.map(value)).size > 1;

/** Whether a setting is that of a choice which differs as well, as lambda is of a gradient penalty. */
function isImplied(key: string, keys: readonly string[], runs: readonly LoadedRun[]): boolean {
  const parent = key.split('.').slice(0, -1).join('.');
  const ofChoice = keys.some((other) => other !== key && isChoice(other) && other.startsWith(`${parent}.`));
  return parent !== '' && ofChoice && new Set(runs.map((run) => settingValue(run, key)).filter(Boolean)).size === 1;
}

/** The fewest settings, as a greedy search finds them, by which every two runs differ that do so in any. */
function distinguishing(runs: readonly LoadedRun[], keys: readonly string[]): ReadonlySet<string> {
  const chosen = new Set<string>();
  const classes = (more: readonly string[]) =>
    new Set(runs.map((run) => JSON.stringify([...chosen, ...more].map((key) => settingValue(run, key))))).size;
  for (let now = classes([]); now < runs.length; ) {
    const best = keys.reduce<string | undefined>(
      (a, b) => (a === undefined || classes([b]) > classes([a]) ? b : a),
      undefined,
    );
    if (best === undefined || classes([best]) === now) break;
    chosen.add(best);
    now = classes([]);
  }
  return chosen;
}

function rank(key: string): number {
  const [section] = key.split('.', 1);
  const kind = isChoice(key) ? 0 : 0.5;
  if (sections.includes(section)) return sections.indexOf(section) + kind;
  return sections.length + (lastSections.includes(section) ? 1 + lastSections.indexOf(section) : kind / 2);
}

const isChoice = (key: string): boolean => /(^|\.)(kind|source|network|preset|objective)$/.test(key);

const lastPart = (key: string): string => key.split('.').at(-1) ?? key;

/** `lambda 10`, or the value of a choice such as `clip`; with the network if both have the setting. */
function settingText(key: string, value: string, keys: readonly string[]): string {
  const isShared = keys.some((other) => other !== key && lastPart(other) === lastPart(key));
  const [section] = key.split('.', 1);
  const [, part = section] = /^optimizer\.(generator|critic)\./.exec(key) ?? [];
  const owner = isShared ? `${part} ` : '';
  return isChoice(key) ? `${owner}${value}` : `${owner}${lastPart(key)} ${value}`;
}

/** When a run began, from the name of its folder; that name if it does not tell it from the others. */
function beginning(run: LoadedRun, runs: readonly LoadedRun[]): string {
  const folder = ({ state: { directory } }: LoadedRun) => directory.split(/[\\/]/).at(-1) ?? directory;
  const time = (each: LoadedRun) => /^\d{8}-(\d\d)(\d\d)(\d\d)-/.exec(folder(each))?.slice(1).join(':') ?? '';
  return time(run) !== '' && runs.filter((each) => time(each) === time(run)).length === 1 ? time(run) : folder(run);
}
