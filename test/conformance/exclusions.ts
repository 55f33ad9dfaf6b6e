// The specs of TensorFlow.js that fail on our backend, and why. Every spec that a pattern matches must fail: a pattern
// that matches one that passes is stale, and so is one that matches nothing.

export interface Exclusion {
  /** Matched against the spec's full name, without the name of the environment. */
  readonly specs: RegExp;
  readonly reason: string;
}

export const exclusions: readonly Exclusion[] = [];
