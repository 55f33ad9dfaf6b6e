// The actions on a sweep, shared by the Command Palette, the Runs view, the CodeLens and the page of the sweep.
import path from 'node:path';
import * as vscode from 'vscode';
import { inside } from '../../run/diskAccess';
import { defaultSweepDirectory } from '../../sweep/sweepDirectory';
import { nameOfSweep, parseSweep } from '../../sweep/parseSweep';
import type { Log } from '../log';
import { stampOf } from '../monitor/runFiles';
import { confirm } from '../notify';
import { showProblemAt } from '../notifications';
import { reveal } from '../reveal';
import { moveToTrash } from '../moveToTrash';
import { rootOf } from '../settings';
import { trusted } from '../trust';
import { countText } from '../runs/describe';
import { userError } from '../userErrors';
import { savedSweep } from './saveSweep';
import { createSweepIndex } from './sweepIndex';
import type { SweepActions } from './actionsInterface';
import { copyTrial } from './copyTrial';
import { createSweepPanels, type SweepPanelServices } from './sweepPanels';
import { askWhere, isBegun, type Where } from './slurmCluster';
import { isSubmitted } from './submissions';
import { createSweepProcesses, sweepLog } from './sweepProcess';
import type { Sweeps } from './sweepSummary';

export interface SweepServices extends Omit<SweepPanelServices, 'actions' | 'processes'> {
  readonly context: vscode.ExtensionContext;
  readonly log: Log;
  readonly sweeps: Sweeps;
}

export function createSweepActions(services: SweepServices): SweepActions {
  const { context, log, sweeps } = services;
  const processes = createSweepProcesses(context, log, {
    isVisible: (directory) => panels.isVisible(directory),
    open: (directory, name) => panels.open(directory, name),
  });
  /** Runs a process; the list and the page show how far it is. */
  const run = async (directory: string, args: readonly string[], options = {}): Promise<boolean> => {
    const ended = processes.run(directory, args, options);
    void sweeps.refresh();
    return ended.finally(() => sweeps.refresh());
  };
  const train = (directory: string, args: readonly string[], on: Where, cwd?: string): Promise<boolean> => {
    const runLocally = on === 'slurm' ? () => train(directory, args, 'local', cwd) : undefined;
    return run(directory, [...args, '--on', on], { cwd, runLocally });
  };
  const actions: SweepActions = {
    async start(file) {
      const document = await savedSweep(file);
      if (document === undefined) return;
      const parsed = parseSweep(document.getText(), file.fsPath);
      const [problem] = parsed.problems;
      if (parsed.sweep === undefined) {
        const text = vscode.l10n.t('{0} cannot be run: {1}', path.basename(file.fsPath), problem.message);
        return showProblemAt(log, text, problem);
      }
      const on = await askWhere();
      if (on === undefined) return;
      const root = rootOf(file);
      const name = nameOfSweep(parsed);
      const directory = defaultSweepDirectory(root, name);
      if (!vscode.workspace.getWorkspaceFolder(file)) sweeps.remember(path.dirname(directory));
      const ended = train(directory, ['sweep', file.fsPath, '--out', directory], on, root);
      panels.open(directory, name);
      // Nothing was planned: the notification says why.
      if (!(await ended) && (await isMissing(inside(directory, 'sweep.json')))) panels.close(directory);
    },
    open: (directory, name) => panels.open(directory, name),
    restore: (panel, state) => panels.restore(panel, state),
    async resume(directory, failed = false) {
      if (!trusted(vscode.l10n.t('run a sweep'))) return;
      const on = (await isSubmitted(directory)) ? 'slurm' : (await isBegun(directory)) ? 'local' : await askWhere();
      if (on === undefined) return;
      await train(directory, ['sweep', 'resume', directory, ...(failed ? ['--failed'] : [])], on);
    },
    async cancel(directory) {
      await run(directory, ['sweep', 'cancel', directory]);
    },
    async openLog(directory) {
      const file = sweepLog(directory);
      if (await isMissing(file))
        throw userError(
          vscode.l10n.t(
            'The log {0} does not exist: the sweep was started in a terminal. The logs of its trials are in the same folder.',
            file,
          ),
        );
      await vscode.window.showTextDocument(vscode.Uri.file(file));
    },
    reveal: (directory) => reveal(vscode.Uri.file(inside(directory, 'sweep.json'))),
    copyTrial,
    async remove(directory) {
      const [sweep] = (await createSweepIndex().read([path.dirname(directory)])).filter(
        (each) => each.directory === directory,
      );
      const name = sweep?.name ?? path.basename(directory);
      if (processes.isWorking(directory) || sweep?.running)
        throw userError(vscode.l10n.t('{0} is running. Cancel the sweep before you delete it.', name));
      const trials = sweep?.trials ?? 0;
      const question =
        trials === 1
          ? vscode.l10n.t('Delete the sweep {0} with its trial?', name)
          : vscode.l10n.t('Delete the sweep {0} with its {1} trials?', name, countText(trials));
      const detail = `${directory}\n\n${vscode.l10n.t('Curves, samples and checkpoints are deleted as well.')}`;
      if (!(await confirm(question, detail, vscode.l10n.t('Move to Trash')))) return;
      panels.close(directory);
      await moveToTrash([directory]);
      await sweeps.refresh();
    },
  };
  const panels = createSweepPanels({ ...services, actions, processes });
  return actions;
}

const isMissing = async (file: string): Promise<boolean> => (await stampOf(file)) === 'ENOENT';
