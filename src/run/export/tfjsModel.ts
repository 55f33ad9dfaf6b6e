// Exports the generator of a checkpoint as a TensorFlow.js model, with a README and the layers it needs.
import { existsSync, lstatSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Experiment } from '../../experiment';
import { dataSources, type LatentConfig } from '../../catalog';
import { makeFolder } from '../../files/folder';
import { readOrdinary } from '../../files/ordinaryFile';
import { temporaryName, writeNew } from '../../files/replace';
import { runError } from '../errors';
import { inside, onDisk } from '../diskAccess';
import { openExportSource, type CheckpointChoice } from './exportFile';

export interface ExportedGenerator {
  readonly directory: string;
  /** The step of the exported checkpoint. */
  readonly step: number;
  /** Names of Earthmover's own layers in the model, which layers.js registers; most models have none. */
  readonly layers: readonly string[];
  /** For the user, in full sentences: damaged checkpoints that were skipped, and how to get the run's samples. */
  readonly notes: readonly string[];
}

/**
 * Writes model.json, weights.bin, a README that explains their use, and layers.js if the model has layers of
 * Earthmover's own, into a new folder. Throws a UserError, and leaves nothing behind, if there is no checkpoint or the
 * folder exists.
 *
 * @param layersFile the built file that defines our layers for TensorFlow.js
 */
export async function exportGenerator(
  run: string,
  directory: string,
  layersFile: string,
  choice: CheckpointChoice = Infinity,
): Promise<ExportedGenerator> {
  const { experiment, checkpoint, damaged } = await openExportSource(run, choice);
  const target = path.resolve(directory);
  const isFree = onDisk('write', target, () => {
    const found = lstatSync(target, { throwIfNoEntry: false });
    return !found || (found.isDirectory() && readdirSync(target).length === 0);
  });
  if (!isFree) throw runError('exists', `${target} already exists and is not empty. Choose a new folder with --out.`);
  const model = await checkpoint.file('generator/model.json');
  const weights = await checkpoint.file('generator/weights.bin');
  const topology = model.toString('utf8');
  const temporary = temporaryName(target);
  return onDisk('export the generator to', target, () => {
    try {
      makeFolder(temporary);
      writeNew(inside(temporary, 'model.json'), model);
      writeNew(inside(temporary, 'weights.bin'), weights);
      const layers = [...new Set(topology.match(/"class_name":\s*"Earthmover\w+"/g)?.map(className))].sort();
      if (layers.length > 0) writeNew(inside(temporary, 'layers.js'), readOrdinary(layersFile, 1 << 24, 'follow'));
      writeNew(inside(temporary, 'README.md'), readme(experiment, checkpoint.step, inputShape(topology), layers));
      if (existsSync(target)) rmdirSync(target);
      renameSync(temporary, target);
      const notes = drawsWithBatchStatistics(experiment) ? [...damaged, batchStatisticsNote] : damaged;
      return { directory: target, step: checkpoint.step, layers, notes };
    } catch (error) {
      rmSync(temporary, { recursive: true, force: true });
      throw error;
    }
  });
}

const className = (text: string): string => /Earthmover\w+/.exec(text)?.[0] ?? '';

/** Shape of the latent batch, the input of the first layer. */
function inputShape(topology: string): string {
  return /"batch_input_shape":\s*(\[[^\]]*\])/.exec(topology)?.[1].replaceAll(/\s/g, '') ?? '[null, ...]';
}

const latentCalls: { readonly [D in LatentConfig['distribution']]: (shape: string) => string } = {
  normal: (shape) => `tf.randomNormal(${shape})`,
  uniform: (shape) => `tf.randomUniform(${shape}, -1, 1)`,
  uniform01: (shape) => `tf.randomUniform(${shape}, 0, 1)`,
};

/** Whether the run's samples are normalized by the statistics of the drawn batch, which `predict` does not do. */
const drawsWithBatchStatistics = ({ samples }: Experiment): boolean => samples.batchNormStatistics === 'batch';

const aboutBatchStatistics =
  'The run generates its samples with batch statistics (`samples.batchNormStatistics`), and `apply` with `training: true` does the same: a sample depends on the others in its batch, so draw as many at once as in training. `predict` uses the moving averages from training instead, and gives other samples.';

const batchStatisticsNote =
  'The experiment generates samples with batch statistics ("samples.batchNormStatistics"); call generator.apply(z, { training: true }) instead of predict, as in README.md.';

function readme(experiment: Experiment, step: number, input: string, layers: readonly string[]): string {
  const { name, latent, data } = experiment;
  const ownStatistics = drawsWithBatchStatistics(experiment);
  const count = ownStatistics ? experiment.batchSize : 16;
  const latentCall = latentCalls[latent.distribution](`[${count}, ${latent.size}]`);
  const { title, gives } = dataSources[data.source];
  const trainedOn = `the data that it was trained on (${title}, \`${data.source}\`)`;
  const output =
    gives === 'images'
      ? `one image for each, with values from -1 to 1, like ${trainedOn}`
      : `one point for each, like ${trainedOn}`;
  const averaged = experiment.stabilization.ema === null ? '' : ', with the moving average of its weights';
  const own = layers.length === 0 ? [] : ["import './layers.js'; // layers that TensorFlow.js does not have"];
  return `${[
    `# Generator of ${JSON.stringify(name)}`,
    `Trained by Earthmover to step ${step}${averaged}, in the TensorFlow.js layers format. Its input is a batch of latent vectors of ${latent.size} random numbers each (shape ${input}; null is any batch size); its output is ${output}.`,
    [
      '```js',
      "import * as tf from '@tensorflow/tfjs';",
      ...own,
      '',
      "const generator = await tf.loadLayersModel('model.json'); // a URL; in Node.js with tfjs-node: 'file://' and a path",
      ownStatistics
        ? `const samples = generator.apply(${latentCall}, { training: true });`
        : `const samples = generator.predict(${latentCall});`,
      '```',
    ].join('\n'),
    ...(ownStatistics ? [aboutBatchStatistics] : []),
    ...(layers.length === 0 ? [] : [`layers.js defines ${layers.join(', ')}.`]),
    ...('module' in experiment.generator
      ? ['The network comes from your own model file: register your custom layer classes before you load it.']
      : []),
  ].join('\n\n')}\n`;
}
