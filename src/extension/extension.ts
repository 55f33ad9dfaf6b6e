// The extension's table of contents: services first, then one line per feature.
import path from 'node:path';
import * as vscode from 'vscode';
import { registerCommands } from './commands';
import { createDiagnostics } from './experiments/diagnostics';
import { registerModelLinks } from './experiments/registerModelLinks';
import { registerQuickFixes } from './experiments/registerQuickFixes';
import { createLauncher } from './launch/createLauncher';
import { createExperimentIndex } from './experiments/modelUseIndex';
import { registerExperimentLens } from './codeLens/experiment';
import { registerSweepLens } from './codeLens/sweep';
import { registerModelLens } from './codeLens/model';
import { doctorViewType, runsTableViewType } from './ids';
import { registerLazyPanel } from './lazyPanel';
import { createLog } from './log';
import { createMonitors, type Monitors } from './monitor/panels';
import { pageActions } from './monitor/pageActions';
import { registerStudyPages } from './reproductions/registerStudyPages';
import { createAnnounceOnce } from './runs/announceOnce';
import { createRunsArrangement } from './runs/arrangement';
import { registerEndNotifications } from './runs/endNotifications';
import { registerFailureNotifications } from './runs/failureNotifications';
import { createRunsFilter } from './runs/filter';
import { createRunActions } from './runs/actions';
import { createBaseline } from './runs/baseline';
import { withPrevious } from './runs/readRuns';
import { createRuns } from './runs/runRegistry';
import { registerRunsTree } from './runs/tree';
import { registerStatusBar } from './runs/statusBar';
import { registerWalkthrough } from './walkthrough';
import { registerSweeps } from './sweeps/registerSweeps';
import { createSweeps } from './sweeps/sweepRegistry';
import { createRunsFolders, createSweepsFolders } from './listedFolders';
import { registerTools } from './languageModelTools/registerTools';

export function activate(context: vscode.ExtensionContext): void {
  const log = createLog();
  const folders = createRunsFolders(context);
  const runs = createRuns(log, folders);
  const filter = createRunsFilter(runs);
  const diagnostics = createDiagnostics();
  const experiments = createExperimentIndex();
  const launcher = createLauncher({ context, log, runs, folders, diagnostics });
  const actions = createRunActions({ runs, launcher, monitors: (): Monitors => monitors });
  const monitors = createMonitors({
    context,
    log,
    actions: pageActions(log, actions),
    starting: launcher.starting,
    hasPrevious: (directory) => withPrevious(directory, runs.all) !== undefined,
  });
  const baseline = createBaseline(context);
  const arrangement = createRunsArrangement(context, runs);
  const runsTable = registerLazyPanel(runsTableViewType, vscode.l10n.t('Runs'), async () => {
    const { showRunsTable } = await import('./lazy');
    return (panel) => showRunsTable({ context, log, runs, baseline, actions }, panel);
  });
  const doctor = registerLazyPanel(doctorViewType, vscode.l10n.t('Doctor'), async () => {
    const { showDoctor } = await import('./lazy');
    return (panel) => showDoctor({ context, log, folders }, panel);
  });
  const sweepsFolders = createSweepsFolders(context);
  const sweeps = createSweeps(log, sweepsFolders);
  const sweepFeatures = registerSweeps({
    context,
    log,
    sweeps,
    openMonitor: ({ directory, name }) => monitors.open(directory, name),
    openCompare: monitors.openCompare,
  });
  const studyPages = registerStudyPages({
    context,
    log,
    openMonitor: (directory, name) => monitors.open(directory, name),
  });

  context.subscriptions.push(
    log,
    folders,
    runs,
    filter,
    diagnostics,
    experiments,
    monitors,
    doctor,
    sweepsFolders,
    sweeps,
    sweepFeatures,
    studyPages,
    baseline,
    arrangement,
    runsTable,
    launcher.onDidNotStart((directory) => monitors.close(directory)),
    registerCommands({
      ...{ context, log, runs, filter, launcher, actions, monitors, doctor, studyPages, runsTable },
      ...{ baseline, arrangement, sweeps, sweepFeatures },
    }),
    registerWalkthrough(context),
    registerQuickFixes(),
    registerModelLinks(),
    registerExperimentLens(runs),
    registerSweepLens(),
    registerModelLens(experiments),
    registerRunsTree({ runs, filter, arrangement, baseline, sweeps }),
    registerStatusBar(runs),
    registerTools({
      runs,
      launcher,
      onLaunched: ({ directory, experiment }) => monitors.open(directory, experiment.name),
    }),
    registerFailureNotifications({
      log,
      runs,
      actions,
      diagnostics,
      isShown: (directory) => monitors.isVisible(directory),
      announceOnce: createAnnounceOnce(
        path.join(context.globalStorageUri.fsPath, 'announced'),
        () => vscode.window.state.focused,
      ),
    }),
    registerEndNotifications(runs, actions),
  );
}
