// The part of the extension that is loaded on first use, a bundle of its own: every window loads the rest at startup,
// but most never train.
export { experimentPerSeed } from '../experiment/experiment';
export { checkInThread } from './experiments/checkThread';
export { findModelsInThread } from './models/modelThread';
export { provideCompletionItems, provideDefinition, provideDocumentLinks } from './experiments/modelNavigation';
export { installTensorflow } from './installTensorflow';
export { checkExperiment, moduleFiles } from './experiments/checkExperiment';
export { modelUses } from './experiments/modelReferences';
export { feedComparison } from './monitor/feed';
export { feedMonitor } from './monitor/feed';
export { exploreLatents } from './monitor/exploreLatents';
export { newExperiment } from './newExperiment/newExperiment';
export { quickStartExperiment, quickStartModel } from './quickStart/quickStart';
export { saveQuickStart } from './quickStart/saveQuickStart';
export { createStudyPages } from './reproductions/studyPages';
export { exportGenerator, exportSamples, saveCsv, saveSample } from './runs/export';
export { askFork } from './runs/forkRun';
export { copyExperiment } from './runs/copyExperiment';
export { askName, askTags } from './runs/annotate';
export { showRunsTable } from './runs/table/tablePanel';
export { showDoctor } from './doctor/doctorPage';
export { createTools } from './languageModelTools/tools';
export { createSweepActions } from './sweeps/sweepActions';
export { createSweepIndex } from './sweeps/sweepIndex';
export { newSweep } from './sweeps/newSweep';
export { dryRunSweep } from './sweeps/dryRunSweep';
