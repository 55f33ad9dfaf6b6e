// What the user writes about a run: a name, tags and notes, in annotations.json. No trainer reads or writes the file.
import { Readable } from 'node:stream';
import { isRecord } from '../shared/isRecord';
import { isUserError } from '../shared/userError';
import { replaceByStream } from '../files/replace';
import { onDiskAsync, readJsonAsync } from './diskAccess';
import { runPaths } from './directory';

export interface Annotations {
  /** Shown instead of the experiment's name; '' for none. */
  readonly name: string;
  /** Distinct and in the user's order. */
  readonly tags: readonly string[];
  /** May have several lines. */
  readonly notes: string;
}

export const noAnnotations: Annotations = { name: '', tags: [], notes: '' };

/** The limits of what is kept; longer texts are cut off. */
const limits = { name: 200, notes: 10_000, tags: 50, tag: 50 } as const;

/** The annotations without surrounding space, empty and repeated tags, and whatever exceeds the limits. */
function tidyAnnotations({ name, tags, notes }: Annotations): Annotations {
  const trimmed = tags.map((tag) => tag.replace(/\s+/g, ' ').trim().slice(0, limits.tag).trim());
  return {
    name: name.replace(/\s+/g, ' ').trim().slice(0, limits.name).trim(),
    tags: [...new Set(trimmed)].filter((tag) => tag !== '').slice(0, limits.tags),
    notes: notes.trim().slice(0, limits.notes),
  };
}

/** The annotations of a run; none if there is no such file, or it is damaged: the run is listed without them. */
export async function readAnnotations(directory: string): Promise<Annotations> {
  try {
    return annotationsIn(await readJsonAsync(runPaths(directory).annotations, maxBytes, advice));
  } catch (error) {
    if (isUserError(error)) return noAnnotations;
    throw error;
  }
}

/**
 * Changes some of the annotations of a run and keeps the others. Throws a UserError if the file cannot be written, or
 * if it is damaged, so that nothing is overwritten that could be rescued.
 */
export async function annotate(directory: string, change: Partial<Annotations>): Promise<Annotations> {
  const file = runPaths(directory).annotations;
  const before = annotationsIn(await readJsonAsync(file, maxBytes, advice));
  const now = tidyAnnotations({ ...before, ...change });
  const text = `${JSON.stringify({ version: 1, ...now }, null, 2)}\n`;
  await onDiskAsync('write', file, () => replaceByStream(file, Readable.from([text])));
  return now;
}

const maxBytes = 1 << 20;
const advice = 'delete it to start with no name, tags and notes';

/** Fields of another type count as missing. */
function annotationsIn(found: unknown): Annotations {
  const { name, tags, notes } = isRecord(found) ? found : {};
  const isText = (value: unknown): value is string => typeof value === 'string';
  return tidyAnnotations({
    name: isText(name) ? name : '',
    tags: Array.isArray(tags) ? tags.filter(isText) : [],
    notes: isText(notes) ? notes : '',
  });
}
