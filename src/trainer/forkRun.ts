// Forks a run: a new run directory that continues from a checkpoint of another run, with some settings changed.
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import type { Experiment } from '../experiment';
import { copyFile, copyFolder } from '../files/copy';
import { inside, makeFolder, onDiskAsync } from '../run/diskAccess';
import { listCheckpoints, openCheckpoint, readCheckpoint, writeCheckpoint, type Checkpoint } from '../run/checkpoints';
import { manifestText, openRun, requireOwnParts, runPaths, writeManifest, type RunManifest } from '../run/directory';
import { runError } from '../run/errors';
import { findBestCheckpoint } from '../run/bestCheckpoint';
import { openMetrics } from '../run/metricsReader';
import { requireUnused } from '../run/unusedDirectory';
import { list } from '../shared/text';
import type { CheckpointRecord } from './checkpointContent';
import { metricColumns } from './columns';
import { changedSettings, requireSameState } from '../run/forkSettings';

/** A step that has a checkpoint, or the one with the best value of "checkpoints.best"; undefined for the newest. */
export type ForkPoint = number | 'best' | undefined;

export interface ForkRequest {
  readonly parent: string;
  readonly point: ForkPoint;
  /** The experiment of the fork: that of the parent with the changes. */
  readonly experiment: Experiment;
  /** The new run directory. */
  readonly directory: string;
}

/**
 * Writes the directory of a fork, from which `resume` trains: the checkpoint, the curves up to it, the model files, and
 * the parent. Throws a UserError, before anything is written, if the checkpoint cannot be continued with the changed
 * settings, or has all its steps.
 */
export async function forkRun({ parent, point, experiment, directory }: ForkRequest): Promise<void> {
  const { directory: from, manifest } = openRun(parent);
  requireOwnParts(from);
  requireUnused(directory);
  const recorded = manifest.experiment as Experiment;
  const changed = changedSettings(recorded, experiment);
  requireSameState(recorded, experiment, changed);
  const checkpoint = await checkpointAt(from, recorded, point);
  const { step, sha256 } = checkpoint;
  if (step >= experiment.steps)
    throw runError(
      'mismatch',
      `The checkpoint is at step ${step}, and the fork would end at step ${experiment.steps}. Give a larger total with --steps, or an earlier --checkpoint.`,
    );
  const isDataChanged = changed.some((key) => key.startsWith('data.'));
  const forked: RunManifest = {
    ...manifest,
    experiment,
    seed: experiment.seed,
    data: isDataChanged ? null : manifest.data,
    parent: { directory: from, step, sha256 },
  };
  try {
    await onDiskAsync('write the fork', directory, async () => {
      makeFolder(directory);
      await copyFiles(from, directory, experiment, changed);
      await copyCheckpoint(checkpoint, directory, forked, changed);
    });
    // The last file: without it, the folder is no run.
    writeManifest(directory, forked);
  } catch (error) {
    await removeUnstartedFork(directory);
    throw error;
  }
}

/** Removes what `forkRun` has written, unless a trainer has begun. The log stays. */
export async function removeUnstartedFork(directory: string): Promise<void> {
  const names: string[] = await readdir(directory).catch(() => []);
  if (names.includes('status.json')) return;
  for (const name of names) if (name !== 'log.txt') await rm(inside(directory, name), { recursive: true, force: true });
}

async function checkpointAt(directory: string, { checkpoints }: Experiment, point: ForkPoint): Promise<Checkpoint> {
  const folder = runPaths(directory).checkpoints;
  if (point === undefined) {
    const { checkpoint, damaged } = await openCheckpoint(folder);
    if (checkpoint) return checkpoint;
    throw runError('mismatch', damaged.join(' ') || `${directory} has no checkpoint yet. Fork it after its first one.`);
  }
  const saved = listCheckpoints(folder);
  const best =
    point === 'best' && checkpoints.best !== null ? await findBestCheckpoint(directory, checkpoints.best) : null;
  if (point === 'best' && best === null)
    throw runError('mismatch', `${directory} keeps no best checkpoint. Give the step of one with --checkpoint.`);
  const step = best?.step ?? point;
  const found = saved.find((one) => one.step === step);
  if (found) return readCheckpoint(found.directory);
  const steps = saved.map((one) => String(one.step)).reverse();
  throw runError(
    'mismatch',
    `${directory} has no checkpoint of step ${step}. ${steps.length === 0 ? 'It has none yet.' : `It has those of step ${list(steps)}.`}`,
  );
}

/** What depends on how samples are measured. */
const isMeasuring = (key: string): boolean => /^(data|evaluation|metrics)(\.|$)/.test(key);

/** The curves, sample images and notices, which a resume cuts at the checkpoint, and the model files. */
async function copyFiles(from: string, to: string, experiment: Experiment, changed: readonly string[]): Promise<void> {
  const [source, target] = [runPaths(from), runPaths(to)];
  const files = [
    'histograms',
    'notices',
    ...((await hasColumns(source.metrics, experiment)) ? ['metrics' as const] : []),
    // Metrics that are measured in another way from now on begin with the fork.
    ...(changed.some(isMeasuring) ? [] : ['sampleMetrics' as const]),
  ] as const;
  for (const part of files) if (existsSync(source[part])) await copyFile(source[part], target[part]);
  for (const part of ['samples', 'model'] as const)
    if (existsSync(source[part])) await copyFolder(source[part], target[part]);
}

/** Whether a curve has the columns of the experiment; another one begins with the fork. */
async function hasColumns(file: string, experiment: Experiment): Promise<boolean> {
  if (!existsSync(file)) return false;
  const curve = await openMetrics(file, metricColumns(experiment));
  await curve.close();
  const names = (columns: readonly { readonly name: string }[]) => columns.map(({ name }) => name).join('\n');
  return names(curve.columns) === names(metricColumns(experiment));
}

async function copyCheckpoint(
  checkpoint: Checkpoint,
  directory: string,
  manifest: RunManifest,
  changed: readonly string[],
): Promise<void> {
  const { step, tensors, fileNames, file } = checkpoint;
  const { pending, ...record } = checkpoint.record as CheckpointRecord;
  const keepsPending = pending !== undefined && !changed.some(isMeasuring);
  const names = fileNames.filter((name) => keepsPending || !name.startsWith('pending/'));
  const files: Record<string, Uint8Array> = {};
  for (const name of names) files[name] = await file(name);
  // The copy from which a damaged experiment.json is restored.
  if (fileNames.includes('experiment.json')) files['experiment.json'] = Buffer.from(manifestText(manifest));
  const content = { step, seed: manifest.seed, tensors, files, record: keepsPending ? { ...record, pending } : record };
  await writeCheckpoint(runPaths(directory).checkpoints, content);
}
