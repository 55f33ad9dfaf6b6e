// The other side of a worker thread: answers each request.
import { parentPort } from 'node:worker_threads';

export function answerRequests<Request>(answer: (request: Request) => unknown): void {
  parentPort?.on('message', ({ id, request }: { id: number; request: Request }) => {
    parentPort?.postMessage({ id, answer: answer(request) });
  });
}
