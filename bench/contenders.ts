// The contenders: our engine and its peers, each with the settings to try.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Binding } from '../src/engine/onnx/nativeRuntime';
import { pythonWithTorch } from './findPython';

/** One way to start a contender. */
export interface Setting {
  /** Its name in the table; empty if there is only one setting. */
  readonly label: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Contender {
  readonly name: string;
  /** Our engine: ratios are relative to it, and its GEMM fraction and host overhead are reported. */
  readonly ours?: true;
  readonly command: string;
  /** Arguments before the case, which is the last one. */
  readonly args: readonly string[];
  readonly settings: readonly [Setting, ...Setting[]];
  /** Why it cannot be started. */
  readonly absent?: string;
  /** What to do if its command is not found. */
  readonly help: string;
}

export interface ContenderOptions {
  /** A Python that has PyTorch. */
  readonly python?: string;
  /** Threads of every contender; null for the best number of each. */
  readonly threads?: number | null;
  /** Environment variables of every contender. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The contenders of a project folder; the TypeScript ones are bundled in `dist/bench`. */
export function contendersOf(
  root: string,
  { python = pythonWithTorch(process.env), threads = null, env = {} }: ContenderOptions = {},
): Contender[] {
  /** A contender in TypeScript, which gets its name as an argument. */
  const bundled = (name: string, file: string): Contender => {
    const bundle = path.join(root, 'dist', 'bench', `${file}.cjs`);
    return {
      name,
      command: process.execPath,
      // For memory measurements after a garbage collection.
      args: ['--expose-gc', bundle, name],
      settings: [
        { label: '', env: { ...env, ...(threads === null ? {} : { EARTHMOVER_BENCH_THREADS: `${threads}` }) } },
      ],
      ...(existsSync(bundle) ? {} : { absent: `bench/contenders/${file}.ts does not exist` }),
      help: 'Run npm run bench, which builds it.',
    };
  };
  const pytorch = (
    mode: 'eager' | 'compile',
    settings: Contender['settings'],
    name = `pytorch-${mode}`,
  ): Contender => ({
    name,
    command: python,
    args: [path.join(root, 'bench', 'peers', 'pytorch.py'), mode],
    settings: withEnvironment(settings, env),
    help: 'Install Python 3 and PyTorch (pip install torch), or name a Python that has it in EARTHMOVER_PYTHON.',
  });
  const onCpu = pytorchSettings(threads === null ? [1, ...several(availableParallelism())] : [threads]);
  return [
    { ...bundled('onnx-cpu', 'onnx'), ours: true },
    bundled('onnx-webgpu', 'onnx'),
    bundled('onnx-cuda', 'onnx'),
    plain(bundled('onnx-cuda', 'onnx')),
    bundled('tensorflow', 'onnx'),
    bundled('tfjs-cpu', 'tfjs'),
    bundled('tfjs-wasm', 'tfjs'),
    pytorch('eager', onCpu),
    pytorch('compile', onCpu),
    pytorch('eager', onCuda, 'pytorch-cuda'),
    pytorch('compile', onCuda, 'pytorch-cuda-compile'),
  ];
}

const onCuda: Contender['settings'] = [{ label: '', env: { EARTHMOVER_BENCH_DEVICE: 'cuda' } }];

/** Our engine on a GPU that gets its commands one by one. */
const plain = (engine: Contender): Contender => ({
  ...engine,
  name: `${engine.name}-plain`,
  settings: [{ label: '', env: { ...engine.settings[0].env, EARTHMOVER_RECORDINGS: 'off' } }],
});

function withEnvironment([first, ...others]: Contender['settings'], env: Setting['env']): Contender['settings'] {
  const extended = (setting: Setting): Setting => ({ ...setting, env: { ...setting.env, ...env } });
  return [extended(first), ...others.map(extended)];
}

/** Our engine with a pass switched off, as an additional contender. */
export const without = ({ ours: _, ...engine }: Contender, pass: string): Contender => ({
  ...engine,
  name: `${engine.name} without ${pass}`,
  settings: [{ label: '', env: { ...engine.settings[0].env, EARTHMOVER_BENCH_WITHOUT: pass } }],
});

/** Our engine with a way to call the native library, as an additional contender. */
export const through = ({ ours: _, ...engine }: Contender, binding: Binding): Contender => ({
  ...engine,
  name: `${engine.name} through ${binding}`,
  settings: [{ label: '', env: { ...engine.settings[0].env, EARTHMOVER_ONNX_BINDING: binding } }],
});

/** Numbers of threads to try besides one. */
const several = (cores: number): readonly number[] => (cores > 2 ? [2, cores] : [cores]).filter((n) => n > 1);

/**
 * The best setting of PyTorch depends on its build and on the case: channels first or last, and with both OpenBLAS and
 * OpenMP, two pools of spinning threads compete for the cores, so that its default is not a fair baseline.
 */
function pytorchSettings(counts: readonly number[]): [Setting, ...Setting[]] {
  const channelsFirst = counts.flatMap((n) => {
    const threads = {
      EARTHMOVER_BENCH_THREADS: `${n}`,
      OMP_NUM_THREADS: `${n}`,
      MKL_NUM_THREADS: `${n}`,
    };
    if (n === 1) return [{ label: '1 thread', env: { ...threads, OPENBLAS_NUM_THREADS: '1' } }];
    return [
      { label: `${n} threads, OPENBLAS_NUM_THREADS=1`, env: { ...threads, OPENBLAS_NUM_THREADS: '1' } },
      { label: `${n} threads, OMP_WAIT_POLICY=passive`, env: { ...threads, OMP_WAIT_POLICY: 'passive' } },
    ];
  });
  const channelsLast = channelsFirst.map(({ label, env }) => ({
    label: `${label}, channels_last`,
    env: { ...env, EARTHMOVER_BENCH_LAYOUT: 'channels_last' },
  }));
  const [first, ...others] = [...channelsFirst, ...channelsLast];
  return [first, ...others];
}
