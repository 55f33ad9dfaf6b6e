// Exports the generator of a checkpoint as an ONNX file with its weights.
import { packageVersion } from '../files/packageVersion';
import type { Tensor } from '@tensorflow/tfjs-core';
import { dataSources, type LatentConfig } from '../catalog';
import { ModelError } from '../engine/errors';
import { prepareOnnxExport, type ExportedFunction } from '../engine/onnx/onnxExport';
import { openEngine } from '../engine/openEngine';
import {
  openExportSource,
  requireNewFile,
  writeExport,
  type CheckpointChoice,
  type ExportSource,
} from '../run/export/exportFile';
import { runError } from '../run/errors';
import { list } from '../shared/text';
import { loadGenerator } from './loadGenerator';

export interface OnnxRequest {
  /** The run directory. */
  readonly run: string;
  /** The file to write. */
  readonly file: string;
  /** By default the newest checkpoint. */
  readonly checkpoint?: CheckpointChoice;
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
export async function exportOnnx({
  run,
  file,
  checkpoint: choice = Infinity,
  batch,
}: OnnxRequest): Promise<OnnxExport> {
  const target = requireNewFile(file);
  const source = await openExportSource(run, choice);
  const { experiment, checkpoint } = source;
  // Little is computed here: WebAssembly suffices if ONNX Runtime has no native library.
  const { engine } = await openEngine({ device: 'cpu' }).catch(() => openEngine({ device: 'wasm' }));
  const state = engine.state({});
  const { network, notices, edited } = await loadGenerator(source);
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
    ...(edited.length > 0
      ? [`${list(edited)} changed since the run began. The file has the network that the run trained.`]
      : []),
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
