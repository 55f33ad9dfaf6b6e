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

/** A button of a notification, which does what it says. */
export interface Offer {
  readonly label: string;
  readonly accept: () => unknown;
}

/**
 * Shows what is wrong in a file, at its place. An error without buttons hides by itself: VS Code would keep one with
 * buttons, also after the file was corrected, and the diagnostic at the place says the same until then.
 */
export function showProblemAt(log: Log, message: string, place: Place): void {
  log.error(message);
  void notify.error(message);
  openAt(place).catch((error: unknown) => log.error(String(error)));
}

/**
 * Shows an error and returns immediately. `logFile` is opened by "Show Log"; `offers` is what to do. With buttons, it
 * stays until the user closes it: a page that shows the same while it lasts makes it unnecessary while it is visible.
 */
export function showProblem(log: Log, message: string, logFile?: string, offers: readonly Offer[] = []): void {
  log.error(message);
  const show = vscode.l10n.t('Show Log');
  const follow = async () => {
    const chosen = await notify.error(message, ...offers.map(({ label }) => label), ...(logFile ? [show] : []));
    await offers.find(({ label }) => label === chosen)?.accept();
    if (chosen === show && logFile) await vscode.window.showTextDocument(vscode.Uri.file(logFile));
  };
  follow().catch((error: unknown) => log.error(String(error)));
}

async function openAt({ file, line, column }: Place): Promise<void> {
  const at = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(at, at) });
}
