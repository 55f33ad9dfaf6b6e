// The contender's side of the line protocol, for those written in TypeScript.
import { createInterface } from 'node:readline';
import { type BenchCase } from './cases';
import { type Cannot, type Gemm, type Memory, type Ready, type Timed } from './protocol';

/** A contender that is ready to run. */
export interface Workload {
  readonly version: string;
  /** Runs one iteration to its end and gives the critic loss of its last critic step, read back from the device. */
  iterate(): Promise<number>;
  /** Floating-point operations a second of a large float32 matrix product, in 10⁹. */
  gemm?(): Promise<number>;
  /** Tensors that are kept at this moment. */
  tensors(): number;
  /** Milliseconds spent inside the native run since the workload was made; from it follows the host overhead. */
  nativeMs?(): number;
}

/** Prepares the workload for the case of the command line, sees that it runs, and answers until the input ends. */
export async function serve(contender: string, prepare: (of: BenchCase) => Promise<Workload>): Promise<void> {
  let workload: Workload;
  try {
    workload = await prepare(JSON.parse(process.argv[process.argv.length - 1]) as BenchCase);
    await workload.iterate();
  } catch (error) {
    write({ cannot: (error as Error).message });
    return;
  }
  write({ ready: true, contender, version: workload.version, offers: workload.gemm ? ['gemm'] : [] });
  for await (const line of createInterface({ input: process.stdin })) {
    const [question, count] = line.split(' ');
    if (question === 'go') write(await timed(workload, Number(count)));
    else if (question === 'gemm' && workload.gemm) write({ gflops: await workload.gemm() });
    else throw new Error(`not a question: ${line}`);
  }
}

async function timed(workload: Workload, iterations: number): Promise<Timed> {
  const msPerIteration: number[] = [];
  const nativeBefore = workload.nativeMs?.();
  let criticLoss = NaN;
  for (let i = 0; i < iterations; i++) {
    const before = performance.now();
    criticLoss = await workload.iterate();
    msPerIteration.push(performance.now() - before);
  }
  const total = msPerIteration.reduce((sum, ms) => sum + ms, 0);
  const peakRssMiB = process.resourceUsage().maxRSS / 1024;
  const timed: Timed = { msPerIteration, peakRssMiB, criticLoss, memory: held(workload) };
  if (nativeBefore === undefined || !workload.nativeMs) return timed;
  return { ...timed, hostOverhead: 1 - (workload.nativeMs() - nativeBefore) / total };
}

function held({ tensors }: Workload): Memory {
  // Not in a race: after a full collection the engine's iterations are a fifth slower for a while.
  if (process.env.EARTHMOVER_BENCH_COLLECT) globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { rssMiB: rss / 2 ** 20, heapMiB: heapUsed / 2 ** 20, tensors: tensors() };
}

function write(line: Ready | Cannot | Timed | Gemm): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
