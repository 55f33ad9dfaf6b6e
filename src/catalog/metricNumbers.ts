// The numbers that metrics yield, by the name of their column. Apart from the texts about them, since every window of
// the editor loads what the rows of runs show.
import type { MetricNumber } from './descriptor';

export const metricNumbers = {
  modes: { label: 'modes', better: 'higher' },
  highQuality: { label: 'high quality', better: 'higher' },
  w1: { label: 'W₁', better: 'lower' },
  w1Floor: { label: 'W₁ floor' },
  swd: { label: 'SWD', better: 'lower' },
  swdFloor: { label: 'SWD floor' },
  classes: { label: 'classes', better: 'higher' },
  classDivergence: { label: 'class KL', better: 'lower' },
  accuracy: { label: 'classifier accuracy' },
  fid: { label: 'FID', better: 'lower' },
  kid: { label: 'KID', better: 'lower' },
  kidDeviation: { label: 'KID deviation' },
  precision: { label: 'precision', better: 'higher' },
  recall: { label: 'recall', better: 'higher' },
  density: { label: 'density' },
  coverage: { label: 'coverage', better: 'higher' },
} as const satisfies Record<string, Omit<MetricNumber, 'text'>>;
