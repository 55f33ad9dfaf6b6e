// Registers the pages of sweeps; the code of sweeps is loaded on first use.
import * as vscode from 'vscode';
import { sweepViewType } from '../ids';
import { loadingHtml } from '../monitor/html';
import type { SweepActions } from './actionsInterface';
import type { SweepServices } from './sweepActions';

export interface SweepFeatures extends vscode.Disposable {
  readonly actions: () => Promise<SweepActions>;
}

export function registerSweeps(services: SweepServices): SweepFeatures {
  let loaded: Promise<SweepActions> | undefined;
  const actions = () => (loaded ??= import('../lazy').then(({ createSweepActions }) => createSweepActions(services)));
  const serializer = vscode.window.registerWebviewPanelSerializer(sweepViewType, {
    async deserializeWebviewPanel(panel, state: unknown) {
      panel.webview.html = loadingHtml();
      (await actions()).restore(panel, state);
    },
  });
  // The panels stay open: after a reload the serializer restores them.
  return { actions, dispose: () => serializer.dispose() };
}
