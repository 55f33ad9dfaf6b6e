// Taking a result away: the generator of a checkpoint as a TensorFlow.js model, with what is needed to use it.
import fs from 'node:fs';
import path from 'node:path';
import type { Experiment } from '../../experiment/index';
import { dataSources, type LatentConfig } from '../../catalog/index';
import { openCheckpoint, type Checkpoint } from '../checkpoints';
import { openRun, runPaths, type RunManifest } from '../directory';
import { errno } from '../../files/errno';
import { runError } from '../errors';
import { inside, onDisk, replaceFile } from '../files';

export interface ExportedGenerator {
  readonly directory: string;
  /** The step of the checkpoint that was taken. */
  readonly step: number;
  /** Names of our own layers in the model, which layers.js registers; most models have none. */
  readonly layers: readonly string[];
  /** Damaged checkpoints that were passed over. */
  readonly notes: readonly string[];
}

/**
 * Writes model.json and weights.bin, a README that says how to use them, and layers.js where the model has layers of ours,
 * into a new folder. Throws a RunError where there is no checkpoint to take, or something stands in the way; then nothing
 * is left behind.
 *
 * @param layersFile the built file that defines our layers for TensorFlow.js
 * @param atMost the newest checkpoint that is not later than this step is taken
 */
export async function exportGenerator(
  run: string,
  directory: string,
  layersFile: string,
  atMost = Infinity,
): Promise<ExportedGenerator> {
  const { experiment, checkpoint, notes } = await openExportSource(run, atMost);
  const target = path.resolve(directory);
  if (fs.existsSync(target) && !isEmptyFolder(target))
    throw runError('exists', `${target} exists and is not an empty folder. Name a new one with --out.`);
  const from = inside(checkpoint.directory, 'generator');
  const aside = `${target}.${process.pid}.tmp`;
  return onDisk('export the generator to', target, () => {
    try {
      fs.mkdirSync(aside, { recursive: true });
      for (const name of ['model.json', 'weights.bin']) fs.copyFileSync(inside(from, name), inside(aside, name));
      const topology = fs.readFileSync(inside(aside, 'model.json'), 'utf8');
      const layers = [...new Set(topology.match(/"class_name":\s*"Earthmover\w+"/g)?.map(className))].sort();
      if (layers.length > 0) fs.copyFileSync(layersFile, inside(aside, 'layers.js'));
      fs.writeFileSync(inside(aside, 'README.md'), readme(experiment, checkpoint.step, inputOf(topology), layers));
      if (fs.existsSync(target)) fs.rmdirSync(target);
      fs.renameSync(aside, target);
      return { directory: target, step: checkpoint.step, layers, notes };
    } catch (error) {
      fs.rmSync(aside, { recursive: true, force: true });
      if (errno(error) !== 'ENOENT') throw error;
      throw runError('damaged', `${checkpoint.directory} holds no whole model of the generator: ${String(error)}`);
    }
  });
}

export interface ExportSource {
  readonly experiment: Experiment;
  /** The experiment file: its path, and its text when the run began. */
  readonly source: RunManifest['source'];
  readonly checkpoint: Checkpoint;
  /** Damaged checkpoints that were passed over. */
  readonly notes: readonly string[];
}

/** The newest whole checkpoint of a run that is not later than step `atMost`. Throws a RunError where there is none. */
export async function openExportSource(run: string, atMost: number): Promise<ExportSource> {
  const { directory, manifest } = openRun(run);
  const { checkpoint, notes } = await openCheckpoint(runPaths(directory).checkpoints, atMost);
  if (checkpoint !== null)
    return { experiment: manifest.experiment as Experiment, source: manifest.source, checkpoint, notes };
  const why = notes.length > 0 ? notes.join(' ') : 'It has saved no checkpoint yet.';
  throw runError('not-a-run', `There is nothing to export from ${directory}: ${why}`);
}

/**
 * The file that an export is to be written to, its whole path, before anything is computed. Throws a RunError where
 * something stands there already.
 */
export function requireNewFile(file: string): string {
  const target = path.resolve(file);
  if (fs.existsSync(target)) throw runError('exists', `${target} exists. Name a new file with --out.`);
  return target;
}

/** Writes an export in one piece, in a folder that is made if need be. */
export function writeExport(file: string, content: Uint8Array): void {
  const folder = path.dirname(file);
  onDisk('create', folder, () => fs.mkdirSync(folder, { recursive: true }));
  replaceFile(file, content);
}

const className = (text: string): string => /Earthmover\w+/.exec(text)?.[0] ?? '';

const isEmptyFolder = (directory: string): boolean =>
  fs.statSync(directory).isDirectory() && fs.readdirSync(directory).length === 0;

/** Shape of the latent batch that the first layer takes. */
function inputOf(topology: string): string {
  return /"batch_input_shape":\s*(\[[^\]]*\])/.exec(topology)?.[1].replaceAll(/\s/g, '') ?? '[null, ...]';
}

const draws: { readonly [D in LatentConfig['distribution']]: (shape: string) => string } = {
  normal: (shape) => `tf.randomNormal(${shape})`,
  uniform: (shape) => `tf.randomUniform(${shape}, -1, 1)`,
  uniform01: (shape) => `tf.randomUniform(${shape}, 0, 1)`,
};

function readme(experiment: Experiment, step: number, input: string, layers: readonly string[]): string {
  const { name, latent, data } = experiment;
  const draw = draws[latent.distribution](`[16, ${latent.size}]`);
  const gives =
    dataSources[data.source].gives === 'images'
      ? `images like \`${data.source}\`, in [-1, 1]`
      : `points like \`${data.source}\``;
  const averaged = experiment.stabilization.ema === null ? '' : ', with the moving average of its weights';
  const own = layers.length === 0 ? [] : ["import './layers.js'; // layers that TensorFlow.js does not have"];
  return `${[
    `# Generator of ${JSON.stringify(name)}`,
    `Trained by Earthmover to step ${step}${averaged}, in the TensorFlow.js layers format. It takes ${input} and gives ${gives}.`,
    [
      '```js',
      "import * as tf from '@tensorflow/tfjs';",
      ...own,
      '',
      "const generator = await tf.loadLayersModel('model.json'); // an address; in Node.js 'file://' and a path, with tfjs-node",
      `const samples = generator.predict(${draw});`,
      '```',
    ].join('\n'),
    ...(layers.length === 0 ? [] : [`layers.js defines ${layers.join(', ')}.`]),
    ...('module' in experiment.generator
      ? ['The network comes from a file of your own: register layers of your own classes before you load it.']
      : []),
  ].join('\n\n')}\n`;
}
