// Validates the arguments that a language model gives a tool: the editor may not have checked them against the schema.
import { userError } from '../errors';
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

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

/** The file of that path, absolute or from a folder of the workspace. Throws where that is no experiment file of it. */
export function experimentFile(named: string | undefined): vscode.Uri {
  if (named === undefined) throw userError('"experiment" is missing: the path of a *.gan.json file of the workspace.');
  if (!/\.gan\.jsonc?$/i.test(named)) throw userError(`"${named}" is no experiment file: these are named *.gan.json.`);
  const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const inside = roots
    .map((root) => ({ root, file: path.resolve(root, named) }))
    .filter(({ root, file }) => file.startsWith(root + path.sep));
  if (inside.length === 0)
    throw userError(`"${named}" is outside of the workspace. Name a file of one of its folders.`);
  const there = inside.find(({ file }) => existsSync(file));
  if (there === undefined) throw userError(`There is no file "${named}" in the workspace.`);
  return vscode.Uri.file(there.file);
}
