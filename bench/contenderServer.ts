// The contender side of the line protocol, for contenders written in TypeScript.
import { createInterface } from 'node:readline';
import { type BenchCase } from './cases';
import { type Unavailable, type Gemm, type Memory, type Ready, type Timed } from './protocol';

/** A contender that is ready to run. */
export interface Workload {
  readonly version: string;
  /** Runs one iteration and returns the loss of its last critic step, read back from the device. */
  iterate(): Promise<number>;
  /** GFLOP/s of a large float32 matrix product. */
  gemm?(): Promise<number>;
  /** Number of live tensors. */
  tensors(): number;
  /** Milliseconds spent in the native runtime since the workload was created, from which the host overhead follows. */
  nativeMs?(): number;
}

/** Prepares the case from the command line, runs one iteration as a check, and answers requests until stdin closes. */
export async function serve(contender: string, prepare: (benchCase: BenchCase) => Promise<Workload>): Promise<void> {
  let workload: Workload;
  try {
    workload = await prepare(JSON.parse(process.argv[process.argv.length - 1]) as BenchCase);
    await workload.iterate();
  } catch (error) {
    write({ unavailable: (error as Error).message });
    return;
  }
  write({ ready: true, contender, version: workload.version, offers: workload.gemm ? ['gemm'] : [] });
  for await (const line of createInterface({ input: process.stdin })) {
    const [request, count] = line.split(' ');
    if (request === 'go') write(await timed(workload, Number(count)));
    else if (request === 'gemm' && workload.gemm) write({ gflops: await workload.gemm() });
    else throw new Error(`unknown request: ${line}`);
  }
}

/** Milliseconds; of processor time for `--cpu`. */
function clock(): number {
  if (process.env.EARTHMOVER_BENCH_CLOCK !== 'cpu') return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function timed(workload: Workload, iterations: number): Promise<Timed> {
  const msPerIteration: number[] = [];
  const nativeBefore = workload.nativeMs?.();
  let criticLoss = NaN;
  for (let i = 0; i < iterations; i++) {
    const before = clock();
    criticLoss = await workload.iterate();
    msPerIteration.push(clock() - before);
  }
  const total = msPerIteration.reduce((sum, ms) => sum + ms, 0);
  const peakRssMiB = process.resourceUsage().maxRSS / 1024;
  const timed: Timed = { msPerIteration, peakRssMiB, criticLoss, memory: memoryOf(workload) };
  if (nativeBefore === undefined || !workload.nativeMs) return timed;
  return { ...timed, hostOverhead: 1 - (workload.nativeMs() - nativeBefore) / total };
}

function memoryOf({ tensors }: Workload): Memory {
  // Not in a race: a full collection slows down the following iterations by a fifth.
  if (process.env.EARTHMOVER_BENCH_COLLECT) globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { rssMiB: rss / 2 ** 20, heapMiB: heapUsed / 2 ** 20, tensors: tensors() };
}

function write(line: Ready | Unavailable | Timed | Gemm): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
