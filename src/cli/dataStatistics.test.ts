// The statistics of a preview, compared with plain sums.
import { expect, test } from 'vitest';
import type { DataSource } from '../data';
import { dataStatistics, statisticsText } from './dataStatistics';

const data = (labels?: DataSource['labels'], size = 4): DataSource => ({
  shape: [2],
  size,
  validationSize: 1,
  labels,
  notes: [],
  sampleSet: { kind: 'points', points: new Float32Array(0), dimensions: 2, validation: 0, seed: 1 },
  batch: () => {},
  validationBatch: () => {},
});
const parts = (size: number) =>
  [
    { name: 'training', size, samples: Float32Array.of(-1, 0, 0.5, 1) },
    { name: 'held out', size: 1, samples: Float32Array.of(9, 9) },
  ] as const;

test('prints range, mean and deviation of the training samples, and classes by name and count', () => {
  const labels = { classes: Uint8Array.of(2, 0, 2, 1), names: ['a', 'b'] };
  const facts = dataStatistics(data(labels), parts(3));
  expect(facts).toMatchObject({ shape: [2], training: 3, heldOut: 1, minimum: -1, maximum: 1, mean: 0.125 });
  expect(facts.deviation).toBeCloseTo(Math.sqrt(2.25 / 4 - 0.125 ** 2), 12);
  expect(facts.classes).toEqual({ a: 1, b: 1, 'class 2': 2 });
  expect(statisticsText(facts)).toEqual([
    'Shape 2; training samples: 3, held out: 1.',
    'Values from -1 to 1, mean 0.125, standard deviation 0.7395.',
    '3 classes: a 1, b 1, class 2 2.',
  ]);
});

test('prints no size for a distribution, and shortens a long list of classes', () => {
  const facts = dataStatistics(data({ classes: Uint8Array.from({ length: 100 }, (_, i) => i) }), parts(Infinity));
  expect(facts.training).toBeNull();
  const [first, , classes] = statisticsText(facts);
  expect(first).toBe('Shape 2; training samples: unlimited, held out: 1.');
  expect(classes).toMatch(/^100 classes: class 0 1, .+, class 19 1 and 80 more\.$/);
});
