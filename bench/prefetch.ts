// Benchmarks prefetching: whole training runs of the built trainer with and without the prefetch thread, alternating.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { median } from './statistics';

interface PrefetchCase {
  readonly name: string;
  /** An experiment file of the project, and settings that change it, as `--set` takes them. */
  readonly file: string;
  readonly set: readonly string[];
  /** Timed steps. */
  readonly steps: number;
}

/** The request for one training run. */
export interface Training extends Omit<PrefetchCase, 'name'> {
  readonly root: string;
  readonly prefetch: boolean;
  /**
   * The run directory, of a run with samples, checkpoints and metrics as in the file; absent for a temporary one, of a
   * run without.
   */
  readonly directory?: string;
}

/** Wall-clock and CPU milliseconds per step, and the share of updates whose inputs were ready. */
export interface TrainingTimes {
  readonly ms: number;
  readonly cpuMs: number;
  readonly share: number;
}

const noise = 'stabilization.instanceNoise={"sigma":0.5,"schedule":"linear"}';
const wide = '{"network":"mlp","depth":3,"width":512}';
const small = '{"network":"mlp","depth":1,"width":8}';
const shapes = 'data={"source":"shapes","size":64,"samples":500}';
const digits = 'examples/digits-wgan-gp.gan.json';

/**
 * Points, with few random inputs; the MLP of the benchmarks on digits; it and a convolutional network with instance
 * noise,
 * 100,000 normals per critic update, with and without a free core; and images whose inputs take longer than the
 * computation.
 */
export const prefetchCases: readonly PrefetchCase[] = [
  { name: 'eight-gaussians', file: 'examples/eight-gaussians.gan.json', set: [], steps: 2000 },
  { name: 'digits-mlp', file: digits, set: [`generator=${wide}`, `critic=${wide}`], steps: 60 },
  { name: 'digits-mlp-noise', file: digits, set: [`generator=${wide}`, `critic=${wide}`, noise], steps: 60 },
  {
    name: 'digits-mlp-noise, one thread',
    file: digits,
    set: [`generator=${wide}`, `critic=${wide}`, noise, 'threads=1'],
    steps: 40,
  },
  { name: 'digits-conv-noise', file: digits, set: [noise], steps: 40 },
  { name: 'shapes-64-noise', file: digits, set: [shapes, `generator=${small}`, `critic=${small}`, noise], steps: 15 },
];

/** Trains each case with and without prefetching in each round, in alternating order, and prints a table of medians. */
export function benchmarkPrefetch(
  cases: readonly PrefetchCase[],
  rounds: number,
  root: string,
  print: (text: string) => void,
): void {
  const bundle = path.join(root, 'dist', 'bench', 'training.cjs');
  if (!existsSync(path.join(root, 'dist', 'prefetch-worker.cjs'))) throw new Error('dist/ is not built: npm run build');
  print('| case | without, ms/step | with, ms/step | speedup | CPU ms without, with | inputs ready |');
  print('| --- | ---: | ---: | ---: | ---: | ---: |');
  for (const { name, ...of } of cases) {
    const train = (prefetch: boolean): TrainingTimes => {
      const request: Training = { ...of, root, prefetch };
      return JSON.parse(
        execFileSync(process.execPath, [bundle, JSON.stringify(request)], { encoding: 'utf8' }),
      ) as TrainingTimes;
    };
    const results = Array.from({ length: rounds }, (_, round) => {
      const first = train(round % 2 === 1);
      const second = train(round % 2 === 0);
      return round % 2 === 1 ? { with: first, without: second } : { with: second, without: first };
    });
    const [without, prefetched] = (['without', 'with'] as const).map((way) => results.map((result) => result[way]));
    const ratio = median(results.map((result) => result.without.ms / result.with.ms));
    const medianOf = (times: readonly TrainingTimes[], key: keyof TrainingTimes): number =>
      median(times.map((each) => each[key]));
    const cells = [
      name,
      medianOf(without, 'ms').toFixed(2),
      medianOf(prefetched, 'ms').toFixed(2),
      ratio.toFixed(2),
      `${medianOf(without, 'cpuMs').toFixed(2)}, ${medianOf(prefetched, 'cpuMs').toFixed(2)}`,
      `${(100 * medianOf(prefetched, 'share')).toFixed(0)}%`,
    ];
    print(`| ${cells.join(' | ')} |`);
  }
}
