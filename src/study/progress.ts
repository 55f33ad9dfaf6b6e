// progress.json in the folder of a study: how far it is, and which process works on it.
import path from 'node:path';
import { replaceFile } from '../files/replace';
import type { StudyProgress } from '../protocol/reproductions';
import { thisProcess } from '../run/process';
import type { Training } from './study';

export interface ProgressWriter {
  write(state: StudyProgress['state'], done: number, message?: string): void;
}

export function openProgress(folder: string, trainings: readonly Training[]): ProgressWriter {
  const file = path.join(folder, progressFile);
  const common = {
    version: 1,
    ...thisProcess(),
    trainings: trainings.map(({ name, seed, directory }) => ({ name, seed, run: path.basename(directory) })),
  } as const;
  return {
    write(state, done, message) {
      const progress: StudyProgress = { ...common, state, done, message: message ?? null };
      replaceFile(file, `${JSON.stringify(progress)}\n`);
    },
  };
}

export const progressFile = 'progress.json';
