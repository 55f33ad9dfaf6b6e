// Identifiers that package.json and the code share; a test keeps both equal.

/** Command ids. */
export const commandIds = {
  train: 'earthmover.train',
  quickStart: 'earthmover.quickStart',
  quickStartModel: 'earthmover.quickStartModel',
  saveQuickStart: 'earthmover.saveQuickStart',
  newSweep: 'earthmover.newSweep',
  runSweep: 'earthmover.runSweep',
  dryRunSweep: 'earthmover.dryRunSweep',
  openSweep: 'earthmover.openSweep',
  resumeSweep: 'earthmover.resumeSweep',
  retrySweep: 'earthmover.retrySweep',
  cancelSweep: 'earthmover.cancelSweep',
  openSweepLog: 'earthmover.openSweepLog',
  revealSweep: 'earthmover.revealSweep',
  copyBestTrial: 'earthmover.copyBestTrial',
  deleteSweep: 'earthmover.deleteSweep',
  stop: 'earthmover.stop',
  pause: 'earthmover.pause',
  criticStep: 'earthmover.criticStep',
  generatorStep: 'earthmover.generatorStep',
  step: 'earthmover.step',
  slowMotion: 'earthmover.slowMotion',
  resume: 'earthmover.resume',
  openMonitor: 'earthmover.openMonitor',
  newExperiment: 'earthmover.newExperiment',
  openExperiment: 'earthmover.openExperiment',
  openRunLog: 'earthmover.openRunLog',
  revealRun: 'earthmover.revealRun',
  deleteRun: 'earthmover.deleteRun',
  compareRuns: 'earthmover.compareRuns',
  exportGenerator: 'earthmover.exportGenerator',
  exportSamples: 'earthmover.exportSamples',
  exportCurves: 'earthmover.exportCurves',
  trainLonger: 'earthmover.trainLonger',
  copyExperiment: 'earthmover.copyExperiment',
  forkRun: 'earthmover.forkRun',
  compareWithPrevious: 'earthmover.compareWithPrevious',
  renameRun: 'earthmover.renameRun',
  editRunTags: 'earthmover.editRunTags',
  pinBaseline: 'earthmover.pinBaseline',
  unpinBaseline: 'earthmover.unpinBaseline',
  groupRuns: 'earthmover.groupRuns',
  ungroupRuns: 'earthmover.ungroupRuns',
  sortRuns: 'earthmover.sortRuns',
  openRunsTable: 'earthmover.openRunsTable',
  filterRuns: 'earthmover.filterRuns',
  clearRunsFilter: 'earthmover.clearRunsFilter',
  refreshRuns: 'earthmover.refreshRuns',
  reproduce: 'earthmover.reproduce',
  exploreDistances: 'earthmover.exploreDistances',
  doctor: 'earthmover.doctor',
  installTensorflow: 'earthmover.installTensorflow',
  showLog: 'earthmover.showLog',
} as const;

export type CommandId = (typeof commandIds)[keyof typeof commandIds];

export const settingIds = {
  nodePath: 'earthmover.nodePath',
  device: 'earthmover.device',
  threads: 'earthmover.threads',
  runsFolder: 'earthmover.runsFolder',
  experimentLenses: 'earthmover.codeLens.experiments',
  modelLenses: 'earthmover.codeLens.models',
  openMonitorOnStart: 'earthmover.openMonitorOnStart',
  notifyWhenFinished: 'earthmover.notifyWhenFinished',
} as const;

export const viewIds = { container: 'earthmover', runs: 'earthmover.runs' } as const;

/** View type of the monitor's panels, by which VS Code restores them after a reload. */
export const monitorViewType = 'earthmover.monitor';
/** The same for the runs table. */
export const runsTableViewType = 'earthmover.runsTable';
/** The same for the panels of sweeps. */
export const sweepViewType = 'earthmover.sweep';
/** The same for the pages of reproductions and of distances. */
export const reproductionsViewType = 'earthmover.reproductions';
export const distancesViewType = 'earthmover.distances';
export const studyViewTypes = [reproductionsViewType, distancesViewType] as const;

export type StudyViewType = (typeof studyViewTypes)[number];

/** The same for the doctor. */
export const doctorViewType = 'earthmover.doctor';

/** Context keys for the "when" clauses of package.json. */
export const contextIds = {
  /** A run of the workspace is being trained. */
  hasLiveRuns: 'earthmover.hasLiveRuns',
  hasRuns: 'earthmover.hasRuns',
  hasSweeps: 'earthmover.hasSweeps',
  /** A run is pinned as the baseline. */
  hasBaseline: 'earthmover.hasBaseline',
  /** The Runs view is filtered. */
  runsFiltered: 'earthmover.runsFiltered',
  /** The Runs view is grouped by experiment. */
  runsGrouped: 'earthmover.runsGrouped',
} as const;

/** Context keys of the steps of the walkthrough that are done. */
export const doneContexts = {
  experiment: 'earthmover.done.experiment',
  train: 'earthmover.done.train',
  monitor: 'earthmover.done.monitor',
  model: 'earthmover.done.model',
  compare: 'earthmover.done.compare',
  reproduce: 'earthmover.done.reproduce',
} as const;

/** The words in the context value of a run in the Runs view, for the menus of package.json. */
export const runWords = ['live', 'paused', 'ended', 'finished', 'seeds', 'previous', 'baseline'] as const;

export type RunWord = (typeof runWords)[number];

/** The same for a sweep. */
export const sweepWords = ['sweep', 'underway', 'unfinished', 'complete', 'failures'] as const;

export type SweepWord = (typeof sweepWords)[number];

export const toolNames = ['start_gan_run', 'get_gan_run', 'compare_gan_runs', 'lint_gan_experiment'] as const;

export type ToolName = (typeof toolNames)[number];
