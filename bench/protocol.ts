// The line protocol between the benchmark and its contenders, which are child processes.
//
// A contender gets the case as JSON in its last argument, runs one iteration as a check, and writes one line: `Ready`
// or `Unavailable`. Then it answers each request line with one line:
//   go N   run N iterations, timed individually                        → `Timed`
//   gemm   the rate of a [1024,1024] float32 matmul, median of 20 runs → `Gemm` (only if offered)
// It exits when stdin closes. Lines on stdout that are not JSON objects are ignored; stderr is used in error messages.

/** The contender can run the case. */
export interface Ready {
  readonly ready: true;
  readonly contender: string;
  readonly version: string;
  /** Requests that it supports in addition to `go`. */
  readonly offers?: readonly 'gemm'[];
}

/** The contender cannot run the case, and the reason. It exits afterwards. */
export interface Unavailable {
  readonly unavailable: string;
}

export interface Timed {
  /** Milliseconds of each iteration. */
  readonly msPerIteration: readonly number[];
  /** Peak resident memory of the process; null if the platform does not report it. */
  readonly peakRssMiB: number | null;
  /** The loss of the last critic step, read back, which proves that the work was done. */
  readonly criticLoss: number;
  /** Fraction of the time spent outside of the native runtime, if known. */
  readonly hostOverhead?: number;
  /** Current memory of the process, if known. */
  readonly memory?: Memory;
}

export interface Memory {
  readonly rssMiB: number;
  readonly heapMiB: number;
  /** Live tensors of the engine. */
  readonly tensors: number;
}

export interface Gemm {
  /** 10⁹ floating-point operations per second. */
  readonly gflops: number;
}

/** The JSON object on a line; undefined for any other line. */
export function parseLine(line: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

export function asOpening(line: Record<string, unknown>): Ready | Unavailable | undefined {
  if (typeof line.unavailable === 'string') return { unavailable: line.unavailable };
  const { ready, contender, version, offers } = line;
  if (ready !== true || typeof contender !== 'string' || typeof version !== 'string') return undefined;
  return { ready, contender, version, offers: Array.isArray(offers) && offers.includes('gemm') ? ['gemm'] : [] };
}

export function asTimed(line: Record<string, unknown>, iterations: number): Timed | undefined {
  const { msPerIteration, peakRssMiB, criticLoss, hostOverhead, memory } = line;
  if (!Array.isArray(msPerIteration) || msPerIteration.length !== iterations) return undefined;
  if (!msPerIteration.every((ms) => typeof ms === 'number' && ms > 0 && Number.isFinite(ms))) return undefined;
  if (typeof criticLoss !== 'number' || !Number.isFinite(criticLoss)) return undefined;
  return {
    msPerIteration: msPerIteration as number[],
    peakRssMiB: typeof peakRssMiB === 'number' ? peakRssMiB : null,
    criticLoss,
    ...(typeof hostOverhead === 'number' ? { hostOverhead } : {}),
    ...(isMemory(memory) ? { memory } : {}),
  };
}

function isMemory(value: unknown): value is Memory {
  const { rssMiB, heapMiB, tensors } = (value ?? {}) as Record<string, unknown>;
  return [rssMiB, heapMiB, tensors].every((n) => typeof n === 'number');
}

export function asGemm(line: Record<string, unknown>): Gemm | undefined {
  const { gflops } = line;
  return typeof gflops === 'number' && gflops > 0 ? { gflops } : undefined;
}
