// Samples that the program draws one after the other, while it still hears Ctrl-C and says how far it is.
import type { DataContext } from '../dataSource';

/** Samples between two looks at the signal: some milliseconds of drawing. */
const stretch = 1024;

/** Calls `draw` for every sample in order. Throws the signal's reason once it is aborted. */
export async function generateSamples(
  samples: number,
  { signal, onProgress }: Pick<DataContext, 'signal' | 'onProgress'>,
  draw: (sample: number) => void,
): Promise<void> {
  for (let i = 0; i < samples; i++) {
    draw(i);
    if ((i + 1) % stretch !== 0) continue;
    onProgress?.(i + 1, samples);
    await new Promise(setImmediate);
    signal?.throwIfAborted();
  }
}
