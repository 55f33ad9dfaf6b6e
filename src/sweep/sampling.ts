// Random settings: each sample is a function of its index and the seed alone.
import { generator } from '../math/random';
import { isRecord } from '../shared/isRecord';
import { ruleKind, type Rule, type SweepFile } from './schema';

/** The settings that sample `index` draws, by path. A path has random numbers of its own, whatever else is sampled. */
export function drawSample(sample: NonNullable<SweepFile['sample']>, index: number): Record<string, unknown> {
  const { seed = 1, of } = sample;
  const draw = (rule: Rule, path: string): unknown => {
    const uniform = generator({ seed, stream: `sweep/${path}`, step: index })();
    if ('choice' in rule) return filled(rule.choice[Math.floor(uniform * rule.choice.length)], path);
    if ('integer' in rule) {
      const [least, most] = rule.integer;
      if (!rule.log) return least + Math.floor(uniform * (most - least + 1));
      // Each integer n has the share of [n, n + 1) on the logarithmic scale.
      return Math.min(most, Math.floor(between(Math.max(least, 1), most + 1, uniform)));
    }
    if ('log' in rule) return rounded(between(...rule.log, uniform));
    const [least, most] = rule.number;
    return rounded(least + uniform * (most - least));
  };
  /** A value of a choice, with the rules inside of it drawn. */
  const filled = (value: unknown, path: string): unknown => {
    if (ruleKind(value) !== undefined) return draw(value as Rule, path);
    if (Array.isArray(value)) return value.map((item, k) => filled(item, `${path}/${k}`));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, `${path}/${key}`)]));
  };
  return Object.fromEntries(Object.entries(of).map(([path, rule]) => [path, draw(rule as Rule, path)]));
}

const between = (least: number, most: number, uniform: number): number => least * (most / least) ** uniform;

/** Four digits: more would only make tables and files hard to read. */
const rounded = (value: number): number => Number(value.toPrecision(4));
