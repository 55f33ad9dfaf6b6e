// The experiment files that a tool reads and trains, whatever it is told: those of the workspace alone.
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { userError } from '../errors';

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
