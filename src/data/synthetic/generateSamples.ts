// Generates samples one after the other, with progress and without blocking Ctrl-C.
import type { DataContext } from '../dataSource';

/** Samples between two checks of the signal: some milliseconds of work. */
const checkInterval = 1024;

/** Calls `generate` for every sample in order. Throws the signal's reason after an abort. */
export async function generateSamples(
  samples: number,
  { signal, onProgress }: Pick<DataContext, 'signal' | 'onProgress'>,
  generate: (sample: number) => void,
): Promise<void> {
  for (let i = 0; i < samples; i++) {
    generate(i);
    if ((i + 1) % checkInterval !== 0) continue;
    onProgress?.(i + 1, samples);
    await new Promise(setImmediate);
    signal?.throwIfAborted();
  }
}
