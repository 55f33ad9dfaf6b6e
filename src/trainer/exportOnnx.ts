// The generator of a checkpoint as an ONNX file: recorded as the trainer draws samples, its weights inside.
import { readFileSync } from 'node:fs';
import { packageVersion } from '../files/packageVersion';
import { io, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { dataSources, type LatentConfig } from '../catalog';
import { ModelError } from '../engine/errors';
import { prepareOnnxExport, type ExportedFunction } from '../engine/onnx/onnxExport';
import { openEngine } from '../engine/openEngine';
import { networkOf, type Network } from '../gan/network';
import { copyTensors, type Checkpoint, type Tensors } from '../run/checkpoints';
import { inside } from '../run/files';
import { openExportSource, requireNewFile, writeExport, type ExportSource } from '../run/export/exportFile';
import { runError } from '../run/errors';
import { networkBuilder } from './networkBuilder';

export interface OnnxRequest {
  /** The run directory. */
  readonly run: string;
  /** The file to be made. */
  readonly file: string;
  /** The newest checkpoint that is not later than this step is taken. */
  readonly atMost?: number;
  /** Length of the batch that the file takes; any length by default, where the network allows it. */
  readonly batch?: number;
}

export interface OnnxExport {
  readonly file: string;
  readonly step: number;
  /** Null where the file takes a batch of any length. */
  readonly batch: number | null;
  /** Shapes of one sample that goes in and of one that comes out. */
  readonly latent: number;
  readonly shape: readonly number[];
  /** What a user should know, in whole sentences. */
  readonly notes: readonly string[];
}

/** Throws a RunError or InputError for what the user can mend; then no file is left behind. */
export async function exportOnnx({ run, file, atMost = Infinity, batch }: OnnxRequest): Promise<OnnxExport> {
  const target = requireNewFile(file);
  const found = await openExportSource(run, atMost);
  const { experiment, checkpoint } = found;
  // Where ONNX Runtime has no native library WebAssembly reads what little is computed here.
  const { engine } = await openEngine({ device: 'cpu' }).catch(() => openEngine({ device: 'wasm' }));
  const state = engine.state({});
  const network = await generatorOf(found);
  const f = {
    state,
    input: { name: 'z', shape: [experiment.latent.size] },
    output: 'samples',
    compute: (z: Tensor) => network.sample(z, experiment.samples.batchNormStatistics),
    names: { ...network.parameters, ...network.buffers },
  };
  const made = refusing(() => prepareOnnxExport(f, batch ?? { fallback: experiment.batchSize }));
  const bytes = made.encode({ name: 'generator', version: packageVersion(), ...description(found, made) });
  writeExport(target, bytes);
  const fixed = `The network computes with the length of the batch: the file takes batches of ${made.batch} only. --batch sets another.`;
  const together = `The experiment draws samples by the batch's own statistics ("samples.statistics"), and so does the file: a sample depends on those beside it.`;
  const notes = [
    ...found.damaged,
    ...(batch === undefined && made.batch !== null ? [fixed] : []),
    ...(experiment.samples.batchNormStatistics === 'batch' && Object.keys(network.buffers).length > 0
      ? [together]
      : []),
  ];
  return {
    file: target,
    step: checkpoint.step,
    batch: made.batch,
    latent: experiment.latent.size,
    shape: made.shape,
    notes,
  };
}

/** The model that the checkpoint holds; where it has layers of classes of the user's own, their file builds it again. */
async function generatorOf({ experiment, source, checkpoint }: ExportSource): Promise<Network> {
  const folder = inside(checkpoint.directory, 'generator');
  const read = (name: string): Buffer => {
    try {
      return readFileSync(inside(folder, name));
    } catch (error) {
      throw runError('damaged', `${checkpoint.directory} holds no whole model of the generator: ${String(error)}`);
    }
  };
  const { modelTopology, weightsManifest } = JSON.parse(read('model.json').toString()) as io.ModelJSON;
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const weightData = new Uint8Array(read('weights.bin')).buffer;
  try {
    return networkOf(await loadLayersModel(io.fromMemory({ modelTopology, weightSpecs, weightData })));
  } catch (error) {
    if (!('module' in experiment.generator) || !/^Unknown /.test((error as Error).message)) throw error;
  }
  const model = await networkBuilder(experiment, sampleShape(checkpoint.directory), source)('generator');
  const variables = { ...model.parameters, ...model.buffers };
  const like = Object.entries(variables).map(
    ([name, { shape, size }]) => [name, { dtype: 'float32', shape, data: new Float32Array(size) }] as const,
  );
  const weights = Object.fromEntries(like);
  copyTensors(
    { ...checkpoint, tensors: weightsOf(experiment.stabilization.ema === null ? 'generator' : 'average', checkpoint) },
    weights,
  );
  for (const [name, variable] of Object.entries(variables)) variable.assign(tensor(weights[name].data, variable.shape));
  return model;
}

/** The tensors of a network of the checkpoint, by the names that they have in it. */
const weightsOf = (network: string, { tensors }: Checkpoint): Tensors =>
  Object.fromEntries(
    Object.entries(tensors).flatMap(([name, t]) =>
      name.startsWith(`${network}/`) ? [[name.slice(network.length + 1), t]] : [],
    ),
  );

/** Shape of one sample, which is what the critic of a checkpoint takes. */
function sampleShape(checkpoint: string): number[] {
  const text = readFileSync(inside(checkpoint, 'critic', 'model.json'), 'utf8');
  const lengths = /"batch_input_shape":\s*\[null,([\d,\s]+)\]/.exec(text)?.[1];
  if (lengths) return lengths.split(',').map(Number);
  throw runError('damaged', `The critic of ${checkpoint} does not say the shape of what it takes.`);
}

/** What the file says of itself: to people, and by key. */
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

/** What the engine refuses is told with what to do instead. */
function refusing(make: () => ExportedFunction): ExportedFunction {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const where = error.layer === null ? '' : ` (in layer "${error.layer}")`;
    throw runError(
      'mismatch',
      `The generator cannot be an ONNX file: ${error.message}${where}. A file gives the same samples for the same z: give the ` +
        'noise to the network as a part of z, or export a TensorFlow.js model, which draws it (--format tfjs).',
    );
  }
}
