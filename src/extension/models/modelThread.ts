// Finds models in a thread of its own, which is ended if it takes too long or has nothing to do.
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FoundModels } from './foundModel';

export interface ModelRequest {
  readonly id: number;
  readonly text: string;
  readonly file: string;
}

export interface ModelThread {
  /** The models in the text of a file; none, and not whole, if that takes longer than `limitMs`. */
  find(text: string, file: string): Promise<FoundModels>;
  dispose(): void;
}

interface ModelThreadOptions {
  readonly script?: string;
  /** Only texts that somebody made for it take this long, to be parsed once. */
  readonly limitMs?: number;
  /** After this time without a request the thread ends, which frees its memory. */
  readonly idleMs?: number;
}

export function createModelThread({
  script = path.join(__dirname, 'model-worker.cjs'),
  limitMs = 10_000,
  idleMs = 60_000,
}: ModelThreadOptions = {}): ModelThread {
  const waiting = new Map<number, (found: FoundModels) => void>();
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;
  const end = () => {
    const ended = worker;
    worker = undefined;
    waiting.forEach((settle) => settle(none));
    waiting.clear();
    void ended?.terminate();
  };
  const start = () => {
    const started = new Worker(script);
    started.unref();
    started.on('message', ({ id, found }: { id: number; found: FoundModels }) => waiting.get(id)?.(found));
    // The text was too much for its memory, or the extension was removed while it runs.
    started.on('error', () => worker === started && end());
    return started;
  };
  return {
    find(text, file) {
      if (!text.includes('@tensorflow/tfjs')) return Promise.resolve({ models: [], isWhole: true });
      clearTimeout(idle);
      const id = ++lastId;
      return new Promise<FoundModels>((resolve) => {
        const limit = setTimeout(end, limitMs);
        waiting.set(id, (found) => {
          clearTimeout(limit);
          waiting.delete(id);
          clearTimeout(idle);
          if (waiting.size === 0) idle = setTimeout(end, idleMs).unref();
          resolve(found);
        });
        (worker ??= start()).postMessage({ id, text, file } satisfies ModelRequest);
      });
    },
    dispose() {
      clearTimeout(idle);
      end();
    },
  };
}

const none: FoundModels = { models: [], isWhole: false };

let shared: ModelThread | undefined;

/** `find` of the thread that the whole extension shares. */
export const findModelsInThread: ModelThread['find'] = (text, file) =>
  (shared ??= createModelThread()).find(text, file);
