// The curve of one run as the charts read it.
import type { LinePlan, Source } from '../charts/chartPlan';
import type { Curve } from './curve';

/** `window` is the length of the median filter, in rows; 1 for none. */
export function runSource(curve: Curve, window: number): Source {
  const values = ({ column, smooth }: LinePlan) => (smooth ? curve.smooth(column, window) : curve.raw(column));
  return {
    get step() {
      return curve.step;
    },
    get span() {
      const first = curve.step[0] ?? 0;
      return [first, Math.max(curve.step.at(-1) ?? 1, first + 1)] as const;
    },
    track: (line) => ({ step: curve.step, values: values(line) }),
    last: (line) => (line.smooth ? (values(line).at(-1) ?? NaN) : curve.last(line.column)),
  };
}
