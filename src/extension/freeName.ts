// A name for a new file that no other file has.
import * as vscode from 'vscode';

/** `folder/ring.gan.json`, or `ring-2.gan.json` if that exists, and so on. */
export async function freeName(folder: vscode.Uri, stem: string, ending: string): Promise<vscode.Uri> {
  for (let n = 1; ; n++) {
    const file = vscode.Uri.joinPath(folder, `${n === 1 ? stem : `${stem}-${n}`}${ending}`);
    try {
      await vscode.workspace.fs.stat(file);
    } catch {
      return file;
    }
  }
}
