// Runs a study: trains what is not trained yet, then writes the numbers, the figure and the verdict.
import { lstatSync } from 'node:fs';
import path from 'node:path';
import type { StudyId } from '../catalog';
import { studies } from '../catalog';
import { replaceFile } from '../files/replace';
import { namesIn } from '../files/folder';
import { readOrdinaryAsync, requireOrdinary } from '../files/ordinaryFile';
import { isStepSummary, type StepSummary } from '../protocol/histograms';
import { stopFile } from '../protocol/reproductions';
import { runPaths } from '../run/directory';
import { listFolder, makeFolder, onDisk } from '../run/diskAccess';
import { notEmpty } from '../run/errors';
import { openRunMetrics } from '../run/runMetrics';
import { drawPng, drawSvg } from './drawFigure';
import { openProgress, progressFile } from './progress';
import { csvOf } from '../shared/table';
import { reportOf } from './report';
import {
  type Conclusion,
  type OwnSettings,
  type Results,
  scaled,
  scaledCheckpoint,
  StudyInterrupted,
  type Study,
  type StudySize,
  type Trial,
  type Training,
  type TrialResult,
} from './study';
import { studyOf } from './studies';

export interface StudyContext {
  /** The folder of the reproduction. */
  readonly folder: string;
  readonly size: StudySize;
  readonly own?: OwnSettings;
  /** Folder with the program's fonts. */
  readonly fonts: string;
  /** Trains, resumes or reuses a run until it has ended. Throws if the study cannot continue, or is interrupted. */
  readonly train: (training: Training, done: number, total: number) => Promise<void>;
  /** D(x) of the critic of a run. */
  readonly scores: (directory: string, samples: Float32Array) => Promise<Float32Array>;
}

/** All trainings of a study, seed after seed. */
export function trainingsOf(
  id: StudyId,
  { folder, size, own }: Pick<StudyContext, 'folder' | 'size' | 'own'>,
): Training[] {
  // Paths of an experiment start at the folder of its file.
  const runs = own ? path.join(folder, 'runs') : '.';
  return Object.entries(studyOf(id, size.count).trials).flatMap(([name, trial]) =>
    size.seeds.map((seed) => ({
      name,
      // More threads gain nothing for networks of this size, and would make results depend on the machine.
      trial: {
        threads: 1,
        ...withRuns(id, scaled({ ...trial, ...own?.settings }, size.scale), { seed, size, runs }),
      },
      seed,
      directory: path.join(folder, 'runs', runName(name, seed)),
    })),
  );
}

/** The settings that an experiment file can replace in a study, or why it takes none. */
export const settingsTaken = (id: StudyId): Study['takes'] => studyOf(id).takes;

const runName = (trial: string, seed: number): string => `${trial.replace(/[^A-Za-z0-9.-]+/g, '-')}-seed-${seed}`;

/** Replaces the trials that "initialWeights" names by the paths of their runs, next to the experiment. */
function withRuns(
  id: StudyId,
  trial: Trial,
  { seed, size, runs }: { readonly seed: number; readonly size: StudySize; readonly runs: string },
): Trial {
  if (trial.initialWeights === undefined) return trial;
  const paths = Object.entries(trial.initialWeights).map(([role, named]) => {
    const [name, step] = (named ?? '').split('@');
    const source = scaled(studyOf(id, size.count).trials[name], size.scale);
    const checkpoint =
      step === undefined ? '' : `/checkpoints/step-${scaledCheckpoint(source, Number(step), size.scale)}`;
    return [role, `${runs}/${runName(name, seed)}${checkpoint}`];
  });
  return { ...trial, initialWeights: Object.fromEntries(paths) as Trial['initialWeights'] };
}

/** Files that a study leaves in its folder, next to runs/. */
export interface StudyFiles {
  readonly report: string;
  readonly svg: string;
  readonly png: string;
}

const folders = ['runs', 'data'];
const parts = [...folders, progressFile, stopFile, 'result.json', 'report.md', 'figure.svg', 'figure.png'];

