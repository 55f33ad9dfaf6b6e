// Decodes many images in worker threads, with one request per thread at a time.
import type { DataConfig } from '../../catalog';
import type { DataContext } from '../dataSource';
import type { ResizeOptions } from './cropResize';
import type { EncodedImage, ReadFailure } from './decodeTask';

/** Images per request: enough to make messages cheap, few enough to report progress often. */
const chunkSize = 16;

interface DecodeJob extends ResizeOptions {
  readonly folder: string;
  readonly count: number;
  /** Image i; called shortly before it is decoded, since a database may have millions. */
  readonly image: (i: number) => EncodedImage;
  readonly onError: DataConfig<'images'>['onError'];
  /** The error to throw for a failure if `onError` is "fail". */
  readonly errorFor: (failure: ReadFailure) => Error;
  /** Receives decoded images, the first of which is that of `slot`. */
  readonly put: (slot: number, bytes: Uint8Array) => void;
}

/** Returns the failures, sorted by slot. An abort rejects at once with the signal's reason. */
export async function decodeImages(
  job: DecodeJob,
  { workers, onProgress, signal }: DataContext,
): Promise<readonly ReadFailure[]> {
  const { folder, count, image, onError, errorFor, put, size, channels, fit, resize } = job;
  const failures: ReadFailure[] = [];
  let first = 0;
  let done = 0;
  let ended = false;

  const runRequests = async () => {
    const out = new SharedArrayBuffer(chunkSize * size * size * channels);
    while (first < count && !ended) {
      const slot = first;
      const part = Array.from({ length: Math.min(chunkSize, count - slot) }, (_, k) => image(slot + k));
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
      if (ended) return;
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
    await Promise.race([aborted, Promise.all(Array.from({ length: workers.count }, runRequests))]);
  } finally {
    ended = true; // Results of requests that are still running are ignored.
    signal?.removeEventListener('abort', abort);
  }
  return failures.sort((a, b) => a.slot - b.slot);
}
