import { describe, expect, it } from 'vitest';
import { progressLine, progressSentence, createStepRate } from './progress';

const progress = { step: 1240, steps: 3000, label: 'K·W', estimate: 0.21349, rate: 38.2, secondsLeft: 46.07 };

describe('progressLine', () => {
  it('shows everything if the terminal is wide enough', () => {
    expect(progressLine(progress, 120, true)).toBe(
      '1240/3000  █████████████▏░░░░░░░░░░░░░░░░░░   41%  K·W 0.2135   38.2 it/s  ETA 0:46',
    );
  });

  it('draws the bar in ASCII without block characters', () => {
    expect(progressLine(progress, 100, false)).toContain('[############..................]');
  });

  it.each(Array.from({ length: 140 }, (_, columns) => columns + 1))('fits %d columns', (columns) => {
    for (const estimate of [0.2, -12345.678, NaN, 1e-9, null]) {
      const line = progressLine({ ...progress, estimate }, columns, true);
      expect(line.length).toBeLessThan(Math.max(columns, 1));
      expect(line.startsWith('1240/3000'.slice(0, columns - 1))).toBe(true);
    }
  });

  it('drops the remaining time last when the terminal gets narrow', () => {
    expect(progressLine(progress, 22, true)).toBe('1240/3000  ETA 0:46');
    expect(progressLine(progress, 45, true)).toBe('1240/3000   41%  K·W 0.2135   ETA 0:46');
  });

  it('has a bar that is empty at the start and full at the end', () => {
    expect(progressLine({ ...progress, step: 0 }, 100, true)).toMatch(/ ░+ {4}0%/);
    expect(progressLine({ ...progress, step: 3000, secondsLeft: 0 }, 100, true)).toMatch(/ █+ {2}100%.*ETA 0:00$/);
    expect(progressLine({ ...progress, step: 2999 }, 100, true)).toMatch(/ 99%/);
  });

  it('shows placeholders before the first step', () => {
    const line = progressLine(
      { step: 0, steps: 3000, label: 'JS', estimate: null, rate: 0, secondsLeft: null },
      100,
      true,
    );
    expect(line).toContain('JS - ');
    expect(line).toContain('ETA -');
    expect(line).not.toMatch(/Infinity|undefined/);
  });
});

it('progressSentence writes the same values as a sentence', () => {
  expect(progressSentence(progress)).toBe('step 1240 of 3000 (41%), K·W 0.2135, 38.2 it/s, ETA 0:46');
});

it('the step rate is 0 until two steps were observed', () => {
  const rate = createStepRate();
  expect(rate.stepsPerSecond()).toBe(0);
  rate.observe(1, 0.5);
  expect(rate.stepsPerSecond()).toBe(0);
  rate.observe(2, 0.75);
  expect(rate.stepsPerSecond()).toBe(4);
});

it('the step rate is exact for a steady run, at any speed, from any step', () => {
  for (const seconds of [1e-4, 0.01, 0.3, 7]) {
    const rate = createStepRate(20);
    for (let k = 0; k < 2000; k++) rate.observe(500 + k, 3 + k * seconds);
    expect(rate.stepsPerSecond()).toBeCloseTo(1 / seconds, 6);
  }
});

it('the step rate ignores steps older than its window', () => {
  const rate = createStepRate(20);
  let time = 0;
  for (let k = 1; k <= 1000; k++) rate.observe(k, (time += 1));
  for (let k = 1001; k <= 1500; k++) rate.observe(k, (time += 0.1));
  expect(rate.stepsPerSecond()).toBeCloseTo(10, 1);
});

it('the step rate ignores the time before the first step', () => {
  const rate = createStepRate();
  rate.observe(1, 60);
  for (let k = 2; k <= 10; k++) rate.observe(k, 60 + k);
  expect(rate.stepsPerSecond()).toBeLessThanOrEqual(1);
  expect(rate.stepsPerSecond()).toBeGreaterThan(0.8);
});
