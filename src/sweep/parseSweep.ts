// Parses the text of a sweep file, or returns all its problems with their places.
import type { Finding, Path, Place, Problem } from '../experiment/problem';
import { toTextFix } from '../experiment/quickFixes';
import { findSchemaErrors } from '../experiment/schemaErrors';
import {
  numberText,
  placeOfRange,
  placeOfSetting,
  readSource,
  valueOf,
  type SourceKind,
  type SourceText,
} from '../experiment/sourceText';
import { byPlace } from '../experiment/problem';
import { sweepSchema, type SweepFile } from './schema';

/** A parsed sweep file. `sweep` is present if no problem is an error. */
export interface ParsedSweep {
  readonly file: string;
  readonly text: string;
  readonly sweep?: SweepFile;
  readonly problems: readonly Problem[];
  /** Gives a finding of a later check its place in the file. */
  readonly place: (finding: Finding) => Problem;
}

const sweepSource: SourceKind = {
  noun: 'a sweep',
  levels: 8,
  example: '{ "experiment": "./wgan.gan.json", "seeds": 5 }',
};

/** Parses a sweep file; comments and trailing commas are allowed. Never throws, and reads no other file. */
export function parseSweep(text: string, file: string): ParsedSweep {
  const source = readSource(text, file, sweepSource);
  const place = placer(source);
  if (source.tree === undefined) return { file, text, problems: source.problems, place };
  const value = valueOf(source.tree);
  const problems = findSchemaErrors(sweepSchema, value, (path) => numberText(source, path))
    .map(place)
    .sort(byPlace);
  if (problems.length > 0) return { file, text, problems, place };
  return { file, text, sweep: sweepSchema.parse(value), problems, place };
}

/** The name of a sweep without one: that of its file, without folder and extension. */
export function nameOfSweep({ sweep, file }: Pick<ParsedSweep, 'sweep' | 'file'>): string {
  const base = (file.split(/[\\/]/).pop() ?? '').replace(/(\.sweep)?\.jsonc?$/i, '').trim();
  return sweep?.name ?? (base.slice(0, 200) || 'sweep');
}

const placer =
  (source: SourceText): ParsedSweep['place'] =>
  ({ path, target, fixes = [], ...finding }) => {
    const edits = fixes.flatMap((fix) => toTextFix(source, fix, undefined) ?? []);
    return { ...finding, ...placeFor(source, path, target), ...(edits.length > 0 ? { fixes: edits } : {}) };
  };

/** The place of a setting of the file, else of the nearest object around it. */
function placeFor(source: SourceText, path: Path, target: Finding['target']): Place {
  const own = placeOfSetting(source, path, target);
  if (own !== undefined) return own;
  const holder = path.slice(0, -1);
  if (path.length > 0) return placeFor(source, holder, 'value');
  return placeOfRange(source, source.tree?.offset ?? 0, source.tree ? 1 : 0);
}
