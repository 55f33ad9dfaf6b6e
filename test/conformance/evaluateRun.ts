// Evaluates a conformance run, given the specs that are expected to fail.
import type { Exclusion } from './exclusions';

export interface Outcome {
  readonly name: string;
  /** 'passed', 'failed', or 'pending' if the suite itself skips the spec. */
  readonly status: string;
  readonly message: string;
}

export interface RunEvaluation {
  readonly passed: number;
  readonly pending: number;
  /** Number of excluded specs by reason. */
  readonly excluded: ReadonlyMap<string, number>;
  /** Failures without an exclusion. */
  readonly failed: readonly Outcome[];
  /** Messages about exclusions that match a passing spec, or no failing one. */
  readonly stale: readonly string[];
}

/** With `partial`, only some of the specs ran, so an exclusion may match none. */
export function evaluateRun(
  outcomes: readonly Outcome[],
  exclusions: readonly Exclusion[],
  partial = false,
): RunEvaluation {
  const excluded = new Map<string, number>();
  const failed: Outcome[] = [];
  const used = new Set<Exclusion>();
  const stale: string[] = [];
  let passed = 0;
  for (const outcome of outcomes) {
    const exclusion = exclusions.find(({ specs }) => specs.test(outcome.name));
    if (outcome.status === 'passed') {
      passed++;
      if (exclusion) stale.push(`stale exclusion ${exclusion.specs}: "${outcome.name}" passes`);
    } else if (outcome.status === 'failed') {
      if (!exclusion) failed.push(outcome);
      else {
        used.add(exclusion);
        excluded.set(exclusion.reason, (excluded.get(exclusion.reason) ?? 0) + 1);
      }
    }
  }
  for (const exclusion of exclusions) {
    if (!partial && !used.has(exclusion)) stale.push(`stale exclusion ${exclusion.specs}: it matches no failing spec`);
  }
  return { passed, pending: outcomes.filter((o) => o.status === 'pending').length, excluded, failed, stale };
}
