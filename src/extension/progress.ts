// Work that takes a while: a notification that shows how far it is, and from which it can be stopped.
import * as vscode from 'vscode';

/** Stopped, it ends with a CancellationError, whatever it throws itself. */
export function stoppable<T>(
  title: string,
  work: (signal: AbortSignal, report: (message: string) => void) => Promise<T>,
): Thenable<T> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    try {
      return await work(stop.signal, (message) => progress.report({ message }));
    } catch (error) {
      throw stop.signal.aborted ? new vscode.CancellationError() : error;
    }
  });
}
