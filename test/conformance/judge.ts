// What the outcome of a conformance run means, given the specs that are expected to fail.
import type { Exclusion } from './exclusions';

export interface Outcome {
  readonly name: string;
  /** 'passed', 'failed', or 'pending' where the suite itself leaves a spec out. */
  readonly status: string;
  readonly message: string;
}

export interface Judgement {
  readonly passed: number;
  readonly pending: number;
  /** How many specs each reason excludes. */
  readonly excluded: ReadonlyMap<string, number>;
  /** Failures that nothing excludes. */
  readonly failed: readonly Outcome[];
  /** Exclusions that match a spec that passes, or none that fails, one sentence each. */
  readonly stale: readonly string[];
}

/** `partial`: only some of the specs ran, so an exclusion may match none. */
export function judge(outcomes: readonly Outcome[], exclusions: readonly Exclusion[], partial = false): Judgement {
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
    if (!partial && !used.has(exclusion))
      stale.push(`stale exclusion ${exclusion.specs}: no spec that it matches fails`);
  }
  return { passed, pending: outcomes.filter((o) => o.status === 'pending').length, excluded, failed, stale };
}
