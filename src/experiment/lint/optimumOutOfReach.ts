// Rule: "untilOptimal" has room for the two windows that it compares.
import { setting, type Rule } from './rule';

export const optimumOutOfReach: Rule = {
  severity: 'warning',
  why: 'The critic counts as optimal when the mean of the estimate stays the same from one window of updates to the next, and two windows must have passed for that.',
  check: ({ criticSteps }) => {
    if (typeof criticSteps !== 'object') return [];
    const { window, max } = criticSteps.untilOptimal;
    if (max > 2 * window) return [];
    const path = ['criticSteps', 'untilOptimal', 'max'];
    const message = `criticSteps.untilOptimal.max is ${max} and its window ${window}, so that every step takes all ${max} updates; take a max above ${2 * window}.`;
    return [{ path, message, fixes: [setting(path, 20 * window)] }];
  },
};
