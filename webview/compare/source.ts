// The curves of a comparison as the charts read them: a run's own, or the band over the runs of a group.
import type { LinePlan, Source, Steps, Track } from '../charts/chartPlan';
import { bandOf, type BandCurves, quantile } from './band';
import type { Compared, Group } from './compared';

export interface CompareSource extends Source {
  /** Rows have come: what was computed of them is out of date. */
  changed(): void;
}

const empty: Track = { step: new Float64Array(0), values: new Float64Array(0) };

/** `window` is the length of the median filter, in rows; `tail` the quantile that bounds a band, 0 for all there is. */
export function compareSource(groups: readonly Group[], window: number, tail: number): CompareSource {
  const byId = new Map(groups.map((group) => [group.id, group]));
  const runs = groups.flatMap(({ members }) => members).filter(({ curve }) => curve.length > 0);
  const bands = new Map<string, { readonly stamp: string; readonly band: BandCurves }>();

  const ownTrack = ({ curve }: Compared, { column, smooth }: LinePlan): Track =>
    curve.has(column) ? { step: curve.step, values: smooth ? curve.smooth(column, window) : curve.raw(column) } : empty;
  const bandTrack = ({ members }: Group, line: LinePlan, shown: Steps, width: number): Track => {
    const key = `${line.of} ${line.column}`;
    const stamp = `${line.smooth} ${shown.join()} ${width}`;
    const kept = bands.get(key);
    const band =
      kept?.stamp === stamp
        ? kept.band
        : bandOf(
            members.map((run) => ownTrack(run, line)),
            shown,
            width,
            tail,
          );
    bands.set(key, { stamp, band });
    return { step: band.step, values: band[line.part] };
  };
  const end = ({ curve }: Compared) => curve.step[curve.length - 1];
  return {
    /** Those of the run that went furthest. */
    get step() {
      return (
        runs.reduce<Compared | undefined>(
          (best, run) => (best === undefined || end(run) > end(best) ? run : best),
          undefined,
        )?.curve.step ?? empty.step
      );
    },
    get span(): Steps {
      const first = Math.min(...runs.map(({ curve }) => curve.step[0]));
      const last = Math.max(...runs.map(end));
      return runs.length === 0 ? [0, 1] : [first, Math.max(last, first + 1)];
    },
    track(line, shown, width) {
      const group = byId.get(line.of);
      if (group === undefined) return empty;
      return group.members.length === 1 ? ownTrack(group.members[0], line) : bandTrack(group, line, shown, width);
    },
    last(line) {
      const values = (byId.get(line.of)?.members ?? []).flatMap((run) => {
        const value = lastOf(run, line.column, line.smooth ? window : 1);
        return Number.isNaN(value) ? [] : [value];
      });
      const q = { low: tail, mid: 0.5, high: 1 - tail }[line.part];
      return values.length === 0
        ? NaN
        : quantile(
            values.sort((a, b) => a - b),
            q,
          );
    },
    changed: () => bands.clear(),
  };
}

/** The last value of a run's column, median-filtered over `window` rows; NaN where there is none. */
export function lastOf({ curve }: Compared, column: string, window: number): number {
  if (!curve.has(column)) return NaN;
  return window === 1 ? curve.last(column) : (curve.smooth(column, window).at(-1) ?? NaN);
}
