// One panel of the monitor: its document, what it is fed while it is visible, and what its page asks for.
import path from 'node:path';
import * as vscode from 'vscode';
import { checkFromPage } from '../../protocol/monitorChecks';
import type { FromPage, ToPage } from '../../protocol/monitor';
import { clean } from '../../shared/text';
import { runPaths } from '../../run/directory';
import type { Log } from '../log';
import type { Feed } from './feed';
import { monitorHtml } from './html';
import { isComparison, type Subject } from './subject';
import { pageWords } from './words';

type Asked = Exclude<FromPage, { type: 'ready' | 'saveCsv' | 'openRun' }>;

/** What the page can ask for of a run, and of all runs that it shows. */
export type PageActions = {
  readonly [T in Asked['type']]: (directory: string, message: Extract<Asked, { type: T }>) => unknown;
} & {
  readonly saveCsv: (directories: readonly string[]) => unknown;
  /** Opens the monitor of one of them. */
  readonly openRun: (directory: string) => unknown;
};

export interface PanelOptions {
  readonly context: vscode.ExtensionContext;
  readonly log: Log;
  readonly actions: PageActions;
  /** The experiment of a run that this window is starting, before its trainer has written it. */
  readonly starting: (directory: string) => unknown;
}

export function showPanel(options: PanelOptions, panel: vscode.WebviewPanel, subject: Subject, title: string): void {
  const { context, log } = options;
  const { webview } = panel;
  const file = (...parts: string[]) =>
    webview.asWebviewUri(vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview', ...parts)).toString();
  let feed: Feeding | undefined;
  webview.onDidReceiveMessage((value: unknown) => {
    const message = checkFromPage(value);
    if ('problem' in message) {
      log.warn(`The monitor of ${title} sent what is no message: ${message.problem}`);
    } else if (message.value.type === 'ready') {
      feed?.stop();
      feed = startFeed(options, webview, subject);
    } else {
      act(options, subject, message.value);
    }
  });
  // A hidden page is gone: nothing is read for it, and it asks again when it is back.
  panel.onDidChangeViewState(() => {
    if (!panel.visible) feed?.stop();
  });
  panel.onDidDispose(() => feed?.stop());
  panel.title = clean(title);
  panel.iconPath = vscode.Uri.joinPath(context.extensionUri, 'media', 'monitor.svg');
  webview.html = monitorHtml({
    title,
    words: pageWords(path.join(context.extensionPath, 'l10n'), vscode.env.language),
    cspSource: webview.cspSource,
    script: file('main.js'),
    style: file('main.css'),
  });
}

/** The page may load its own files, and pictures of its runs. */
export const panelOptions = (
  { context }: Pick<PanelOptions, 'context'>,
  { directories }: Subject,
): vscode.WebviewOptions => ({
  enableScripts: true,
  localResourceRoots: [
    vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview'),
    ...directories.flatMap((directory) =>
      [runPaths(directory).samples, runPaths(directory).live].map((folder) => vscode.Uri.file(folder)),
    ),
  ],
});

/** A feed that may still be on its way. */
type Feeding = Pick<Feed, 'stop'>;

function startFeed({ log, starting }: PanelOptions, webview: vscode.Webview, subject: Subject): Feeding {
  let on = true;
  const post = (message: ToPage) => {
    if (on) void webview.postMessage(message);
  };
  const pictureUri = (picture: string, version: string) =>
    webview
      .asWebviewUri(vscode.Uri.file(picture))
      .with({ query: `v=${version}` })
      .toString();
  const { directories } = subject;
  const [directory] = directories;
  let feed: Feed | undefined;
  const start = async () => {
    const { feedComparison, feedMonitor } = await import('../late');
    if (!on) return;
    feed = isComparison(subject)
      ? feedComparison({ directories, starting, post, pictureUri })
      : feedMonitor({ directory, starting: () => starting(directory), post, pictureUri });
  };
  start().catch((error: unknown) => log.error(String(error)));
  return {
    stop() {
      on = false;
      feed?.stop();
    },
  };
}

/** A page speaks for the runs of its own panel and no others. */
function act({ actions }: PanelOptions, { directories }: Subject, message: Exclude<FromPage, { type: 'ready' }>): void {
  if (message.type === 'saveCsv') actions.saveCsv(directories);
  else if (message.type === 'openRun') {
    if (directories.includes(message.id)) actions.openRun(message.id);
  } else if (directories.length === 1) {
    (actions[message.type] as (directory: string, message: Asked) => unknown)(directories[0], message);
  }
}
