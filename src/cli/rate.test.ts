import { expect, it } from 'vitest';
import { createRate } from './rate';

it('is unknown until two steps were seen', () => {
  const rate = createRate();
  expect(rate.stepsPerSecond()).toBe(0);
  rate.observe(1, 0.5);
  expect(rate.stepsPerSecond()).toBe(0);
  rate.observe(2, 0.75);
  expect(rate.stepsPerSecond()).toBe(4);
});

it('is exact for a steady run, at any speed, from any step', () => {
  for (const seconds of [1e-4, 0.01, 0.3, 7]) {
    const rate = createRate(20);
    for (let k = 0; k < 2000; k++) rate.observe(500 + k, 3 + k * seconds);
    expect(rate.stepsPerSecond()).toBeCloseTo(1 / seconds, 6);
  }
});

it('forgets what is older than its window', () => {
  const rate = createRate(20);
  let time = 0;
  for (let k = 1; k <= 1000; k++) rate.observe(k, (time += 1));
  for (let k = 1001; k <= 1500; k++) rate.observe(k, (time += 0.1));
  expect(rate.stepsPerSecond()).toBeCloseTo(10, 1);
});

it('does not count what came before the first step', () => {
  const rate = createRate();
  rate.observe(1, 60);
  for (let k = 2; k <= 10; k++) rate.observe(k, 60 + k);
  expect(rate.stepsPerSecond()).toBeLessThanOrEqual(1);
  expect(rate.stepsPerSecond()).toBeGreaterThan(0.8);
});
