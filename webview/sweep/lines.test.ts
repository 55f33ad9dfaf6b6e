// The lines of parallel coordinates: folded seeds with their range, filters, and the line at a place.
import { describe, expect, it } from 'vitest';
import type { TrialProgress } from '../../src/protocol/sweep';
import { writers } from '../format';
import { foldTrials, type Trial } from '../../src/protocol/foldTrials';
import { nearestLine, plotModel } from './lines';
import { pathOf, plotLayout, rangePath } from './plotLayout';

const trialOf = (
  trial: number,
  width: number | null,
  name: string,
  value: number | null,
  state: TrialProgress['state'] = 'finished',
): Trial => ({
  trial,
  values: [width, name],
  sample: null,
  seed: trial,
  progress: { trial, state, step: 1, steps: 1, seconds: 1, value, message: null },
});
const comparison = { metric: 'w1', maximize: false, thresholds: [] };
const trials = [
  trialOf(1, 32, 'GAN', 1),
  trialOf(2, 32, 'GAN', 3),
  trialOf(3, 64, 'WGAN', 0.5),
  trialOf(4, 64, 'WGAN', null, 'diverged'),
  trialOf(5, null, 'GAN', null, 'failed'),
  trialOf(6, 128, 'GAN', null, 'waiting'),
];
const measuredBy = (metric: string, values: readonly number[]) =>
  plotModel(
    {
      plan: { settings: ['width', 'case'], grid: [], comparison: { ...comparison, metric } },
      groups: foldTrials(
        values.map((value, i) => trialOf(i + 1, i, 'GAN', value)),
        [0, 1],
        comparison,
      ),
      ...{ labels: ['width', 'case'], resultLabel: metric, noResult: 'none' },
    },
    {},
  )
    .axes.at(-1)!
    .ticks.map(({ text }) => text);
const model = (brushes = {}) =>
  plotModel(
    {
      plan: { settings: ['width', 'case'], grid: ['case'], comparison },
      groups: foldTrials(trials, [0, 1], comparison),
      labels: ['width', 'case'],
      resultLabel: 'W₁',
      noResult: 'none',
    },
    brushes,
  );

describe('lines', () => {
  it('are medians over seeds with their range, dashed where a trial diverged or failed, of settings with an end', () => {
    const { axes, lines, colored } = model();
    expect(axes.map(({ label, missing }) => [label, missing])).toEqual([
      ['width', '–'],
      ['case', null],
      ['W₁', 'none'],
    ]);
    expect(lines.map(({ places, range, dashed, hue }) => ({ places, range, dashed, hue }))).toEqual([
      { places: [0, 0, 0.6], range: [0.2, 1], dashed: false, hue: 0 },
      { places: [0.5, 1, 0], range: null, dashed: true, hue: 1 },
      { places: [null, 0, null], range: null, dashed: true, hue: 0 },
    ]);
    expect(colored).toBe(1);
  });

  it('end on an axis whose labels are written like the metric: whole modes, shares in percent', () => {
    expect(measuredBy('modes', [6, 8])).toEqual(['6', '7', '8']);
    expect(measuredBy('modes', [7])).toEqual(['7']);
    expect(measuredBy('highQuality', [0.25])).toEqual([writers.share(0.25)]);
    expect(measuredBy('highQuality', [0, 1])).toContain(writers.share(0.4));
    expect(measuredBy('w1', [0.12345])).toEqual(['0.1235']);
  });

  it('are kept inside all brushes, of results by the median', () => {
    const keptBy = (brushes: object) => model(brushes).lines.map(({ kept }) => kept);
    expect(keptBy({})).toEqual([true, true, true]);
    expect(keptBy({ width: { from: 64, to: null } })).toEqual([false, true, false]);
    expect(keptBy({ 'W₁': { from: 1, to: null } })).toEqual([true, false, false]);
    expect(keptBy({ 'W₁': { from: 1, to: null }, case: { from: 'WGAN', to: null } })).toEqual([false, false, false]);
    expect(keptBy({ removed: { from: 1, to: 1 } })).toEqual([true, true, true]);
  });

  it('are found near a place, the nearest first, if no brush hides them', () => {
    const { lines } = model();
    expect(nearestLine(lines, 1.5, 0.32, 0.1)?.group.values).toEqual([32, 'GAN']);
    expect(nearestLine(lines, 1.5, 0.48, 0.1)?.group.values).toEqual([64, 'WGAN']);
    expect(nearestLine(lines, 1, 0.7, 0.1)).toBeNull();
    expect(nearestLine(model({ case: { from: null, to: 'GAN' } }).lines, 1.5, 0.48, 0.1)).toBeNull();
  });
});

describe('the layout', () => {
  it('has axes side by side, and one below the other on a narrow page, without leaving it', () => {
    for (const [width, stacked] of [
      [1200, false],
      [280, true],
    ] as const) {
      const layout = plotLayout(width, 8, true);
      expect(layout.stacked).toBe(stacked);
      const ends = [layout.along(0), layout.along(7), layout.across(-0.12), layout.across(1)];
      for (const [i, end] of ends.entries()) {
        expect(end).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(i < 2 === stacked ? layout.height : width);
      }
      expect(layout.placeAt(layout.across(0.3))).toBeCloseTo(0.3);
      expect(layout.axisAt(layout.along(3))).toBeCloseTo(3);
    }
  });

  it('draws a line through its places, and its range as a triangle', () => {
    const layout = plotLayout(1000, 3, false);
    const [line, single] = model().lines;
    expect(pathOf(line, layout).match(/[ML]/g)).toEqual(['M', 'L', 'L']);
    expect(rangePath(line, layout)).toMatch(/^M[\d.,]+L[\d.,]+L[\d.,]+Z$/);
    expect(rangePath(single, layout)).toBe('');
  });
});
