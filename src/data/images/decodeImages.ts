// Decodes many images in worker threads, with one request per thread at a time.
import type { DataConfig } from '../../catalog';
import { plural } from '../../shared/text';
import type { DataContext } from '../dataSource';
import type { Background, ResizeOptions } from './cropResize';
import type { DecodeReport, EncodedImage, ReadFailure } from './decodeTask';

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

/** Failures are sorted by slot. An abort rejects at once with the signal's reason. */
export async function decodeImages(
  job: DecodeJob,
  { workers, onProgress, signal }: DataContext,
): Promise<DecodeReport> {
  const { folder, count, image, onError, errorFor, put, height, width, channels, fit, resize, background } = job;
  const length = height * width * channels;
  const failures: ReadFailure[] = [];
  let [transparent, animated] = [0, 0];
  let first = 0;
  let done = 0;
  let ended = false;

  const runRequests = async () => {
    const out = new SharedArrayBuffer(chunkSize * length);
    while (first < count && !ended) {
      const slot = first;
      const part = Array.from({ length: Math.min(chunkSize, count - slot) }, (_, k) => image(slot + k));
      first += part.length;
      const report = await workers.run('decode', {
        folder,
        images: part,
        first: slot,
        out,
        height,
        width,
        channels,
        fit,
        resize,
        background,
      });
      if (ended) return;
      const fault = report.failures.find(({ isOwn }) => !isOwn);
      if (onError === 'fail' && fault) throw errorFor(fault);
      failures.push(...report.failures);
      transparent += report.transparent;
      animated += report.animated;
      put(slot, new Uint8Array(out, 0, part.length * length));
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
  return { failures: failures.sort((a, b) => a.slot - b.slot), transparent, animated };
}

/** Sentences about what was not kept of images: opacity, and frames after the first. */
export const droppedNotes = ({ transparent, animated }: DecodeReport, background: Background): readonly string[] => [
  ...(transparent > 0
    ? [
        `${plural(transparent, 'image')} had an alpha channel, which was dropped: transparent parts became ${background} ` +
          '("data.background"; "data.channels": 4 keeps it).',
      ]
    : []),
  ...(animated > 0 ? [`${plural(animated, 'image')} had several frames or pages; only the first one was read.`] : []),
];
