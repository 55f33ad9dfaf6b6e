// The metrics of a run by column. Rows are appended as they arrive; running medians are computed on request.
import type { MonitorColumn, MonitorRows } from '../../src/protocol/monitor';
import type { XAxis } from '../charts/xAxis';
import { createGrowableArray } from './growableArray';
import { firstRowAtOrAfter } from './nearestStep';
import { createRunningMedian, type RunningMedian } from './runningMedian';

export interface Curve {
  readonly columns: readonly MonitorColumn[];
  /** Number of rows. */
  readonly length: number;
  /** Generator updates, strictly increasing. */
  readonly step: Float64Array;
  /** Unix seconds. */
  readonly wallTime: Float64Array;
  /** The positions of the rows on an axis, strictly increasing. */
  x(axis: XAxis): Float64Array;
  has(name: string): boolean;
  /** NaN for missing values. Views are valid until the next append. */
  raw(name: string): Float32Array;
  /** Median-filtered over `window` rows (an odd number). Only the filter of the last window is kept. */
  smooth(name: string, window: number): Float64Array;
  /** The last value of a column that is not NaN; NaN if there is none. */
  last(name: string): number;
  append(rows: MonitorRows): void;
  /** Sets values of rows that were appended before; those of other steps are ignored. */
  fill(rows: MonitorRows): void;
}

export function createCurve(columns: readonly MonitorColumn[]): Curve {
  const step = createGrowableArray(Float64Array);
  const wallTime = createGrowableArray(Float64Array);
  const clock = createGrowableArray(Float64Array);
  const relative = createGrowableArray(Float64Array);
  const raw = new Map(columns.map(({ name }) => [name, createGrowableArray(Float32Array)]));
  const medians = new Map<string, { readonly window: number; readonly median: RunningMedian }>();
  const last = new Map<string, number>();
  return {
    columns,
    get length() {
      return step.values.length;
    },
    get step() {
      return step.values;
    },
    get wallTime() {
      return wallTime.values;
    },
    x: (axis) => ({ step, relative, wall: clock })[axis].values,
    has: (name) => raw.has(name),
    raw: (name) => found(raw, name).values,
    smooth(name, window) {
      const known = medians.get(name);
      const { median } = known?.window === window ? known : { median: createRunningMedian(window) };
      medians.set(name, { window, median });
      median.update(found(raw, name).values);
      return median.values;
    },
    last: (name) => last.get(name) ?? NaN,
    append(rows) {
      step.append(rows.step);
      wallTime.append(rows.wallTime);
      const times = increasing(rows.wallTime, clock.values.at(-1));
      clock.append(times);
      relative.append(times.map((time) => time - clock.values[0]));
      for (const [name, column] of raw) {
        const more = rows.values[name] ?? new Float32Array(rows.step.length).fill(NaN);
        column.append(more);
        const at = more.findLastIndex((value) => !Number.isNaN(value));
        if (at >= 0) last.set(name, more[at]);
      }
    },
    fill(rows) {
      const steps = step.values;
      const at = Array.from(rows.step, (each) => firstRowAtOrAfter(steps, each));
      for (const [name, given] of Object.entries(rows.values)) {
        const values = raw.get(name)?.values;
        if (values === undefined) continue;
        at.forEach((row, i) => {
          if (steps[row] === rows.step[i]) values[row] = given[i];
        });
        const known = values.findLastIndex((value) => !Number.isNaN(value));
        if (known >= 0) last.set(name, values[known]);
      }
    },
  };
}

/** A clock may be set back, and rows may be written at the same time. */
function increasing(times: Float64Array, last = -Infinity): Float64Array {
  let before = last;
  return times.map((time) => (before = Math.max(time, before + 1e-6)));
}

function found<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`assertion failed: the curve has no ${String(key)}`);
  return value;
}
