// Exports the generator of a checkpoint as an ONNX file with its weights.
import { packageVersion } from '../files/packageVersion';
import { io, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { dataSources, type LatentConfig } from '../catalog';
import { ModelError } from '../engine/errors';
import { prepareOnnxExport, type ExportedFunction } from '../engine/onnx/onnxExport';
import { openEngine } from '../engine/openEngine';
import { networkOf, type Network } from '../gan/network';
import { copyTensors, type Checkpoint, type Tensors } from '../run/checkpoints';
import { openExportSource, requireNewFile, writeExport, type ExportSource } from '../run/export/exportFile';
import { runError } from '../run/errors';
import type { Dtype } from '../run/safetensors';
import { list } from '../shared/text';
import { messageOf } from '../shared/thrownValue';
import { networkBuilder } from './networkBuilder';
import { readRunModels } from './userModels/runModels';

export interface OnnxRequest {
  /** The run directory. */
  readonly run: string;
  /** The file to write. */
  readonly file: string;
  /** Exports the newest checkpoint that is not later than this step. */
  readonly atMost?: number;
  /** A fixed batch size; by default dynamic if the network allows it. */
  readonly batch?: number;
}

export interface OnnxExport {
  readonly file: string;
  readonly step: number;
  /** The fixed batch size; null if it is dynamic. */
  readonly batch: number | null;
  /** The size of one input sample and the shape of one output sample. */
  readonly latent: number;
  readonly shape: readonly number[];
  /** Notices for the user, in full sentences. */
  readonly notes: readonly string[];
}

/** Throws a UserError, and leaves no file behind, if the generator cannot be exported. */
export async function exportOnnx({ run, file, atMost = Infinity, batch }: OnnxRequest): Promise<OnnxExport> {
  const target = requireNewFile(file);
  const source = await openExportSource(run, atMost);
  const { experiment, checkpoint } = source;
  // Little is computed here: WebAssembly suffices if ONNX Runtime has no native library.
  const { engine } = await openEngine({ device: 'cpu' }).catch(() => openEngine({ device: 'wasm' }));
  const state = engine.state({});
  const { network, notices } = await generatorOf(source);
  const f = {
    state,
    input: { name: 'z', shape: [experiment.latent.size] },
    output: 'samples',
    compute: (z: Tensor) => network.sample(z, experiment.samples.batchNormStatistics),
    names: { ...network.parameters, ...network.buffers },
  };
  const exported = asUserError(() => prepareOnnxExport(f, batch ?? { fallback: experiment.batchSize }));
  const bytes = exported.encode({ name: 'generator', version: packageVersion(), ...description(source, exported) });
  writeExport(target, bytes);
  const fixedBatch = `The network depends on the batch size, so the file accepts only batches of ${exported.batch}. Choose another size with --batch.`;
  const batchStatistics = `The experiment generates samples with batch statistics ("samples.batchNormStatistics"), and so does the file: a sample depends on the others in its batch.`;
  const notes = [
    ...source.damaged,
    ...notices,
    ...(batch === undefined && exported.batch !== null ? [fixedBatch] : []),
    ...(experiment.samples.batchNormStatistics === 'batch' && Object.keys(network.buffers).length > 0
      ? [batchStatistics]
      : []),
  ];
  return {
    file: target,
    step: checkpoint.step,
    batch: exported.batch,
    latent: experiment.latent.size,
    shape: exported.shape,
    notes,
  };
}

interface ExportedNetwork {
  readonly network: Network;
  /** About the code it was built with. */
  readonly notices: readonly string[];
}

/** The checkpoint's generator; a model with the user's own layer classes is built with the code that the run keeps. */
async function generatorOf({ directory, experiment, source, checkpoint }: ExportSource): Promise<ExportedNetwork> {
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
    return { network: networkOf(model), notices: [] };
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
  const changed = `${list(edited)} changed since the run began. The file has the network that the run trained.`;
  return { network: model, notices: [...notices, ...(edited.length > 0 ? [changed] : [])] };
}

const invalidModel = ({ directory: checkpoint }: Checkpoint, error: unknown) =>
  runError(
    'damaged',
    `The generator in ${checkpoint} cannot be built: ${messageOf(error)}. Export another checkpoint with --step.`,
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
async function sampleShape(checkpoint: Checkpoint): Promise<number[]> {
  const text = (await checkpoint.file('critic/model.json')).toString('utf8');
  const lengths = /"batch_input_shape":\s*\[null,([\d,\s]+)\]/.exec(text)?.[1];
  if (lengths) return lengths.split(',').map(Number);
  throw runError('damaged', `The critic of ${checkpoint.directory} does not declare its input shape.`);
}

/** The file's description and metadata. */
function description({ experiment, checkpoint: { step } }: ExportSource, { batch, shape }: ExportedFunction) {
  const { name, data, latent, samples, stabilization } = experiment;
  const images = dataSources[data.source].gives === 'images';
  const metadata = {
    run: name,
    step: String(step),
    data: data.source,
    latentSize: String(latent.size),
    latentDistribution: draws[latent.distribution],
    samples: images ? 'images, [batch, height, width, channels]' : 'points, [batch, dimension]',
    valueRange: images ? '-1 to 1' : 'that of the data',
    batch: batch === null ? 'any' : String(batch),
    statistics: samples.batchNormStatistics === 'moving' ? 'moving averages' : "the batch's own",
    weights:
      stabilization.ema === null ? 'of the generator' : `moving average of the generator, decay ${stabilization.ema}`,
  };
  const text = `Generator of "${name}", trained by Earthmover to step ${step}: z [${metadata.batch}, ${latent.size}], ${metadata.latentDistribution}, to samples [${[metadata.batch, ...shape].join(', ')}], ${metadata.samples}, in the range ${metadata.valueRange}.`;
  return { text, metadata };
}

const draws: { readonly [D in LatentConfig['distribution']]: string } = {
  normal: 'normal, mean 0, deviation 1',
  uniform: 'uniform, -1 to 1',
  uniform01: 'uniform, 0 to 1',
};

/** Turns an engine error about the model into a user error with advice. */
function asUserError(make: () => ExportedFunction): ExportedFunction {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const where = error.layer === null ? '' : ` (in layer "${error.layer}")`;
    throw runError(
      'mismatch',
      `The generator cannot be exported as ONNX: ${error.message}${where}. An ONNX file must give the same samples for the same z: pass ` +
        'the noise as part of z, or export a TensorFlow.js model, which can draw it (--format tfjs).',
    );
  }
}
