// A panel of which there is one per window, restored after a reload, whose code is loaded on first use.
import * as vscode from 'vscode';
import { loadingHtml } from './monitor/html';
import { wideColumn } from './wideColumn';

export interface LazyPanel extends vscode.Disposable {
  /** Opens the panel, or reveals it if it is open. */
  open(): Promise<void>;
}

/** @param load gives the function that shows the page in a panel */
export function registerLazyPanel(
  viewType: string,
  title: string,
  load: () => Promise<(panel: vscode.WebviewPanel) => void>,
): LazyPanel {
  let shown: vscode.WebviewPanel | undefined;
  const adopt = async (panel: vscode.WebviewPanel) => {
    shown = panel;
    panel.webview.html = loadingHtml();
    panel.onDidDispose(() => (shown = undefined));
    (await load())(panel);
  };
  const serializer = vscode.window.registerWebviewPanelSerializer(viewType, {
    async deserializeWebviewPanel(panel) {
      if (shown) panel.dispose();
      else await adopt(panel);
    },
  });
  return {
    async open() {
      if (shown) shown.reveal();
      else await adopt(vscode.window.createWebviewPanel(viewType, title, wideColumn()));
    },
    // The panel stays open: after a reload the serializer restores it.
    dispose: () => serializer.dispose(),
  };
}
