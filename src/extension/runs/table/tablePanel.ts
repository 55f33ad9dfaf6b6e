// The panel of the runs table.
import * as vscode from 'vscode';
import type { FromRunsTable } from '../../../protocol/runsTable';
import { isFromRunsTable } from '../../../protocol/monitorChecks';
import { annotate } from '../../../run/annotations';
import { reportErrors, type Log } from '../../log';
import { pageAccess, showPage } from '../../monitor/pagePanel';
import type { RunActions } from '../runActions';
import type { Baseline } from '../baseline';
import type { Runs } from '../runRegistry';
import { createTableFeed } from './feedTable';

export interface TablePanelServices {
  readonly context: vscode.ExtensionContext;
  readonly log: Log;
  readonly runs: Runs;
  readonly baseline: Baseline;
  readonly actions: RunActions;
}

export function showRunsTable(services: TablePanelServices, panel: vscode.WebviewPanel): void {
  const { context, log, runs, baseline } = services;
  panel.webview.options = pageAccess(context, []);
  showPage(panel, {
    context,
    log,
    title: vscode.l10n.t('Runs'),
    handle(message) {
      if (isFromRunsTable(message)) void reportErrors(log, () => handle(services, message));
    },
    async start(post) {
      const feed = createTableFeed(post);
      const update = () => feed.update(runs.all, baseline.current);
      await runs.refresh();
      update();
      const all = vscode.Disposable.from(runs.watch(), runs.onDidChange(update), baseline.onDidChange(update));
      return { stop: () => all.dispose() };
    },
  });
}

async function handle({ runs, baseline, actions }: TablePanelServices, message: FromRunsTable): Promise<void> {
  const isListed = (id: string) => runs.find(id) !== undefined;
  switch (message.type) {
    case 'openTableRun':
      return isListed(message.id) ? actions.openMonitor(message.id) : undefined;
    case 'compareTableRuns':
      return actions.compare(message.ids.filter(isListed));
    case 'pinBaseline':
      return message.id === null || isListed(message.id) ? baseline.pin(message.id) : undefined;
    case 'annotateRun': {
      const { id, name, tags, notes } = message;
      const run = runs.find(id);
      if (run === undefined) return;
      await annotate(id, { name: name.trim() === run.experimentName ? '' : name, tags, notes });
      await runs.refresh();
    }
  }
}
