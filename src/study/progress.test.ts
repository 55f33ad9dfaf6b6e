// progress.json, as other processes read it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { studies, type StudyId } from '../catalog';
import { checkStudyProgress } from '../protocol/reproductions';
import { openProgress, progressFile } from './progress';
import { trainingsOf } from './runStudy';

it.each(Object.keys(studies) as StudyId[])('the progress of %s is accepted by its readers', (id) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-progress-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const trainings = trainingsOf(id, { folder, size: { seeds: [1, 2], scale: 0.1 } });
  openProgress(folder, trainings).write('failed', 0, 'The disk is full.');
  const written: unknown = JSON.parse(readFileSync(path.join(folder, progressFile), 'utf8'));
  expect(checkStudyProgress(written)).toEqual({ value: written });
  expect(written).toMatchObject({ state: 'failed', done: 0, message: 'The disk is full.', pid: process.pid });
  const runs = (written as { trainings: { run: string }[] }).trainings.map(({ run }) => run);
  expect(runs).toEqual(trainings.map(({ directory }) => path.relative(path.join(folder, 'runs'), directory)));
  expect(new Set(runs).size).toBe(runs.length);
});
