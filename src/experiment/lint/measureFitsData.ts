// Rule: measures are taken on data that have what they need.
import { dataSources, measures, type MeasureEntry } from '../../catalog';
import { fittingMeasures } from '../resolve';
import { oneOf } from '../words';
import type { Rule } from './rule';

const need: Readonly<Record<MeasureEntry['needs'], string>> = {
  mixture: 'a mixture with known modes',
  points: 'points',
};

export const measureFitsData: Rule = {
  severity: 'error',
  why: 'A measure compares samples with something that only some data sources have.',
  check: ({ data, measures: list }) => {
    const fitting = fittingMeasures(data.source);
    return list.flatMap((id, index) => {
      if (fitting.includes(id)) return [];
      const suited = Object.entries(dataSources).flatMap(([source, { gives, mixture }]) =>
        (measures[id].needs === 'mixture' ? mixture : gives === 'points') ? [source] : [],
      );
      const message = `The measure "${id}" needs ${need[measures[id].needs]}, which "${data.source}" is not; remove it, or take ${oneOf(suited)}.`;
      const path = ['measures', index];
      return [{ path, message, fixes: [{ title: `Remove "${id}"`, changes: [{ path, remove: true }] }] }];
    });
  },
};
