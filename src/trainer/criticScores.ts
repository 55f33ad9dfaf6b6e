// The scores that a run's critic gives to samples.
import { io, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { openEngine } from '../engine/openEngine';
import { openExportSource } from '../run/export/exportFile';

/**
 * D(x) of the newest checkpoint of the run in `directory`, for samples row-major [n, ...shape]. With spectral
 * normalization the weights are normalized. Networks of the catalog only.
 */
export async function criticScores(directory: string, samples: Float32Array): Promise<Float32Array> {
  const { checkpoint } = await openExportSource(directory, Infinity);
  await openEngine({ device: 'cpu' }).catch(() => openEngine({ device: 'wasm' }));
  const { modelTopology, weightsManifest } = JSON.parse(
    (await checkpoint.file('critic/model.json')).toString('utf8'),
  ) as io.ModelJSON;
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const weightData = new Uint8Array(await checkpoint.file('critic/weights.bin')).buffer;
  const model = await loadLayersModel(io.fromMemory({ modelTopology, weightSpecs, weightData }));
  const shape = model.inputs[0].shape.slice(1) as number[];
  const length = shape.reduce((a, b) => a * b, 1);
  const scores = tidy(() => model.predict(tensor(samples, [samples.length / length, ...shape])) as Tensor);
  try {
    return (await scores.data()) as Float32Array;
  } finally {
    scores.dispose();
    model.dispose();
  }
}
