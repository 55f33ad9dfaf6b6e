// Registers the pages of reproductions and of distances, which are loaded on first use.
import * as vscode from 'vscode';
import { studyViewTypes, type StudyViewType } from '../ids';
import { loadingHtml } from '../monitor/html';
import type { StudyPages, StudyPageServices } from './studyPages';

export interface StudyPageOpener extends vscode.Disposable {
  /** Opens a page, or reveals it if it is open. */
  open(viewType: StudyViewType): Promise<void>;
}

export function registerStudyPages(services: StudyPageServices): StudyPageOpener {
  let pages: Promise<StudyPages> | undefined;
  const load = () => (pages ??= import('../lazy').then(({ createStudyPages }) => createStudyPages(services)));
  const serializers = studyViewTypes.map((viewType) =>
    vscode.window.registerWebviewPanelSerializer(viewType, {
      async deserializeWebviewPanel(panel, state: unknown) {
        panel.webview.html = loadingHtml();
        (await load()).restore(viewType, panel, state);
      },
    }),
  );
  return {
    open: async (viewType) => (await load()).open(viewType),
    // The panels stay open: after a reload the serializers restore them.
    dispose: () => vscode.Disposable.from(...serializers).dispose(),
  };
}
