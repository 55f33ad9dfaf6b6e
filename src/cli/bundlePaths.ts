// Paths of the built files.
import path from 'node:path';

/** The folder of the built files; this module is part of dist/cli.cjs. */
const dist = __dirname;

export const taskWorker = path.join(dist, 'task-worker.cjs');
/** The workers of a training. */
export const workers = {
  taskWorker,
  prefetchWorker: path.join(dist, 'prefetch-worker.cjs'),
  evaluatorProcess: path.join(dist, 'evaluator-process.cjs'),
};
export const interruptThread = path.join(dist, 'interrupt-thread.cjs');
export const trainer = path.join(dist, 'trainer.cjs');
/** The font of figures, with its fonts.conf. */
export const fonts = path.join(dist, 'fonts');
/** Custom TensorFlow.js layers that an exported model may need. */
export const exportedLayers = path.join(dist, 'export', 'layers.js');
/**
 * From this file Node resolves native packages: in the extension next to the bundles, in a clone in a parent folder.
 */
export const bundleFile = path.join(dist, 'cli.cjs');
