// Exports that compute, an ONNX file or a GIF: the command line makes them in a process of its own, and they are put where the user wants them.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { commandLine } from '../launch/commandLine';
import { stoppable } from '../progress';
import { askWhere } from './askWhere';

/** Asks where the generator of a checkpoint is to be saved, makes the file, and offers to show it. */
export async function exportOnnx(context: vscode.ExtensionContext, directory: string, step: number): Promise<void> {
  const files = vscode.l10n.t('ONNX models');
  const name = `${path.basename(directory)}-generator-${step}.onnx`;
  const to = await askWhere(name, { [files]: ['onnx'] }, vscode.l10n.t('Save the Generator'));
  if (to === undefined) return;
  const title = vscode.l10n.t('Writing the generator of step {0} as an ONNX file', step);
  const { batch, notes } = await made(context, title, to, [directory, '--format', 'onnx', '--step', String(step)]);
  const takes =
    typeof batch === 'number'
      ? vscode.l10n.t('{0} takes batches of {1} samples.', to.fsPath, batch)
      : vscode.l10n.t('{0} takes batches of any length.', to.fsPath);
  const reveal = vscode.l10n.t('Reveal');
  const said = [takes, ...(Array.isArray(notes) ? notes.filter((note) => typeof note === 'string') : [])];
  void vscode.window.showInformationMessage(said.join(' '), reveal).then((chosen) => {
    if (chosen === reveal) void vscode.commands.executeCommand(revealing(), to);
  });
}

/** Asks where the pictures of a run are to be saved as a GIF, makes it, and opens it. */
export async function exportGif(context: vscode.ExtensionContext, directory: string): Promise<void> {
  const pictures = vscode.l10n.t('GIF pictures');
  const to = await askWhere(
    `${path.basename(directory)}-training.gif`,
    { [pictures]: ['gif'] },
    vscode.l10n.t('Save Samples'),
  );
  if (to === undefined) return;
  await made(context, vscode.l10n.t('Drawing the training as a GIF'), to, [directory, '--format', 'gif']);
  await vscode.commands.executeCommand('vscode.open', to);
}

const revealing = (): string =>
  vscode.env.remoteName !== undefined || vscode.env.uiKind === vscode.UIKind.Web
    ? 'revealInExplorer'
    : 'revealFileInOS';

/**
 * Makes `to`, which the user agreed to write over, by `earthmover export` with these arguments; returns what it said of it.
 * The file comes about in a folder aside: what is cancelled or fails leaves nothing, and any place that the editor can write to will do.
 */
async function made(
  context: vscode.ExtensionContext,
  title: string,
  to: vscode.Uri,
  args: readonly string[],
): Promise<Record<string, unknown>> {
  return stoppable(title, async (signal) => {
    const aside = await mkdtemp(path.join(os.tmpdir(), 'earthmover-export-'));
    try {
      const file = path.join(aside, path.basename(to.path));
      let told: Record<string, unknown> = {};
      const onEvent = (event: Record<string, unknown>) => void (told = event);
      await commandLine(context, ['export', ...args, '--out', file, '--json'], { cwd: aside, signal, onEvent });
      await vscode.workspace.fs.copy(vscode.Uri.file(file), to, { overwrite: true });
      return told;
    } finally {
      // A process that was ended may hold its file for a moment more.
      await rm(aside, { recursive: true, force: true, maxRetries: 5 });
    }
  });
}
