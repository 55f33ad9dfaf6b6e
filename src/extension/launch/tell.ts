// An error of a training in a notification, with the ways to its place and to the log.
import * as vscode from 'vscode';
import type { Log } from '../log';

export interface ToldPlace {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

/** Shows `message`; returns at once. `logFile` is what "Show Log" opens. */
export function tell(log: Log, message: string, logFile?: string, place?: ToldPlace): void {
  log.error(message);
  const [go, show] = [vscode.l10n.t('Go to Problem'), vscode.l10n.t('Show Log')];
  const offers = [...(place ? [go] : []), ...(logFile ? [show] : [])];
  const follow = async () => {
    const chosen = await vscode.window.showErrorMessage(message, ...offers);
    if (chosen === go && place) await openAt(place);
    if (chosen === show && logFile) await vscode.window.showTextDocument(vscode.Uri.file(logFile));
  };
  follow().catch((error: unknown) => log.error(String(error)));
}

async function openAt({ file, line, column }: ToldPlace): Promise<void> {
  const at = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(at, at) });
}
