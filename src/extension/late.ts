// What of the extension is read when it is first needed, as a file of its own: most windows never train, and every one waits for the rest.
export { eachSeed } from '../experiment/experiment';
export { findProblems } from './experiments/findProblems';
export { provideCompletionItems, provideDefinition, provideDocumentLinks } from './experiments/modelLinks';
export { installTensorflow } from './install/installTensorflow';
export { checkExperiment } from './launch/check';
export { modelUses } from './lenses/modelUses';
export { feedComparison } from './monitor/comparison';
export { feedMonitor } from './monitor/feed';
export { newExperiment } from './new/newExperiment';
export { quickStartExperiment, quickStartModel } from './quickstart/quickStart';
export { saveQuickStart } from './quickstart/saveQuickStart';
export { exportGenerator, exportSamples, saveCsv, saveSample } from './runs/exports';
export { createTools } from './tools/tools';
