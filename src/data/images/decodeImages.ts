// Decodes many images in worker threads, as many requests at a time as there are threads.
import type { DataConfig } from '../../catalog/index';
import type { DataContext } from '../dataSource';
import type { EncodedImage, ReadFailure } from './decodeTask';
import type { ResizeOptions } from './cropResize';

/** Images that a worker decodes per request: enough to make messages cheap, few enough for progress to move. */
const chunk = 16;

interface Batch extends ResizeOptions {
  readonly folder: string;
  readonly count: number;
  /** Image i; asked for when its turn comes, since a database may have millions. */
  readonly image: (i: number) => EncodedImage;
  readonly onError: DataConfig<'images'>['onError'];
  /** The error that ends it, where `onError` is "fail". */
  readonly errorFor: (failure: ReadFailure) => Error;
  /** Gets the decoded images of the slots from `slot` on. */
  readonly put: (slot: number, bytes: Uint8Array) => void;
}

/** Returns the failures in order. An abort ends it at once with the signal's reason. */
export async function decodeImages(
  batch: Batch,
  { workers, onProgress, signal }: DataContext,
): Promise<readonly ReadFailure[]> {
  const { folder, count, image, onError, errorFor, put, size, channels, fit, resize } = batch;
  const failures: ReadFailure[] = [];
  let first = 0;
  let done = 0;
  let over = false;

  const serve = async () => {
    const out = new SharedArrayBuffer(chunk * size * size * channels);
    while (first < count && !over) {
      const slot = first;
      const part = Array.from({ length: Math.min(chunk, count - slot) }, (_, k) => image(slot + k));
      first += part.length;
      const failed = await workers.run('decode', {
        folder,
        images: part,
        first: slot,
        out,
        size,
        channels,
        fit,
        resize,
      });
      if (over) return;
      if (onError === 'fail' && failed.length > 0) throw errorFor(failed[0]);
      failures.push(...failed);
      put(slot, new Uint8Array(out, 0, part.length * size * size * channels));
      done += part.length;
      onProgress?.(done, count);
    }
  };
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => (abort = () => reject(signal?.reason)));
  signal?.addEventListener('abort', abort);
  try {
    signal?.throwIfAborted();
    await Promise.race([aborted, Promise.all(Array.from({ length: workers.count }, serve))]);
  } finally {
    over = true; // What the threads are still at is finished and forgotten.
    signal?.removeEventListener('abort', abort);
  }
  return failures.sort((a, b) => a.slot - b.slot);
}
