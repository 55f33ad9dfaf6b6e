// Rule: a small data set has a validation split.
import { finiteSize, setting, type Rule } from './rule';

/** The paper sees the critic overfit on 1,000 images. */
const small = 2000;

export const validationSplit: Rule = {
  severity: 'warning',
  why: 'A critic overfits a small data set before the generator does; only held-out samples show it.',
  source: 'Gulrajani et al. 2017, section 5.6 and Figure 5b',
  check: ({ data }) => {
    const size = finiteSize(data);
    if (size === undefined || size.samples > small || data.validation > 0) return [];
    const message = `The data have ${size.samples} samples and none held out, so the critic can overfit unseen; set data.validation to 0.1.`;
    const path = ['data', 'validation'];
    return [{ path, message, fixes: [setting(path, 0.1)] }];
  },
};
