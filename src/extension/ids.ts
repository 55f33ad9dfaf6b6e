// The names by which package.json and the code know the same thing; a test keeps the two equal.

/** Commands by what they do. */
export const commandIds = {
  train: 'earthmover.train',
  quickStart: 'earthmover.quickStart',
  quickStartModel: 'earthmover.quickStartModel',
  saveQuickStart: 'earthmover.saveQuickStart',
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
  filterRuns: 'earthmover.filterRuns',
  clearRunsFilter: 'earthmover.clearRunsFilter',
  refreshRuns: 'earthmover.refreshRuns',
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
} as const;

export const viewIds = { container: 'earthmover', runs: 'earthmover.runs' } as const;

/** Type of the monitor's panels, by which the editor brings them back after a reload. */
export const monitorViewType = 'earthmover.monitor';

/** Of the document in which the doctor reports. */
export const doctorScheme = 'earthmover-doctor';

/** Keys that menus and commands of package.json are switched by. */
export const contextIds = {
  /** A run of the workspace is being trained now. */
  hasLiveRuns: 'earthmover.hasLiveRuns',
  hasRuns: 'earthmover.hasRuns',
  /** The Runs view shows some of them only. */
  runsFiltered: 'earthmover.runsFiltered',
} as const;

/** What the Runs view says of a run, as words in its context value, for the menus of package.json. */
export const runWords = ['live', 'paused', 'ended', 'seeds'] as const;

export type RunWord = (typeof runWords)[number];

export const toolNames = ['start_gan_run', 'get_gan_run', 'compare_gan_runs', 'lint_gan_experiment'] as const;

export type ToolName = (typeof toolNames)[number];
