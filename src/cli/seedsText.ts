// What several seeds of one experiment came to, as a table below their runs.
import { median } from '../math/statistics';
import { exitCode } from './exitCodes';
import { type Ended } from './session';
import { type Style } from './style';
import { aligned, clean, plural, significant } from './text';

export type SeedEnd = Ended & { readonly seed: number };

/** A row a seed with its measures, the median and range over them, and how many seeds were left out. */
export function seedsSummary(ends: readonly SeedEnd[], seeds: number, style: Style): string {
  const measures = [...new Set(ends.flatMap(({ end }) => Object.keys(end?.measures ?? {})))];
  const valuesOf = (name: string) => ends.flatMap(({ end }) => end?.measures[name] ?? []);
  const rows = [
    ['seed', 'end', ...measures.map(clean)],
    ...ends.map(({ seed, end, code }) => [
      `${seed}`,
      end?.reason ?? (code === exitCode.interrupted ? 'interrupted' : 'failed'),
      ...measures.map((name) => numberText(end?.measures[name])),
    ]),
    ...(ends.length > 1 && measures.length > 0
      ? [
          ['median', '', ...measures.map((name) => numberText(median(valuesOf(name))))],
          ['range', '', ...measures.map((name) => rangeText(valuesOf(name)))],
        ]
      : []),
  ];
  const lines = aligned(rows).map((line) => `  ${line}`);
  const missing = seeds - ends.length;
  const left = missing > 0 ? [`The other ${plural(missing, 'seed')} ${missing === 1 ? 'was' : 'were'} not begun.`] : [];
  return [
    style.bold(`${ends.length} of ${plural(seeds, 'seed')}`),
    '',
    style.dim(lines[0]),
    ...lines.slice(1),
    ...left,
  ].join('\n');
}

const numberText = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '-' : significant(value);

const rangeText = (values: readonly number[]): string => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? significant(low) : `${significant(low)} to ${significant(high)}`;
};
