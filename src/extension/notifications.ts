// Notifications: progress that can be canceled, and errors with buttons for their location and their log.
import * as vscode from 'vscode';
import type { Log } from './log';
import { notify, plainText } from './notify';

/** Shows progress while `work` runs. If the user cancels, rejects with a CancellationError. */
export function withCancellableProgress<T>(
  title: string,
  work: (signal: AbortSignal, report: (message: string) => void) => Promise<T>,
): Thenable<T> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress(
    { location, title: plainText(title), cancellable: true },
    async (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      try {
        return await work(stop.signal, (message) => progress.report({ message: plainText(message) }));
      } catch (error) {
        throw stop.signal.aborted ? new vscode.CancellationError() : error;
      }
    },
  );
}

export interface Place {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

/** Shows an error and returns immediately. `logFile` is opened by "Show Log". */
export function showProblem(log: Log, message: string, logFile?: string, place?: Place): void {
  log.error(message);
  const [go, show] = [vscode.l10n.t('Go to Problem'), vscode.l10n.t('Show Log')];
  const offers = [...(place ? [go] : []), ...(logFile ? [show] : [])];
  const follow = async () => {
    const chosen = await notify.error(message, ...offers);
    if (chosen === go && place) await openAt(place);
    if (chosen === show && logFile) await vscode.window.showTextDocument(vscode.Uri.file(logFile));
  };
  follow().catch((error: unknown) => log.error(String(error)));
}

async function openAt({ file, line, column }: Place): Promise<void> {
  const at = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(at, at) });
}
