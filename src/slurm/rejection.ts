// What sbatch has rejected, as a setting of the sweep file with its place.
import { parseSweep } from '../sweep/parseSweep';
import type { Sweep } from '../sweep/sweepDirectory';
import { rejected } from './errors';
import { optionArguments } from './jobScript';
import { reasonIn } from './programs';

type SlurmKey = keyof NonNullable<Sweep['file']['slurm']>;

/** Texts of sbatch about an option that has a key of its own. */
const keys: readonly (readonly [text: RegExp, key: SlurmKey])[] = [
  [/account/i, 'account'],
  [/partition/i, 'partition'],
  [/--time|time limit/i, 'time'],
  [/--mem|memory/i, 'memory'],
  [/gres|gpu/i, 'gres'],
  [/cpus-per-task|cpu count/i, 'cpus'],
  [/node configuration/i, 'cpus'],
];

/** Texts of sbatch about other options, which are in "options". */
const optionTexts: readonly (readonly [text: RegExp, option: RegExp])[] = [
  [/qos/i, /^(--qos|-q)/],
  [/feature/i, /^(--constraint|-C)/],
  [/reservation/i, /^--reservation/],
  [/licen[sc]e/i, /^(--licenses|-L)/],
  [/node name/i, /^(--nodelist|-w|--exclude|-x)/],
];

/** The error for what sbatch printed when it rejected a job. `submitted` says what was submitted before. */
export function rejection(sweep: Pick<Sweep, 'source' | 'file'>, stderr: string, submitted: string): Error {
  const { source, file } = sweep;
  const path = pathOf(file.slurm ?? {}, stderr);
  const {
    file: name,
    line,
    column,
  } = parseSweep(source.text, source.path).place({
    ...{ path, target: 'value', severity: 'error', code: 'slurm', message: '' },
  });
  const [, key, index] = path;
  const setting = `"${['slurm', key].filter(Boolean).join('.')}"`;
  return rejected(
    `${name}:${line}:${column}`,
    index === undefined ? setting : `line ${Number(index) + 1} of ${setting}`,
    reasonIn(stderr),
    submitted,
  );
}

function pathOf(slurm: NonNullable<Sweep['file']['slurm']>, stderr: string): (string | number)[] {
  // It names all limits that there are, whichever is reached.
  if (/violates accounting/i.test(stderr)) return ['slurm'];
  const options = slurm.options ?? [];
  const named = /option '(-[^']*)'|--([a-z-]+)/.exec(stderr);
  const option = named?.[1] ?? (named ? `--${named[2]}` : undefined);
  const byName =
    option === undefined
      ? -1
      : options.findIndex((line) => optionArguments(line)[0].split('=')[0] === option.split('=')[0]);
  if (byName >= 0) return ['slurm', 'options', byName];
  const pattern = optionTexts.find(([text]) => text.test(stderr))?.[1];
  const byText = pattern === undefined ? -1 : options.findIndex((line) => pattern.test(optionArguments(line)[0]));
  if (byText >= 0) return ['slurm', 'options', byText];
  const key = keys.find(([text, name]) => text.test(stderr) && slurm[name] !== undefined)?.[1];
  return key === undefined ? ['slurm'] : ['slurm', key];
}
