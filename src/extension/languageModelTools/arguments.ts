// Validates the arguments that a language model gives a tool: the editor may not have checked them against the schema.
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { isRecord } from '../../shared/isRecord';
import { userError } from '../userErrors';

type Given = Readonly<Record<string, unknown>>;

/** The arguments by name; empty if the input is not an object. */
export const argumentsOf = (input: unknown): Given => (isRecord(input) ? input : {});

export function textArgument(given: Given, name: string): string | undefined {
  const value = given[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.trim() === '') throw invalid(name, value, 'a non-empty string');
  return value;
}

export function numberArgument(given: Given, name: string, fallback: number, max: number): number {
  const value = given[name] ?? fallback;
  if (typeof value !== 'number' || !(value >= 0 && value <= max))
    throw invalid(name, value, `a number from 0 to ${max}`);
  return value;
}

export function textsArgument(given: Given, name: string): readonly string[] {
  const value = given[name];
  const texts = Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
  if (!Array.isArray(value) || texts.length !== value.length) throw invalid(name, value, 'a list of strings');
  return texts;
}

/** Settings by path, `{ "critic.width": 64 }`, converted to the form of `--set`. */
export function settingsArgument(given: Given, name: string): readonly string[] {
  const value = given[name] ?? {};
  if (!isRecord(value)) throw invalid(name, value, 'an object of settings by path, such as {"steps": 500}');
  return Object.entries(value).map(([key, setting]) => `${key}=${JSON.stringify(setting)}`);
}

const invalid = (name: string, value: unknown, wanted: string): Error =>
  userError(`"${name}" is ${JSON.stringify(value)?.slice(0, 200)}; it must be ${wanted}.`);

/**
 * The experiment file at a path, absolute or relative to a workspace folder. Throws if it is not an experiment file in
 * the workspace.
 */
export function experimentFile(named: string | undefined): vscode.Uri {
  if (named === undefined)
    throw userError('"experiment" is missing. Pass the path of a *.gan.json file in the workspace.');
  if (!/\.gan\.jsonc?$/i.test(named))
    throw userError(`"${named}" is not an experiment file. Experiment files are named *.gan.json.`);
  const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const inside = roots
    .map((root) => ({ root, file: path.resolve(root, named) }))
    .filter(({ root, file }) => file.startsWith(root + path.sep));
  if (inside.length === 0) throw userError(`"${named}" is outside the workspace. Pass a file in one of its folders.`);
  const there = inside.find(({ file }) => existsSync(file));
  if (there === undefined) throw userError(`There is no file "${named}" in the workspace.`);
  return vscode.Uri.file(there.file);
}
