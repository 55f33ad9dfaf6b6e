// What a language model gave a tool, believed only after a look: the editor checks it against a schema, or does not.
import { userError } from '../errors';

type Given = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Given =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The arguments by name; none where something else was given. */
export const argumentsOf = (input: unknown): Given => (isRecord(input) ? input : {});

export function textArgument(given: Given, name: string): string | undefined {
  const value = given[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.trim() === '') throw wrong(name, value, 'a text');
  return value;
}

export function numberArgument(given: Given, name: string, otherwise: number, most: number): number {
  const value = given[name] ?? otherwise;
  if (typeof value !== 'number' || !(value >= 0 && value <= most))
    throw wrong(name, value, `a number from 0 to ${most}`);
  return value;
}

export function textsArgument(given: Given, name: string): readonly string[] {
  const value = given[name];
  const texts = Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
  if (!Array.isArray(value) || texts.length !== value.length) throw wrong(name, value, 'a list of texts');
  return texts;
}

/** Settings by path, `{ "critic.width": 64 }`, as `--set` takes them. */
export function settingsArgument(given: Given, name: string): readonly string[] {
  const value = given[name] ?? {};
  if (!isRecord(value)) throw wrong(name, value, 'an object of settings by path');
  return Object.entries(value).map(([key, setting]) => `${key}=${JSON.stringify(setting)}`);
}

const wrong = (name: string, value: unknown, wanted: string): Error =>
  userError(`"${name}" is ${JSON.stringify(value)?.slice(0, 200)}; it must be ${wanted}.`);
