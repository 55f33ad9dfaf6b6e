// histograms.jsonl: one summary per layer, small for any network, and truncated by a resume.
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../test/fixtures/run/scratch';
import { isStepSummary } from '../protocol/histograms';
import { runPaths } from './directory';
import { openHistograms, rewindHistograms, summarizeStep } from './histograms';

const folder = scratch();

describe('a histogram summary', () => {
  const weights = {
    'generator/00.hidden1.kernel': Float32Array.of(-1, 0, 1),
    'generator/01.hidden1.bias': Float32Array.of(2),
    'generator/02.end.kernel': Float32Array.of(NaN),
    'critic/00.my.own layer.kernel': Float32Array.of(0.123456, 0.123456),
  };
  const gradients = {
    'generator/00.hidden1.kernel': Float32Array.of(0, 3, NaN),
    'generator/01.hidden1.bias': Float32Array.of(4),
  };
  const { layers, step } = summarizeStep(20, weights, gradients);

  it('combines the parameters of a layer, in the order of the networks', () => {
    expect(step).toBe(20);
    expect(layers.map(({ network, name }) => [network, name])).toEqual([
      ['generator', 'hidden1'],
      ['generator', 'end'],
      ['critic', 'my.own layer'],
    ]);
    expect(layers[0].weights).toMatchObject({ min: -1, max: 2, mean: 0.5, norm: 2.449, bad: 0 });
    expect(layers[0].weights!.counts.flatMap((n, i) => (n > 0 ? [[i, n]] : []))).toEqual([
      [0, 1],
      [10, 1],
      [20, 1],
      [29, 1],
    ]);
  });

  it('counts non-finite values, and is null without any finite value', () => {
    expect(layers[0].gradients).toMatchObject({ min: 0, max: 4, mean: 2.333, norm: 5, bad: 1 });
    expect(layers[1]).toMatchObject({ weights: null, gradients: null });
    expect(layers[2]).toMatchObject({ weights: { min: 0.1235, max: 0.1235, counts: [2] }, gradients: null });
  });

  it("passes the page's check and is small for a network of any size", () => {
    const many = Object.fromEntries(
      Array.from({ length: 600 }, (_, i) => [
        `critic/${String(i).padStart(2, '0')}.layer${i}${'x'.repeat(300)}.kernel`,
        Float32Array.from({ length: 2000 }, (_, k) => Math.sin(k * i)),
      ]),
    );
    for (const summary of [summarizeStep(20, weights, gradients), summarizeStep(1, many, many)]) {
      expect(isStepSummary(JSON.parse(JSON.stringify(summary)))).toBe(true);
      expect(JSON.stringify(summary).length).toBeLessThan(1000 * summary.layers.length);
    }
  });

  it('fails an assertion for a value that is not a network parameter', () =>
    expect(() => summarizeStep(1, { 'optimizer/critic/m': Float32Array.of(1) }, {})).toThrow('assertion'));
});

describe('a resume of the histograms', () => {
  it('removes later and incomplete lines, and keeps the others unchanged', () => {
    const file = runPaths(folder()).histograms;
    rewindHistograms(folder(), 5);
    expect(fs.existsSync(file)).toBe(false);
    const histograms = openHistograms(folder());
    for (const step of [5, 10, 15]) histograms.append(summarizeStep(step, {}, {}));
    histograms.close();
    const before = fs.readFileSync(file, 'utf8');
    fs.appendFileSync(file, '{"step":3,"layers":[{"netw');
    rewindHistograms(folder(), 10);
    expect(fs.readFileSync(file, 'utf8')).toBe(before.split('\n').slice(0, 2).join('\n').concat('\n'));
    rewindHistograms(folder(), 0);
    expect(fs.readFileSync(file, 'utf8')).toBe('');
  });
});
