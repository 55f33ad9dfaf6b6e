// Parses the text of an experiment file to a resolved experiment, or to all its problems.
import type { Experiment } from './experiment';
import { findSchemaErrors } from './schemaErrors';
import { toTextFix } from './quickFixes';
import { applyOverrides, type Overridden, type Override } from './overrides';
import { byPlace, type Finding, type Path, type Place, type Problem, type Target } from './problem';
import { resolveExperiment } from './resolve';
import { pathForms } from './settingPath';
import { experimentSchema, type ExperimentFile } from './schema';
import { numberText, placeOfRange, placeOfSetting, readSource, valueOf, type SourceText } from './sourceText';

/** A parsed experiment file. `experiment` is present if no problem is an error. */
export interface Parsed {
  readonly file: string;
  readonly text: string;
  readonly experiment?: Experiment;
  /** The value of the file with the overrides applied. */
  readonly written?: ExperimentFile;
  readonly problems: readonly Problem[];
  /** Gives a finding of a later check (linter, trainer) its place in the file or on the command line. */
  readonly place: (finding: Finding) => Problem;
}

/**
 * Parses an experiment file; comments and trailing commas are allowed. Returns all problems in the order of the text
 * and never throws.
 *
 * @param text the content of the file
 * @param file its name, for messages and as the name of an experiment without one
 * @param overrides settings from the command line, applied in order
 */
export function parseExperiment(text: string, file: string, overrides: readonly Override[] = []): Parsed {
  const source = readSource(text, file);
  const name = nameOf(file);
  if (source.tree === undefined) {
    return { file, text, problems: source.problems, place: placer(source, [], [], () => undefined) };
  }
  const { tree } = source;
  const overridden = applyOverrides(valueOf(tree), overrides, (value) => resolveValidPart(value, name));
  const place = placer(source, overrides, overridden.applied, () => resolveValidPart(valueOf(tree), name));
  const spelled = (path: Path) =>
    overridden.applied.some((override) => startsWith(path, override.path)) ? undefined : numberText(source, path);
  const findings = findSchemaErrors(experimentSchema, overridden.value, spelled).map(place);
  const refused = overridden.problems.map((finding) => refusal(source, overrides, finding));
  const problems = [...findings, ...refused].sort(byPlace);
  if (problems.length > 0) return { file, text, problems, place };
  const written = experimentSchema.parse(overridden.value);
  return { file, text, written, experiment: resolveExperiment(written, name), problems, place };
}

/** The name of an experiment without one: that of its file, without folder and extension. */
function nameOf(file: string): string {
  const base = file.split(/[\\/]/).pop() ?? '';
  return (
    base
      .replace(/(\.gan)?\.jsonc?$/i, '')
      .trim()
      .slice(0, 200) || 'experiment'
  );
}

/** The experiment that the valid keys of a value resolve to; undefined without data. */
function resolveValidPart(value: unknown, name: string): Experiment | undefined {
  const shape: Readonly<Record<string, { safeParse: (value: unknown) => { success: boolean } }>> =
    experimentSchema.shape;
  const valid = Object.entries(value as object).filter(
    ([key, part]) => Object.hasOwn(shape, key) && shape[key].safeParse(part).success,
  );
  const result = experimentSchema.safeParse(Object.fromEntries(valid));
  return result.success ? resolveExperiment(result.data, name) : undefined;
}

/** @param defaults gives the experiment that the file resolves to, if it does */
function placer(
  source: SourceText,
  overrides: readonly Override[],
  applied: Overridden['applied'],
  defaults: () => Experiment | undefined,
): Parsed['place'] {
  return ({ path, target, fixes, ...finding }) => {
    const place = placeFor(source, applied, path, target);
    const elsewhere = placeOf(overrides, place.option);
    if (elsewhere !== undefined) return elsewhere({ path, target, fixes, ...finding });
    // The value of a command-line option cannot be fixed in the file.
    const offered = place.option === undefined ? (fixes ?? []) : [];
    const edits = offered.flatMap((fix) => toTextFix(source, fix, defaults()) ?? []);
    return { ...finding, ...place, ...(edits.length > 0 ? { fixes: edits } : {}) };
  };
}

/** The function that gives findings about an option their place, if it comes from another file. */
const placeOf = (overrides: readonly Override[], option: string | undefined): Override['place'] =>
  option === undefined ? undefined : overrides.find((override) => override.option === option)?.place;

function refusal(
  source: SourceText,
  overrides: readonly Override[],
  { option, ...finding }: Overridden['problems'][number],
): Problem {
  return placeOf(overrides, option)?.(finding) ?? { ...finding, ...ofOption(source, option) };
}

/** The place of a setting: its option or its place in the file, else that of its owner or of the preset. */
function placeFor(source: SourceText, applied: Overridden['applied'], path: Path, target: Target): Place {
  const find = (candidate: Path, what: Target): Place | undefined => {
    const by = applied.findLast((override) => startsWith(candidate, override.path));
    return by === undefined ? placeOfSetting(source, candidate, what) : ofOption(source, by.option);
  };
  // If the file does not have the value, an option that sets something inside it created it.
  const inside = (candidate: Path): Place | undefined => {
    const owner = target === 'parent' ? candidate.slice(0, -1) : candidate;
    const by = owner.length > 0 && applied.findLast((override) => startsWith(override.path, owner));
    return by ? ofOption(source, by.option) : undefined;
  };
  const own = first(pathForms(path), (candidate) => find(candidate, target) ?? inside(candidate));
  const holders = path.slice(1).map((_, index) => path.slice(0, path.length - 1 - index));
  return (
    own ??
    first(holders.flatMap(pathForms), (holder) => find(holder, 'value')) ??
    find(['preset'], 'value') ??
    placeOfRange(source, source.tree?.offset ?? 0, source.tree ? 1 : 0)
  );
}

function first<A, B>(items: readonly A[], give: (item: A) => B | undefined): B | undefined {
  for (const item of items) {
    const given = give(item);
    if (given !== undefined) return given;
  }
  return undefined;
}

const startsWith = (path: Path, start: Path) =>
  start.length <= path.length && start.every((key, index) => String(key) === String(path[index]));

function ofOption(source: SourceText, option: string): Place {
  const nowhere = { line: 0, column: 0, endLine: 0, endColumn: 0, offset: 0, length: 0 };
  return { file: source.file, ...nowhere, option };
}
