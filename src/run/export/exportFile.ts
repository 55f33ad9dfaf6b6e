// What every export of a run needs: the checkpoint to export, and a new file to write to.
import { lstatSync } from 'node:fs';
import path from 'node:path';
import type { Experiment } from '../../experiment';
import { openCheckpoint, type Checkpoint } from '../checkpoints';
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

/** The newest intact checkpoint of a run that is not later than step `atMost`. Throws a UserError if there is none. */
export async function openExportSource(run: string, atMost: number): Promise<ExportSource> {
  const { directory, manifest } = openRun(run);
  const experiment = validExperiment(manifest.experiment, directory);
  const { checkpoint, damaged } = await openCheckpoint(runPaths(directory).checkpoints, atMost);
  if (checkpoint !== null) return { directory, experiment, source: manifest.source, checkpoint, damaged };
  const until = Number.isFinite(atMost)
    ? `It has no checkpoint up to step ${atMost}.`
    : 'It has not saved a checkpoint yet.';
  const why = damaged.length > 0 ? damaged.join(' ') : until;
  throw runError('not-a-run', `No generator to use in ${directory}. ${why}`);
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
