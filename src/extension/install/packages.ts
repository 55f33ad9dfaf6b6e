// The folder of the editor in which optional packages are installed, where a trainer of this editor looks for them.
import path from 'node:path';
import type * as vscode from 'vscode';

export const packagesFolder = ({ globalStorageUri }: Pick<vscode.ExtensionContext, 'globalStorageUri'>): string =>
  path.join(globalStorageUri.fsPath, 'packages');
