// From a table of the catalog to the schema of "one of these, with its parameters", by name alone where that is enough.
import * as z from 'zod';
import type { Entry, Role, Table, Written } from '../catalog';
import { shapeOf } from './leaf';
import { worded } from './wording';
import { oneOf } from './words';

/** An object with settings and nothing else. `noun` is how messages call it, `such` an example, `about` its hover. */
export function settings<S extends z.ZodRawShape>(shape: S, noun: string, such: string, about?: string) {
  const object = z.strictObject(shape);
  return worded(about === undefined ? object : object.meta(hoverText(about)), {
    expected: `an object such as ${such}`,
    noun,
  });
}

/** A hover of plain text. */
export const hoverText = (text: string) => ({ description: text, markdownDescription: text });

/** One entry of `table` with its parameters: an object whose `tag` names the entry. */
export function chosen<Tag extends string, T extends Table>(
  tag: Tag,
  table: T,
  what: string,
  role?: Role,
): z.ZodType<Written<Tag, T>> {
  const branches = new Map(
    Object.entries(table).map(([id, entry]) => {
      const name = z.literal(id).meta(entryHover(entry));
      const shape = { [tag]: name, ...shapeOf(entry.parameters, role) };
      return [id, settings(shape, `the ${what} "${id}"`, such(tag, id))];
    }),
  );
  const ids = [...branches.keys()];
  const options = [...branches.values()] as [z.ZodObject, ...z.ZodObject[]];
  const union = worded(z.discriminatedUnion(tag, options), {
    expected: `an object such as ${such(tag, ids[0])}`,
    pick: (value) => (isRecord(value) ? branches.get(String(value[tag])) : undefined),
    tag: { key: tag, ids },
  });
  return union as unknown as z.ZodType<Written<Tag, T>>;
}

/** The ids of a table as text, each with its hover. */
export function names<T extends Readonly<Record<string, Pick<Entry, 'title' | 'text'>>>>(
  table: T,
): z.ZodLiteral<keyof T & string> {
  const ids = Object.keys(table) as (keyof T & string)[];
  const hovers = Object.values(table).map((entry) => entryHover(entry).markdownDescription);
  return worded(z.literal(ids).meta({ markdownEnumDescriptions: hovers }), { expected: oneOf(ids), known: ids });
}

/** An entry by its id alone, or with parameters. */
export function namedOrChosen<Tag extends string, T extends Table>(tag: Tag, table: T, what: string) {
  const name = names(table);
  const object = chosen(tag, table, what);
  const ids = Object.keys(table);
  return worded(z.union([name, object]), {
    expected: `${oneOf(ids)}, or an object such as ${such(tag, ids[0])}`,
    known: ids,
    pick: (value) => (typeof value === 'string' ? name : isRecord(value) ? object : undefined),
  });
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const such = (tag: string, id: string) => `{ "${tag}": "${id}" }`;

/** Title, text, formula and source of an entry, for a hover. */
function entryHover(entry: Partial<Entry> & Pick<Entry, 'title' | 'text'>) {
  const formula = entry.formula === undefined ? [] : [`\`\`\`text\n${entry.formula}\n\`\`\``];
  const source = entry.source === undefined ? [] : [`*${entry.source}*`];
  return {
    description: `${entry.title}: ${entry.text}`,
    markdownDescription: [`**${entry.title}**: ${entry.text}`, ...formula, ...source].join('\n\n'),
  };
}
