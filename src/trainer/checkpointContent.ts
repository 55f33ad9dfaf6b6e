// The content of a checkpoint: all variables by name, counters, and both networks as TensorFlow.js models.
import { dispose, io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Checkpoint, Tensors } from '../run/checkpoints';
import type { Dtype } from '../run/safetensors';
import type { Row } from './trainerEvents';
import type { PendingImages } from './evaluation/evaluationQueue';
import type { HealthState } from './healthWatch';
import type { Session } from './session';

/** The content of a checkpoint in addition to tensors. */
export interface CheckpointRecord {
  /** Critic updates done. */
  readonly criticUpdates: number;
  /** The last value of each metric; null if not finite. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /** Absent in checkpoints of earlier versions. */
  readonly health?: HealthState;
  /** Steps whose images are in the checkpoint because their metrics were not known yet. */
  readonly pending?: readonly number[];
}

/** The file of a checkpoint with images whose metrics were not known yet. */
const pendingFile = (step: number): string => `pending/step-${step}.bin`;

export const checkpointRecord = (
  criticUpdates: number,
  metrics: Row,
  health: HealthState,
  pending: readonly PendingImages[],
): CheckpointRecord => ({
  criticUpdates,
  health,
  ...(pending.length > 0 ? { pending: pending.map(({ step }) => step) } : {}),
  metrics: Object.fromEntries(Object.entries(metrics).map(([name, v]) => [name, Number.isFinite(v) ? v : null])),
});

/** A copy of the state's tensors. */
export async function readTensors({ state }: Session): Promise<Tensors> {
  const values = await state.read();
  const entries = Object.entries(state.variables).map(
    ([name, { shape, dtype }]) => [name, { dtype: dtype as Dtype, shape, data: values[name] }] as const,
  );
  return Object.fromEntries(entries);
}

/**
 * The networks in TensorFlow.js' layers format, for `tf.loadLayersModel`. The generator is the averaged one if there is
 * one; a critic with spectral normalization has its normalized weights.
 */
export async function modelFiles({
  networks: { generator, critic, average },
  criticWeights,
}: Pick<Session, 'networks' | 'criticWeights'>): Promise<Record<string, Uint8Array>> {
  const weights = criticWeights();
  try {
    // A model's weights are read when saving begins, so they may be borrowed until then.
    const criticFiles = critic.withWeights(weights, () => savedModel('critic', critic.model));
    return { ...(await savedModel('generator', (average ?? generator).model)), ...(await criticFiles) };
  } finally {
    dispose({ ...weights });
  }
}

async function savedModel(name: string, model: LayersModel): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  const handler = io.withSaveHandler(
    async ({ modelTopology, weightSpecs, weightData, format, generatedBy, convertedBy }) => {
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      const json = { format, generatedBy, convertedBy, modelTopology, weightsManifest };
      files[`${name}/model.json`] = new TextEncoder().encode(JSON.stringify(json));
      files[`${name}/weights.bin`] = new Uint8Array(io.CompositeArrayBuffer.join(weightData));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    },
  );
  await model.save(handler);
  return files;
}

export const pendingFiles = (pending: readonly PendingImages[]): Record<string, Uint8Array> =>
  Object.fromEntries(pending.map(({ step, images }) => [pendingFile(step), new Uint8Array(images)]));

/** The images of a checkpoint whose metrics were not known yet. Throws a UserError if they are damaged. */
export const readPending = async ({ record, file }: Checkpoint): Promise<PendingImages[]> =>
  Promise.all(
    ((record as CheckpointRecord).pending ?? []).map(async (step) => ({
      step,
      images: Uint8ClampedArray.from(await file(pendingFile(step))),
    })),
  );