/**
 * Creates the folder of a study. Throws a UserError if it holds anything but an earlier reproduction, or a folder in
 * the place of a file of it.
 */
export function openStudyFolder(folder: string): void {
  makeFolder(folder);
  const names = listFolder(folder);
  const others = names.includes('runs') ? names.filter((name) => !parts.includes(name)) : names;
  if (others.length > 0) throw notEmpty(folder, others);
  for (const name of names.filter((each) => !folders.includes(each))) {
    const file = path.join(folder, name);
    onDisk('use', file, () => {
      const found = lstatSync(file);
      if (found.isDirectory()) requireOrdinary(found);
    });
  }
  makeFolder(path.join(folder, 'runs'));
}

export async function runStudy(
  id: StudyId,
  context: StudyContext,
): Promise<Conclusion & { readonly files: StudyFiles }> {
  const trainings = trainingsOf(id, context);
  const progress = openProgress(context.folder, trainings);
  let done = 0;
  try {
    const results: Record<string, TrialResult[]> = {};
    for (const training of trainings) {
      progress.write('training', done);
      await context.train(training, done, trainings.length);
      (results[training.name] ??= []).push(await readTrial(training, context));
      done++;
    }
    progress.write('drawing', done);
    const concluded = await concludeStudy(id, context, trainings, results);
    progress.write('finished', done);
    return concluded;
  } catch (error) {
    if (error instanceof StudyInterrupted) progress.write('interrupted', done);
    else progress.write('failed', done, error instanceof Error ? error.message : String(error));
    throw error;
  }
}

async function concludeStudy(
  id: StudyId,
  { folder, size, own, fonts }: StudyContext,
  trainings: readonly Training[],
  results: Results,
): Promise<Conclusion & { readonly files: StudyFiles }> {
  const conclusion = await studyOf(id, size.count).conclude(results);
  makeFolder(path.join(folder, 'data'));
  const write = (name: string, content: string | Buffer) => replaceFile(path.join(folder, name), content);
  for (const [name, table] of Object.entries(conclusion.tables)) write(path.join('data', `${name}.csv`), csvOf(table));
  const { holds, verdict, tables, figure } = conclusion;
  const given = own && { file: path.basename(own.file), settings: Object.keys(own.settings) };
  write(
    'result.json',
    `${JSON.stringify({ id, ...studies[id], size, ...given, holds, verdict, tables, figure }, null, 2)}\n`,
  );
  const svg = await drawSvg(figure);
  write('figure.svg', svg);
  write('figure.png', await drawPng(svg, fonts));
  write('report.md', reportOf(id, conclusion, trainings, { folder, size, own }));
  const file = (name: string) => path.join(folder, name);
  return { ...conclusion, files: { report: file('report.md'), svg: file('figure.svg'), png: file('figure.png') } };
}

async function readTrial({ directory, seed }: Training, { scores }: StudyContext): Promise<TrialResult> {
  const paths = runPaths(directory);
  const metrics = await openRunMetrics(directory);
  try {
    const { columns } = await metrics.read();
    const lines = (await readOrdinaryAsync(paths.histograms, maxBytes)).toString('utf8').trim().split('\n');
    return {
      directory,
      seed,
      column(name) {
        if (!Object.hasOwn(columns, name)) {
          throw new Error(`assertion failed: the curve in ${directory} has no column ${name}`);
        }
        return columns[name];
      },
      scores: (samples) => scores(directory, samples),
      histograms: lines.map((line) => JSON.parse(line) as unknown).filter(isStepSummary) as StepSummary[],
      samples: await readOrdinaryAsync(lastSample(paths.samples), maxBytes),
    };
  } finally {
    await metrics.close();
  }
}

/** For the histograms and the sample grid of a study's own run. */
const maxBytes = 2 ** 28;

function lastSample(folder: string): string {
  const steps = namesIn(folder).flatMap((name) => /^step-(\d+)\.png$/.exec(name)?.[1] ?? []);
  return path.join(folder, `step-${Math.max(...steps.map(Number))}.png`);
}
