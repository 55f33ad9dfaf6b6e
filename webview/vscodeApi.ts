// VS Code's webview API: messages to and from the extension, checked on arrival, and the state that VS Code keeps for
// the page.
import { checkToPage } from '../src/protocol/monitorChecks';
import type { FromPage, ToPage } from '../src/protocol/monitor';

export interface VsCodeApi {
  postMessage(message: FromPage): void;
  /** The last saved state, possibly of an older version of the page. */
  getState(): unknown;
  setState(value: unknown): void;
  /** Calls `receive` with each message in order. Invalid messages are skipped with a warning in the console. */
  onMessage(receive: (message: ToPage) => void): void;
}

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

/** Must be called only once per page load. */
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
        else console.warn(`Skipped an invalid message to the monitor: ${message.problem}.`);
      });
    },
  };
}
