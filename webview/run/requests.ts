// Requests to the trainer: pending from the press of a button until the trainer has executed them.
import type { RunStatus } from '../../src/protocol/status';

export interface Requests<Action extends string> {
  isPending(action: Action): boolean;
  /** The pending requests, the latest last. */
  pending(): readonly Action[];
  /** The seconds since the oldest pending request; null if there is none. */
  secondsWaiting(now: number): number | null;
  /** `now` is in milliseconds. */
  add(action: Action, now: number): void;
  /** It was not delivered, which the user has been told. */
  refused(action: Action): void;
  /** It was delivered, and the trainer acknowledges it by this id. */
  delivered(action: Action, id: string): void;
  /** Follows the status of the run; call it again with the same one after a delivery. */
  update(status: RunStatus | null): void;
}

interface Request {
  readonly since: number;
  id: string | null;
  /** Reports of the trainer since. */
  reports: number;
}

/**
 * A trainer reads its commands whenever it reports how far it is, and executes them in between: one that it has not
 * acknowledged after so many reports was lost, and may be requested again.
 */
const reportsUntilLost = 3;

export function createRequests<Action extends string>(): Requests<Action> {
  const requests = new Map<Action, Request>();
  let lastState = '';
  let lastReport: number | undefined;
  return {
    isPending: (action) => requests.has(action),
    pending: () => [...requests.keys()],
    secondsWaiting(now) {
      const [oldest] = [...requests.values()].map(({ since }) => since).sort((a, b) => a - b);
      return oldest === undefined ? null : (now - oldest) / 1000;
    },
    add: (action, now) => void requests.set(action, { since: now, id: null, reports: 0 }),
    refused: (action) => void requests.delete(action),
    delivered(action, id) {
      const request = requests.get(action);
      if (request) request.id = id;
    },
    update(status) {
      const state = `${status?.attempt} ${status?.state}`;
      const isReport = status !== null && status.updatedAt !== lastReport;
      lastReport = status?.updatedAt;
      // It has responded; a new attempt has forgotten the requests to the one before.
      if (state !== lastState) requests.clear();
      lastState = state;
      for (const [action, request] of requests) {
        if (isReport) request.reports += 1;
        const isDone = request.id !== null && status?.acknowledged.includes(request.id);
        if (isDone || request.reports >= reportsUntilLost) requests.delete(action);
      }
    },
  };
}
