// What keeps a feed from showing something: the page shows one problem at a time, until it is solved.
import type { ToPage } from '../../protocol/monitor';
import { isUserError } from '../../shared/userError';

type ProblemMessage = Extract<ToPage, { type: 'problem' }>;

export interface ProblemReport {
  /** Shows what went wrong with a source, until that is solved. */
  report(source: string, error: unknown): void;
  solved(source: string): void;
  /** The page was sent again, and shows no problem. */
  reset(): void;
}

/** @param summary such as "Cannot show the run", before an error that is not meant for users */
export function createProblemReport(summary: string, post: (message: ProblemMessage) => void): ProblemReport {
  const problems = new Map<string, string>();
  let shown: string | null = null;
  const show = () => {
    const [message = null] = problems.values();
    if (message === shown) return;
    shown = message;
    post({ type: 'problem', message });
  };
  return {
    report(source, error) {
      problems.set(source, isUserError(error) ? error.message : `${summary}: ${String(error)}`);
      show();
    },
    solved(source) {
      if (problems.delete(source)) show();
    },
    reset() {
      problems.clear();
      shown = null;
    },
  };
}
