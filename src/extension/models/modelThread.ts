// Finds models in a thread of its own.
import path from 'node:path';
import { createWorkerThread, type ThreadOptions } from '../threads/workerThread';
import type { FoundModels } from './foundModel';

export interface ModelRequest {
  readonly text: string;
  readonly file: string;
}

export interface ModelThread {
  /** The models in the text of a file; none, and not whole, if that takes too long. */
  find(text: string, file: string): Promise<FoundModels>;
  dispose(): void;
}

/** Only texts that somebody made for it take longer than the limit; they are parsed once. */
export function createModelThread({
  script = path.join(__dirname, 'model-worker.cjs'),
  ...options
}: Partial<ThreadOptions> = {}): ModelThread {
  const none: FoundModels = { models: [], isWhole: false };
  const thread = createWorkerThread<ModelRequest, FoundModels>({ script, ...options }, none);
  return {
    find: (text, file) =>
      text.includes('@tensorflow/tfjs') ? thread.ask({ text, file }) : Promise.resolve({ models: [], isWhole: true }),
    dispose: () => thread.dispose(),
  };
}

let shared: ModelThread | undefined;

/** `find` of the thread that the whole extension shares. */
export const findModelsInThread: ModelThread['find'] = (text, file) =>
  (shared ??= createModelThread()).find(text, file);
