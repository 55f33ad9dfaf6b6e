// The rows of the runs table: each run with the settings in which the runs differ.
import path from 'node:path';
import type { TableRun } from '../../../protocol/runsTable';
import { secondsOf } from '../../../protocol/status';
import { flattened } from '../../../shared/flatSettings';
import { shownState, startTime } from '../describe';
import type { Run } from '../readRuns';

/** Converts runs to rows. Rows, and the settings of a run, are computed again only if the run changed. */
export function createTableReader() {
  const settings = new WeakMap<object, Readonly<Record<string, string>>>();
  let rows = new Map<Run, TableRun>();
  let keys = '';

  const settingsOf = ({ experiment }: Run): Readonly<Record<string, string>> => {
    if (typeof experiment !== 'object' || experiment === null) return {};
    const known = settings.get(experiment);
    if (known) return known;
    const found = Object.fromEntries(flattened(experiment));
    settings.set(experiment, found);
    return found;
  };
  return (runs: readonly Run[]): { readonly rows: readonly TableRun[]; readonly keys: readonly string[] } => {
    const differing = differingKeys(runs.map(settingsOf));
    const now = differing.join('\n');
    const known = now === keys ? rows : new Map<Run, TableRun>();
    keys = now;
    rows = new Map(runs.map((run) => [run, known.get(run) ?? tableRun(run, pick(settingsOf(run), differing))]));
    return { rows: [...rows.values()], keys: differing };
  };
}

/**
 * The name has a column of its own, and so have the steps, to which a run may have been extended; the seeds to train
 * say the same as the seed.
 */
const omitted = new Set(['name', 'seeds', 'steps']);

/** The keys of the settings that not all runs have with the same value, in the order of an experiment. */
function differingKeys(all: readonly Readonly<Record<string, string>>[]): string[] {
  // Runs whose experiment cannot be read have no settings; that is no difference.
  const known = all.filter((settings) => Object.keys(settings).length > 0);
  const [first] = known;
  if (first === undefined) return [];
  const keys = new Set(known.flatMap((settings) => Object.keys(settings)));
  const sections = [...new Set([...keys].map(sectionOf))];
  return [...keys]
    .filter((key) => !omitted.has(key) && known.some((settings) => settings[key] !== first[key]))
    .sort((a, b) => sections.indexOf(sectionOf(a)) - sections.indexOf(sectionOf(b)));
}

const sectionOf = (key: string): string => key.split('.', 1)[0];

const pick = (settings: Readonly<Record<string, string>>, keys: readonly string[]): Record<string, string> =>
  Object.fromEntries(keys.filter((key) => Object.hasOwn(settings, key)).map((key) => [key, settings[key]]));

function tableRun(run: Run, settings: Readonly<Record<string, string>>): TableRun {
  const { directory, name, experimentName, status, estimate, estimateLabel, tags, notes } = run;
  const started = Date.parse(startTime(directory).replace(' ', 'T')) / 1000;
  return {
    id: directory,
    name,
    experiment: experimentName,
    folder: path.basename(directory),
    state: shownState(run),
    step: status?.step ?? null,
    steps: status?.steps ?? null,
    startedAt: Number.isFinite(started) ? started : (status?.startedAt ?? null),
    seconds: status === null ? null : secondsOf(status),
    values: { ...(estimate === null ? {} : { estimate }), ...status?.metrics },
    estimateLabel,
    settings,
    parent: run.parent && { folder: path.basename(run.parent.directory), step: run.parent.step },
    tags,
    notes,
  };
}
