// Draws generated images for the evaluator, from the same latent vectors at each step.
import { fillLatent } from '../prefetch/randomInputs';
import type { Session } from '../session';
import { collectSamples } from './sampleArray';

/** `count` images as bytes [count, ...shape]; null if a value is not finite. */
export async function drawImages(
  { experiment, data, sample, samplesCount }: Session,
  count: number,
): Promise<Uint8ClampedArray | null> {
  const { latent, seed } = experiment;
  const z = new Float32Array(samplesCount * latent.size);
  const notFinite = new Error('a value is not finite');
  try {
    const drawn = await collectSamples(
      count,
      data.shape,
      samplesCount,
      async (k, out) => {
        fillLatent(z, latent, { seed, stream: 'evaluate/z', step: k });
        out.set((await sample.run({ z })).samples);
      },
      () => {
        throw notFinite;
      },
    );
    // Memory that threads share cannot be sent to a process.
    return Uint8ClampedArray.from(drawn.stored);
  } catch (error) {
    if (error === notFinite) return null;
    throw error;
  }
}
