// The extension as the page sees it: what it is told, believed only when it is whole, and what VS Code keeps for the page.
import { checkToPage } from '../src/protocol/monitorChecks';
import type { FromPage, ToPage } from '../src/protocol/monitor';

export interface VsCodeApi {
  postMessage(message: FromPage): void;
  /** Whatever was last remembered, by any version of the page. */
  getState(): unknown;
  setState(value: unknown): void;
  /** `receive` is called with each message, in order; what is none is left out, with a word in the console. */
  onMessage(receive: (message: ToPage) => void): void;
}

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

/** Can be called once in the life of a page. */
export function createVsCodeApi(): VsCodeApi {
  const api = acquireVsCodeApi();
  return {
    postMessage: (message) => api.postMessage(message),
    getState: () => api.getState(),
    setState: (value) => api.setState(value),
    onMessage(receive) {
      window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        const message = checkToPage(data);
        if ('value' in message) receive(message.value);
        else console.warn(`A message to the monitor was left out: ${message.problem}.`);
      });
    },
  };
}
