// Loads the generator of a checkpoint.
import { io, tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { networkOf, type Network } from '../gan/network';
import { copyTensors, type Checkpoint, type Tensors } from '../run/checkpoints';
import { runError } from '../run/errors';
import type { ExportSource } from '../run/export/exportFile';
import type { Dtype } from '../run/safetensors';
import { messageOf } from '../shared/thrownValue';
import { networkBuilder } from './networkBuilder';
import { readRunModels } from './userModels/runModels';

interface LoadedGenerator {
  readonly network: Network;
  /** About the code it was built with. */
  readonly notices: readonly string[];
  /** The user's model files that changed since the run began; they are not used. */
  readonly edited: readonly string[];
}

/**
 * The checkpoint's generator, with its average weights if the run has them; a model with the user's own layer classes
 * is built with the code that the run keeps. An engine must be open.
 */
export async function loadGenerator({
  directory,
  experiment,
  source,
  checkpoint,
}: ExportSource): Promise<LoadedGenerator> {
  const json = (await checkpoint.file('generator/model.json')).toString('utf8');
  const weightData = new Uint8Array(await checkpoint.file('generator/weights.bin')).buffer;
  try {
    const { modelTopology, weightsManifest } = JSON.parse(json) as io.ModelJSON;
    const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
    const model = await loadLayersModel(io.fromMemory({ modelTopology, weightSpecs, weightData }));
    const { inputs } = model;
    const [, size] = inputs[0].shape;
    if (inputs.length !== 1 || inputs[0].shape.length !== 2 || size !== experiment.latent.size)
      throw new Error(`its input is [${inputs[0].shape.slice(1).join(', ')}] instead of [${experiment.latent.size}]`);
    return { network: networkOf(model), notices: [], edited: [] };
  } catch (error) {
    const hasOwnLayers = 'module' in experiment.generator && /^Unknown /.test(messageOf(error));
    if (!hasOwnLayers) throw invalidModel(checkpoint, error);
  }
  const { bundles, notices, edited } = await readRunModels(directory, experiment, source);
  const shape = await sampleShape(checkpoint);
  const model = await networkBuilder(experiment, shape, { source, bundles })('generator');
  const variables = { ...model.parameters, ...model.buffers };
  const like = Object.entries(variables).map(
    ([name, w]) =>
      [name, { dtype: w.dtype as Dtype, shape: w.shape, data: (w.dataSync() as Float32Array).slice() }] as const,
  );
  const weights = Object.fromEntries(like);
  copyTensors(
    { ...checkpoint, tensors: weightsOf(experiment.stabilization.ema === null ? 'generator' : 'average', checkpoint) },
    weights,
  );
  for (const [name, variable] of Object.entries(variables))
    variable.assign(tensor(weights[name].data, variable.shape, variable.dtype));
  return { network: model, notices, edited };
}

const invalidModel = ({ directory: checkpoint }: Checkpoint, error: unknown) =>
  runError(
    'damaged',
    `The generator in ${checkpoint} cannot be built: ${messageOf(error)}. Choose another checkpoint with --step.`,
    error,
  );

/** The tensors of a network of the checkpoint, by their names in it. */
const weightsOf = (network: string, { tensors }: Checkpoint): Tensors =>
  Object.fromEntries(
    Object.entries(tensors).flatMap(([name, t]) =>
      name.startsWith(`${network}/`) ? [[name.slice(network.length + 1), t]] : [],
    ),
  );

/** The shape of one sample, from the input of the checkpoint's critic. */
export async function sampleShape(checkpoint: Checkpoint): Promise<number[]> {
  const text = (await checkpoint.file('critic/model.json')).toString('utf8');
  const lengths = /"batch_input_shape":\s*\[null,([\d,\s]+)\]/.exec(text)?.[1];
  if (lengths) return lengths.split(',').map(Number);
  throw runError('damaged', `The critic of ${checkpoint.directory} does not declare its input shape.`);
}
