// The monitor's panels: one a run and one a comparison, brought back after a reload.
import * as vscode from 'vscode';
import { userError } from '../errors';
import { monitorViewType } from '../ids';
import { type PanelOptions, panelOptions, showPanel } from './panel';
import { isComparison, keyOf, mostCompared, rememberedSubject, type Subject } from './subject';

export type { PageActions } from './panel';

export interface Monitors extends vscode.Disposable {
  /** Opens the panel of a run beside the editor, or brings the one that is open to the front. */
  open(directory: string, name: string): void;
  /** The same for a comparison of two runs or more. Throws an error for the user where they are fewer, or too many. */
  openCompare(runs: readonly { readonly directory: string; readonly name: string }[]): void;
  /** Closes the panel of a run, whose directory is going. */
  close(directory: string): void;
}

export function createMonitors(options: PanelOptions): Monitors {
  const panels = new Map<string, vscode.WebviewPanel>();
  const adopt = (panel: vscode.WebviewPanel, subject: Subject, title: string) => {
    panels.set(keyOf(subject), panel);
    panel.onDidDispose(() => panels.delete(keyOf(subject)));
    showPanel(options, panel, subject, title);
  };
  const openSubject = (subject: Subject, title: string) => {
    const opened = panels.get(keyOf(subject));
    if (opened) return opened.reveal(undefined, true);
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    adopt(
      vscode.window.createWebviewPanel(monitorViewType, title, column, panelOptions(options, subject)),
      subject,
      title,
    );
  };
  const open: Monitors['open'] = (directory, name) => openSubject({ directories: [directory] }, name);
  const serializer = vscode.window.registerWebviewPanelSerializer(monitorViewType, {
    async deserializeWebviewPanel(panel, state: unknown) {
      const subject = rememberedSubject(state);
      if (subject === undefined || panels.has(keyOf(subject))) return panel.dispose();
      panel.webview.options = panelOptions(options, subject);
      adopt(panel, subject, panel.title);
    },
  });
  return {
    open,
    openCompare(runs) {
      const subject = { directories: [...new Set(runs.map(({ directory }) => directory))] };
      if (!isComparison(subject))
        throw userError(vscode.l10n.t('A comparison takes two runs or more: select them in the Runs view.'));
      if (subject.directories.length > mostCompared)
        throw userError(
          vscode.l10n.t(
            'A comparison takes at most {0} runs; {1} are selected.',
            mostCompared,
            subject.directories.length,
          ),
        );
      const names = [...new Set(runs.map(({ name }) => name))];
      openSubject(subject, titleOf(names, runs.length));
    },
    close: (directory) => panels.get(keyOf({ directories: [directory] }))?.dispose(),
    dispose() {
      // The panels stay: after a reload the serializer is given them back.
      serializer.dispose();
    },
  };
}

function titleOf([name, another, ...more]: readonly string[], runs: number): string {
  if (another === undefined) return vscode.l10n.t('Compare {0}', name);
  return more.length > 0
    ? vscode.l10n.t('Compare {0} runs', runs)
    : vscode.l10n.t('Compare {0} and {1}', name, another);
}
