// The line protocol between the benchmark and its contenders, which are child processes that take turns.
//
// The contender is started with the case as JSON in its last argument, prepares itself, runs one iteration to see that
// it can, and writes one line: a `Ready` or a `Cannot`. After that every line the benchmark writes is answered by one line:
//   go N   N iterations, each timed alone      → `Timed`
//   gemm   the best rate of a [1024,1024] float32 matmul in 20 tries → `Gemm` (asked only if offered)
// End of input ends the contender. Lines on stdout that are not JSON objects are ignored; stderr is kept for error texts.

/** The contender is able to run the case. */
export interface Ready {
  readonly ready: true;
  readonly contender: string;
  readonly version: string;
  /** Questions beyond `go` that it answers. */
  readonly offers?: readonly 'gemm'[];
}

/** The contender cannot run the case, and why; followed by its end. */
export interface Cannot {
  readonly cannot: string;
}

export interface Timed {
  /** Milliseconds of each iteration. */
  readonly msPerIteration: readonly number[];
  /** Largest resident memory of the process so far; null where the platform does not tell. */
  readonly peakRssMiB: number | null;
  /** The critic loss of the last step, read back: what was timed has happened, and it is a number. */
  readonly criticLoss: number;
  /** Share of these iterations spent outside the native run, where the contender knows. */
  readonly hostOverhead?: number;
  /** What the process holds now, where it says so. */
  readonly memory?: Memory;
}

export interface Memory {
  readonly rssMiB: number;
  readonly heapMiB: number;
  /** Tensors that the engine keeps. */
  readonly tensors: number;
}

export interface Gemm {
  /** 10⁹ floating-point operations a second. */
  readonly gflops: number;
}

/** The object on a line, or nothing for lines that are not meant for us. */
export function parseLine(line: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

export function asOpening(line: Record<string, unknown>): Ready | Cannot | undefined {
  if (typeof line.cannot === 'string') return { cannot: line.cannot };
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
