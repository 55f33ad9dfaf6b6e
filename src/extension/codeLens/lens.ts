// A CodeLens in plain values, and its conversion to VS Code's.
import * as vscode from 'vscode';
import type { CommandId } from '../ids';

/** `offset` is its position in the document, in UTF-16 units. */
export interface Lens {
  readonly offset: number;
  readonly title: string;
  readonly tooltip: string;
  readonly command: CommandId;
  readonly args: readonly unknown[];
}

export const asCodeLens =
  (document: vscode.TextDocument) =>
  ({ offset, title, tooltip, command, args }: Lens): vscode.CodeLens => {
    const at = document.positionAt(offset);
    return new vscode.CodeLens(new vscode.Range(at, at), { title, tooltip, command, arguments: [...args] });
  };
