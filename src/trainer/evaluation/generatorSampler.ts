// Generates samples with the generator of a checkpoint, on the CPU, so that the same checkpoint gives the same numbers.
import { openEngine } from '../../engine/openEngine';
import type { Key } from '../../math/random';
import { runError } from '../../run/errors';
import type { ExportSource } from '../../run/export/exportFile';
import { sizeOfShape } from '../../shared/shape';
import { list } from '../../shared/text';
import { loadGenerator, sampleShape } from '../loadGenerator';
import { fillLatent } from '../prefetch/randomInputs';

export interface GeneratorSampler {
  /** Samples per draw: with batch statistics, a sample depends on the others of its batch. */
  readonly batch: number;
  /** [batch, ...shape]; the same for the same key. */
  draw(key: Key): Promise<Float32Array>;
  /** The samples [n, ...shape] of latent vectors [n, size], in order. */
  generate(latents: Float32Array): Promise<Float32Array>;
  /** Of one sample. */
  readonly shape: readonly number[];
  /** Whether the network has statistics of batches. */
  readonly hasBuffers: boolean;
  /** Notices for the user, in full sentences. */
  readonly notices: readonly string[];
  dispose(): Promise<void>;
}

/** @param dataShape of one sample of the data; by default that of the run's critic */
export async function openGeneratorSampler(
  source: ExportSource,
  dataShape?: readonly number[],
): Promise<GeneratorSampler> {
  const { experiment, checkpoint } = source;
  const { batchSize: batch, latent, threads } = experiment;
  const { engine } = await openEngine({ device: 'cpu', threads }).catch(() => openEngine({ device: 'wasm', threads }));
  const { network, notices, edited } = await loadGenerator(source);
  const shape = dataShape ?? (await sampleShape(checkpoint));
  const output = network.model.outputs[0].shape.slice(1);
  if (sizeOfShape(output.map((length) => length ?? 0)) !== sizeOfShape(shape)) {
    throw runError(
      'mismatch',
      `The generator of ${checkpoint.directory} gives samples of [${output.join(', ')}], but the data now has samples of [${shape.join(', ')}]. Restore the data of the run.`,
    );
  }
  const state = engine.state({ ...network.parameters, ...network.buffers });
  const step = await engine.compile({
    name: 'samples',
    state,
    inputs: { z: [batch, latent.size] },
    compute: ({ z }) => ({ samples: network.sample(z, experiment.samples.batchNormStatistics) }),
  });
  const z = new Float32Array(batch * latent.size);
  const run = async (key: Pick<Key, 'seed' | 'step'>) =>
    (await step.run({ z }, { seed: key.seed, step: key.step })).samples;
  const changed = `${list(edited)} changed since the run began. The samples are of the network that the run trained.`;
  return {
    batch,
    draw: async (key) => {
      fillLatent(z, latent, key);
      return run(key);
    },
    async generate(latents) {
      const count = latents.length / latent.size;
      const each = sizeOfShape(shape);
      const samples = new Float32Array(count * each);
      for (let from = 0; from < count; from += batch) {
        const some = Math.min(batch, count - from);
        // The rest of the last batch repeats its first vectors.
        for (let k = 0; k < batch; k++)
          z.set(
            latents.subarray((from + (k % some)) * latent.size, (from + (k % some) + 1) * latent.size),
            k * latent.size,
          );
        samples.set((await run({ seed: 0, step: from / batch })).subarray(0, some * each), from * each);
      }
      return samples;
    },
    shape,
    hasBuffers: Object.keys(network.buffers).length > 0,
    notices: [...notices, ...(edited.length > 0 ? [changed] : [])],
    dispose: async () => {
      await step.dispose();
      state.dispose();
    },
  };
}
