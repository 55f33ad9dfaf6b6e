// Which runs the Runs view shows: those of some states, with some words in their names.
import path from 'node:path';
import { shownState, type ShownState } from './describe';
import type { Run } from './runIndex';

/** States as people look for them. */
export const runGroups = ['training', 'paused', 'finished', 'stopped', 'failed'] as const;
export type RunGroup = (typeof runGroups)[number];

export interface RunFilter {
  /** Words, each of which stands in the name of the run, of its folder or of its experiment file, in any case of letters. */
  readonly text: string;
  /** Undefined for all. */
  readonly group?: RunGroup;
}

export const everyRun: RunFilter = { text: '' };

export const isFiltering = ({ text, group }: RunFilter): boolean => text.trim() !== '' || group !== undefined;

export function passes(run: Run, { text, group }: RunFilter): boolean {
  const named = [run.name, path.basename(run.directory), path.basename(run.source ?? '')].join('\n').toLowerCase();
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => named.includes(word)) && (group === undefined || groupOf(run) === group);
}

export const groupOf = (run: Run): RunGroup => groups[shownState(run)];

const groups: Readonly<Record<ShownState, RunGroup>> = {
  starting: 'training',
  running: 'training',
  stopping: 'training',
  stalled: 'training',
  paused: 'paused',
  finished: 'finished',
  stopped: 'stopped',
  interrupted: 'stopped',
  diverged: 'failed',
  failed: 'failed',
  dead: 'failed',
  damaged: 'failed',
};

/** The runs that were trained together with `run`, one a seed, itself included, by seed: `<base>-seed-<k>`. */
export function seedsOf(run: Pick<Run, 'directory'>, all: readonly Run[]): readonly Run[] {
  const base = seedBase(run.directory);
  if (base === undefined) return [];
  return all
    .filter(({ directory }) => seedBase(directory) === base)
    .sort((a, b) => seedNumber(a.directory) - seedNumber(b.directory));
}

const seedForm = /^(.*)-seed-(\d+)$/;
const seedBase = (directory: string): string | undefined => seedForm.exec(directory)?.[1];
const seedNumber = (directory: string): number => Number(seedForm.exec(directory)?.[2]);
