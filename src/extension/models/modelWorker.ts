// The thread that finds models: parsing a long file takes a while, in which the extension host must answer.
import { parentPort } from 'node:worker_threads';
import { findModels } from './findModels';
import type { ModelRequest } from './modelThread';

parentPort?.on('message', ({ id, text, file }: ModelRequest) => {
  parentPort?.postMessage({ id, found: findModels(text, file) });
});
