// What the processes (ranks) of a training can say to each other.

/** All ranks must call the same operations in the same order; each waits for the others. */
export interface Communicator {
  /** From 0. Rank 0 owns the run directory. */
  readonly rank: number;
  /** The number of ranks, at least 2. */
  readonly size: number;
  /** Replaces x by the sum over all ranks, in place. */
  sum(x: Float32Array): void;
  /** Replaces x by that of rank 0, bit for bit. */
  broadcast(x: Float32Array): void;
  /**
   * Ends the communication when all ranks have come here. A rank that failed alone must not call it: the others do not
   * come, and its launcher ends them when it exits.
   */
  close(): void;
}
