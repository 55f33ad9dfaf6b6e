// Rule: metrics are computed on data that have what they need.
import { dataSources, metrics, type MetricEntry } from '../../catalog';
import { fittingMetrics } from '../resolve';
import { oneOf } from '../words';
import type { Rule } from './rule';

const need: Readonly<Record<MetricEntry['needs'], string>> = {
  mixture: 'a mixture with known modes',
  points: 'points',
};

export const metricFitsData: Rule = {
  severity: 'error',
  why: 'A metric compares samples with something that only some data sources have.',
  check: ({ data, metrics: list }) => {
    const fitting = fittingMetrics(data.source);
    return list.flatMap((id, index) => {
      if (fitting.includes(id)) return [];
      const suited = Object.entries(dataSources).flatMap(([source, { gives, mixture }]) =>
        (metrics[id].needs === 'mixture' ? mixture : gives === 'points') ? [source] : [],
      );
      const message = `The metric "${id}" needs ${need[metrics[id].needs]}, which "${data.source}" is not; remove it, or take ${oneOf(suited)}.`;
      const path = ['metrics', index];
      return [{ path, message, fixes: [{ title: `Remove "${id}"`, changes: [{ path, remove: true }] }] }];
    });
  },
};
