// What every export of a run needs: the checkpoint to export, and a new file to write to.
import { lstatSync } from 'node:fs';
import path from 'node:path';
import type { Experiment } from '../../experiment';
import { findBestCheckpoint } from '../bestCheckpoint';
import { listCheckpoints, openCheckpoint, readCheckpoint, type Checkpoint } from '../checkpoints';
import { openRun, runPaths, type RunManifest } from '../directory';
import { runError } from '../errors';
import { makeFolder, onDisk, replaceFile } from '../diskAccess';
import { validExperiment } from '../recordedExperiment';

export interface ExportSource {
  /** The run directory. */
  readonly directory: string;
  readonly experiment: Experiment;
  /** The experiment file: its path, and its text when the run started. */
  readonly source: RunManifest['source'];
  readonly checkpoint: Checkpoint;
  /** Damaged checkpoints that were skipped, one message each. */
  readonly damaged: readonly string[];
}

/** The newest intact checkpoint that is not later than a step, or the one that the run keeps as the best. */
export type CheckpointChoice = number | 'best';

/** The chosen checkpoint of a run. Throws a UserError if there is none. */
export async function openExportSource(run: string, choice: CheckpointChoice): Promise<ExportSource> {
  const { directory, manifest } = openRun(run);
  const experiment = validExperiment(manifest.experiment, directory);
  const { source } = manifest;
  if (choice === 'best')
    return { directory, experiment, source, checkpoint: await openBest(directory, experiment), damaged: [] };
  const { checkpoint, damaged } = await openCheckpoint(runPaths(directory).checkpoints, choice);
  if (checkpoint !== null) return { directory, experiment, source, checkpoint, damaged };
  const until = Number.isFinite(choice)
    ? `It has no checkpoint up to step ${choice}.`
    : 'It has not saved a checkpoint yet.';
  const why = damaged.length > 0 ? damaged.join(' ') : until;
  throw runError('not-a-run', `No generator to use in ${directory}. ${why}`);
}

/** The best checkpoint of a run. Throws a UserError if it keeps none, has none yet, or it is damaged. */
export async function openBest(directory: string, { checkpoints }: Experiment): Promise<Checkpoint> {
  const { best: name } = checkpoints;
  if (name === null)
    throw runError(
      'not-a-run',
      `${directory} keeps no best checkpoint: "checkpoints.best" in its experiment is null. Choose a checkpoint by its step.`,
    );
  const best = await findBestCheckpoint(directory, name);
  const found = best && listCheckpoints(runPaths(directory).checkpoints).find(({ step }) => step === best.step);
  if (!found)
    throw runError('not-a-run', `${directory} has no checkpoint with a value of ${name} yet. Choose one by its step.`);
  return readCheckpoint(found.directory);
}

/** The full path of a file to export to. Throws a UserError if it exists; call it before anything is computed. */
export function requireNewFile(file: string): string {
  const target = path.resolve(file);
  if (onDisk('write', target, () => lstatSync(target, { throwIfNoEntry: false })))
    throw runError('exists', `${target} already exists. Choose a new file with --out.`);
  return target;
}

/** Writes an export atomically; its folder is created if necessary. */
export function writeExport(file: string, content: Uint8Array): void {
  makeFolder(path.dirname(file));
  replaceFile(file, content);
}
