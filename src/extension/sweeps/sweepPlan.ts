// What the page of a sweep shows of its plan.
import type { SettingValue, SweepPlan } from '../../protocol/sweep';
import { isRecord } from '../../shared/isRecord';
import { comparisonOf } from '../../sweep/results';
import type { Sweep, Trial } from '../../sweep/sweepDirectory';
import { countTrials } from '../../sweep/trials';

/** The plan of a sweep for its page. Settings that are objects are shown by their parts: `constraint.kind`. */
export function sweepPlan(sweep: Sweep): SweepPlan {
  const { directory, name, trials } = sweep;
  const comparison = comparisonOf(sweep);
  const flat = trials.map(({ axes, sampled }) => ({ grid: partsOf(axes), drawn: partsOf(sampled) }));
  const grid = new Set(flat.flatMap((each) => [...each.grid.keys()]));
  const keys = [...new Set([...grid, ...flat.flatMap(({ drawn }) => [...drawn.keys()])])];
  const valueOf = (index: number, key: string): SettingValue =>
    flat[index].grid.get(key) ?? flat[index].drawn.get(key) ?? null;
  const settings = keys.filter((key) => trials.some((_, i) => valueOf(i, key) !== valueOf(0, key)));
  return {
    directory,
    name,
    ofFile: Math.max(trials.length, countTrials(sweep.file)),
    settings,
    grid: settings.filter((key) => grid.has(key)),
    comparison: comparison && {
      metric: comparison.metric,
      maximize: comparison.maximize,
      thresholds: comparison.thresholds,
    },
    trials: trials.map(({ trial, sample, seed }, i) => ({
      trial,
      values: settings.map((key) => valueOf(i, key)),
      sample: sample === null ? null : sample + 1,
      seed,
    })),
  };
}

/** The settings with plain values; objects are replaced by their parts. */
function partsOf(settings: Trial['axes']): Map<string, string | number> {
  const parts = new Map<string, string | number>();
  const add = (key: string, value: unknown): void => {
    if (isRecord(value)) for (const [name, part] of Object.entries(value)) add(`${key}.${name}`, part);
    else if (typeof value === 'string' || typeof value === 'number') parts.set(key, value);
    else parts.set(key, JSON.stringify(value) ?? '');
  };
  for (const [key, value] of Object.entries(settings)) add(key, value);
  return parts;
}
