// The model files that a run keeps: it resumes and exports with the code that it began with, whatever becomes of the
// files it was made from.
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Role } from '../../catalog';
import type { Experiment } from '../../experiment';
import { inside, makeFolder, readIfExists, readJson, replaceFile } from '../../run/diskAccess';
import { runPaths } from '../../run/directory';
import { damagedFile, newerFile } from '../../run/errors';
import { isRecord } from '../../shared/isRecord';
import { firstFew, list } from '../../shared/text';
import type { ExperimentSource } from '../inputErrors';
import { bundleModels, hashOf, type ModelBundle, type ModelBundles } from './bundleModule';

const roles: readonly Role[] = ['generator', 'critic'];

/** The largest bundle and record that are read: far above what a model file and its packages come to. */
const MAX_BYTES = 1 << 26;

const advice = 'start a new run from the experiment file, or resume with --use-current-model';

const pathsOf = (run: string, role: Role) => ({
  code: inside(runPaths(run).model, `${role}.cjs`),
  record: inside(runPaths(run).model, `${role}.json`),
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Writes the bundles of a run, and the record of what they were made of. */
export function writeRunModels(run: string, bundles: ModelBundles): void {
  for (const role of roles) {
    const bundle = bundles[role];
    if (!bundle) continue;
    const { code, record } = pathsOf(run, role);
    const { file, sources } = bundle;
    const content = { format: 'earthmover-model', version: 1, file, sha256: sha256(bundle.code), sources };
    makeFolder(path.dirname(code));
    replaceFile(code, bundle.code, { sync: true });
    replaceFile(record, `${JSON.stringify(content, null, 2)}\n`, { sync: true });
  }
}

export interface RunModels {
  readonly bundles: ModelBundles;
  /** Files that were edited since the run began, and whose old content is used. */
  readonly edited: readonly string[];
  /** What else the user must know about the code that is used, in full sentences. */
  readonly notices: readonly string[];
  /** Whether the run has to keep these bundles from now on. */
  readonly isNew: boolean;
}

/**
 * The bundles that a run keeps; with `useCurrent`, or if it keeps none, those of the files as they are now. Throws a
 * UserError if what it keeps is damaged.
 */
export async function readRunModels(
  run: string,
  experiment: Experiment,
  source: ExperimentSource,
  useCurrent = false,
): Promise<RunModels> {
  const wanted = roles.filter((role) => 'module' in experiment[role]);
  const kept = useCurrent ? [] : wanted.map((role) => [role, readBundle(run, role)] as const);
  if (wanted.length > 0 && (useCurrent || kept.some(([, bundle]) => bundle === null))) {
    const bundles = await bundleModels(experiment, source);
    const files = list([...new Set(wanted.map((role) => bundles[role]!.file))]);
    const why = useCurrent ? 'as you asked' : 'because the run has no copy of it';
    return {
      bundles,
      edited: [],
      notices: [`The networks are built with ${files} as it is now, ${why}.`],
      isNew: true,
    };
  }
  const bundles = Object.fromEntries(kept) as ModelBundles;
  const sources = Object.assign({}, ...Object.values(bundles).map((b) => b.sources)) as ModelBundle['sources'];
  const changed = Object.keys(sources).filter((file) => hashOf(file) !== sources[file]);
  const gone = changed.filter((file) => hashOf(file) === null);
  const edited = changed.filter((file) => !gone.includes(file));
  const notices =
    gone.length > 0 ? [`Cannot read ${firstFew(gone, 3)} any more; the copy that the run keeps is used.`] : [];
  return { bundles, edited, notices, isNew: false };
}

/** Null if the run keeps no bundle for the role. */
function readBundle(run: string, role: Role): ModelBundle | null {
  const paths = pathsOf(run, role);
  const record = readJson(paths.record, MAX_BYTES, advice);
  const code = readIfExists(paths.code, MAX_BYTES)?.toString();
  if (record === undefined || code === undefined) return null;
  if (!isRecord(record) || record.format !== 'earthmover-model')
    throw damagedFile(paths.record, 'it is not the record of a model file', advice);
  if (record.version !== 1) throw newerFile(paths.record, record.version, 1);
  const { file, sha256: hash, sources } = record;
  const isComplete = typeof file === 'string' && path.isAbsolute(file) && isRecord(sources);
  if (!isComplete || !Object.values(sources).every((value) => typeof value === 'string'))
    throw damagedFile(paths.record, 'it does not say what the model file was made of', advice);
  if (sha256(code) !== hash) throw damagedFile(paths.code, 'its checksum does not match', advice);
  return { file, code, sources: sources as Record<string, string> };
}
