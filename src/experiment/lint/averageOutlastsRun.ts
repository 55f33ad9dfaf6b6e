// Rule: the moving average of the generator has forgotten its first weights when the run ends.
import { setting, type Rule } from './rule';

/** Share of the first weights in the average that shows in samples. */
const shows = 0.05;

export const averageOutlastsRun: Rule = {
  severity: 'warning',
  why: 'The average starts at the first weights, which keep the share δ^steps of it: samples and exports would be those of a generator that is partly untrained.',
  check: ({ stabilization: { ema }, steps }) => {
    if (ema === null || ema ** steps <= shows) return [];
    const path = ['stabilization', 'ema'];
    const share = Math.round(100 * ema ** steps);
    // The decay at which a thousandth of the first weights is left, in few digits.
    const fitting = steps > 7 ? Number((1 - 7 / steps).toPrecision(3)) : null;
    const message = `stabilization.ema is ${ema}, so that after ${steps} steps ${share} % of the average are the first weights; take ${fitting} or train longer.`;
    return [{ path, message, fixes: [setting(path, fitting)] }];
  },
};
