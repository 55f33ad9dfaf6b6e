// What a lens is, so that the editor's part of it is written once.
import * as vscode from 'vscode';
import type { CommandId } from '../ids';

/** A lens in plain values: `offset` is where it stands, in UTF-16 units. */
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
