// The trainings of a study with settings of an experiment file.
import path from 'node:path';
import { expect, test } from 'vitest';
import { studies, type StudyId } from '../catalog';
import { settingsTaken, trainingsOf } from './runStudy';

const size = { seeds: [1, 2], scale: 1 };
const folder = path.resolve('study');
const own = { file: path.resolve('mine', 'own.gan.json'), settings: { batchSize: 7 } };

test.each(Object.keys(studies) as StudyId[])('%s says which settings of a file it takes, or why none', (id) => {
  const takes = settingsTaken(id);
  if (typeof takes === 'string') return expect(takes).toMatch(/^\w.+[^.]$/);
  const trainings = trainingsOf(id, { folder, size, own });
  expect(trainings.length).toBeGreaterThan(0);
  for (const { trial } of trainings) expect(trial.batchSize).toBe(7);
  // What it varies is not replaced: its trainings differ in more than their seed and names.
  const trials = trainings.filter(({ seed }) => seed === 1).map(({ trial }) => trial);
  const rest = trials.map((trial) =>
    JSON.stringify(Object.entries(trial).filter(([name]) => !takes.includes(name as never))),
  );
  expect(new Set(rest).size).toBe(trials.length);
});

test('weights of an earlier training are found from the folder of the file too', () => {
  const weights = (given?: typeof own) =>
    trainingsOf('vanishing-gradients', { folder, size, own: given }).flatMap(
      ({ trial }) => trial.initialWeights?.generator ?? [],
    );
  expect(weights()[0]).toBe('./generator-seed-1/checkpoints/step-20');
  expect(path.resolve(path.dirname(own.file), weights(own)[0])).toBe(
    path.join(folder, 'runs', 'generator-seed-1', 'checkpoints', 'step-20'),
  );
});

test('a larger count of random architectures only adds some', () => {
  const named = (count?: number) => trainingsOf('robustness', { folder, size: { ...size, count } });
  expect(named().length).toBe(named(12).length);
  expect(named(3)).toHaveLength(3 * 2 * size.seeds.length);
  expect(named(40).slice(0, named(3).length)).toEqual(named(3));
});
