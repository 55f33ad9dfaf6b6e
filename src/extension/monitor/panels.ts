// The monitor's panels: one a run, brought back after a reload, fed from the run directory while they are visible.
import path from 'node:path';
import * as vscode from 'vscode';
import type { FromPage } from '../../protocol/monitor';
import { runPaths } from '../../run/directory';
import { monitorViewType } from '../ids';
import type { Log } from '../log';
import { type Feed, feedMonitor } from './feed';
import { monitorHtml } from './html';
import { checkFromPage } from './messages';

export interface Monitors extends vscode.Disposable {
  /** Opens the panel of a run beside the editor, or brings the one that is open to the front. */
  open(directory: string, name: string): void;
  close(directory: string): void;
}

/** What the page can ask for, apart from being fed. */
export type PageActions = {
  readonly [T in Exclude<FromPage['type'], 'ready'>]: (
    directory: string,
    message: Extract<FromPage, { type: T }>,
  ) => unknown;
};

export interface MonitorOptions {
  readonly context: vscode.ExtensionContext;
  readonly log: Log;
  readonly actions: PageActions;
  /** The experiment of a run that this window is starting, before its trainer has written it. */
  readonly starting: (directory: string) => unknown;
}

export function createMonitors(options: MonitorOptions): Monitors {
  const panels = new Map<string, vscode.WebviewPanel>();
  const adopt = (panel: vscode.WebviewPanel, directory: string, name: string) => {
    panels.set(directory, panel);
    panel.onDidDispose(() => panels.delete(directory));
    show(options, panel, directory, name);
  };
  const serializer = vscode.window.registerWebviewPanelSerializer(monitorViewType, {
    async deserializeWebviewPanel(panel, state: unknown) {
      const directory = rememberedRun(state);
      if (directory === undefined || panels.has(directory)) return panel.dispose();
      panel.webview.options = webviewOptions(options.context, directory);
      adopt(panel, directory, panel.title);
    },
  });
  return {
    open(directory, name) {
      const opened = panels.get(directory);
      if (opened) return opened.reveal(undefined, true);
      const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      const panel = vscode.window.createWebviewPanel(
        monitorViewType,
        name,
        column,
        webviewOptions(options.context, directory),
      );
      adopt(panel, directory, name);
    },
    close: (directory) => panels.get(directory)?.dispose(),
    dispose() {
      // The panels stay: after a reload the serializer is given them back.
      serializer.dispose();
    },
  };
}

function show(
  { context, log, actions, starting }: MonitorOptions,
  panel: vscode.WebviewPanel,
  directory: string,
  name: string,
) {
  // prettier-ignore
  const { webview } = panel;
  const file = (...parts: string[]) => webview.asWebviewUri(vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview', ...parts)).toString(); // prettier-ignore
  let feed: Feed | undefined;
  const start = () => {
    feed?.stop();
    let on = true;
    const feeding = feedMonitor({
      directory,
      starting: () => starting(directory),
      post: (message) => {
        if (on) void webview.postMessage(message);
      },
      pictureUri: (picture, version) =>
        webview
          .asWebviewUri(vscode.Uri.file(picture))
          .with({ query: `v=${version}` })
          .toString(),
    });
    feed = {
      ...feeding,
      stop() {
        on = false;
        feeding.stop();
      },
    };
  };
  const act = <M extends Exclude<FromPage, { type: 'ready' }>>(message: M) =>
    (actions[message.type] as (directory: string, message: M) => unknown)(directory, message);
  webview.onDidReceiveMessage((value: unknown) => {
    const message = checkFromPage(value);
    if (message === undefined)
      log.warn(`The monitor of ${directory} sent what is no message: ${JSON.stringify(value)}`);
    else if (message.type === 'ready') start();
    else act(message);
  });
  // A hidden page is gone: nothing is read for it, and it asks again when it is back.
  panel.onDidChangeViewState(() => {
    if (!panel.visible) feed?.stop();
  });
  panel.onDidDispose(() => feed?.stop());
  panel.title = name;
  panel.iconPath = vscode.Uri.joinPath(context.extensionUri, 'media', 'monitor.svg');
  webview.html = monitorHtml({
    title: name,
    language: vscode.env.language,
    cspSource: webview.cspSource,
    script: file('main.js'),
    style: file('main.css'),
  });
}

const webviewOptions = ({ extensionUri }: vscode.ExtensionContext, directory: string): vscode.WebviewOptions => ({
  enableScripts: true,
  localResourceRoots: [
    vscode.Uri.joinPath(extensionUri, 'dist', 'webview'),
    vscode.Uri.file(runPaths(directory).samples),
  ],
});

/** The page keeps the run's id, which is its directory, in its own state. */
function rememberedRun(state: unknown): string | undefined {
  const id = typeof state === 'object' && state !== null ? (state as { id?: unknown }).id : undefined;
  return typeof id === 'string' && path.isAbsolute(id) ? id : undefined;
}
