// Registers the runs table, whose code is loaded on first use.
import * as vscode from 'vscode';
import { runsTableViewType } from '../../ids';
import type { TablePanel, TablePanelServices } from './tablePanel';

export interface RunsTable extends vscode.Disposable {
  open(): Promise<void>;
}

export function registerRunsTable(services: TablePanelServices): RunsTable {
  let panel: Promise<TablePanel> | undefined;
  const load = () => (panel ??= import('../../lazy').then(({ createTablePanel }) => createTablePanel(services)));
  const serializer = vscode.window.registerWebviewPanelSerializer(runsTableViewType, {
    async deserializeWebviewPanel(restored) {
      (await load()).restore(restored);
    },
  });
  return {
    open: async () => (await load()).open(),
    // The panel stays open: after a reload the serializer restores it.
    dispose: () => serializer.dispose(),
  };
}
