// Rule: a batch is not larger than the training set.
import { finiteSize, setting, type Rule } from './rule';

export const batchFitsData: Rule = {
  severity: 'error',
  why: 'A batch larger than the training set holds the same samples several times.',
  check: ({ data, batchSize }) => {
    const size = finiteSize(data);
    if (size === undefined || batchSize <= size.training) return [];
    const message = `batchSize is ${batchSize} and the training set has ${size.training} samples; take a batchSize of at most ${size.training}, or more samples.`;
    const path = ['batchSize'];
    return [{ path, message, fixes: [setting(path, size.training)] }];
  },
};
