// Who takes part: our engine and its peers, each with the settings among which its best is sought.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pythonWithTorch } from './findPython';

/** One way to start a contender. */
export interface Setting {
  /** What the table calls it; empty where there is only one. */
  readonly label: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Contender {
  readonly name: string;
  /** The engine whose share of the GEMM rate and host overhead are reported, and that ratios refer to. */
  readonly ours?: true;
  readonly command: string;
  /** Before the case, which is the last argument. */
  readonly args: readonly string[];
  readonly settings: readonly [Setting, ...Setting[]];
  /** Said instead of starting it. */
  readonly absent?: string;
  /** What to do when its command is not found. */
  readonly help: string;
}

/** The contenders of a project folder; the TypeScript ones are bundled in `dist/bench`. */
export function contendersOf(root: string, python: string = pythonWithTorch(process.env)): Contender[] {
  /** One of those written in TypeScript, which is told its name. */
  const bundled = (name: string, file: string): Contender => {
    const bundle = path.join(root, 'dist', 'bench', `${file}.cjs`);
    return {
      name,
      command: process.execPath,
      // What it holds is told after what it has let go is collected.
      args: ['--expose-gc', bundle, name],
      settings: [{ label: '', env: {} }],
      ...(existsSync(bundle) ? {} : { absent: `bench/contenders/${file}.ts is not there` }),
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
    settings,
    help: 'Install Python 3 and PyTorch (pip install torch), or name a Python that has it in EARTHMOVER_PYTHON.',
  });
  const onProcessor = pytorchSettings(availableParallelism());
  return [
    { ...bundled('onnx-cpu', 'onnx'), ours: true },
    bundled('onnx-webgpu', 'onnx'),
    bundled('tensorflow', 'onnx'),
    bundled('tfjs-cpu', 'tfjs'),
    bundled('tfjs-wasm', 'tfjs'),
    pytorch('eager', onProcessor),
    pytorch('compile', onProcessor),
    pytorch('eager', [{ label: '', env: { EARTHMOVER_BENCH_DEVICE: 'cuda' } }], 'pytorch-cuda'),
  ];
}

/** Our engine with a pass switched off, to race with itself. */
export const without = ({ ours: _, ...engine }: Contender, pass: string): Contender => ({
  ...engine,
  name: `${engine.name} without ${pass}`,
  settings: [{ label: '', env: { EARTHMOVER_BENCH_WITHOUT: pass } }],
});

/**
 * PyTorch's best setting depends on its build and on the case: images channels first or last; and with OpenBLAS beside OpenMP the two pools of spinning threads fight on few
 * cores, so its default is not the one to be measured against.
 */
function pytorchSettings(cores: number): [Setting, ...Setting[]] {
  const threads = (n: number) => ({
    EARTHMOVER_BENCH_THREADS: `${n}`,
    OMP_NUM_THREADS: `${n}`,
    MKL_NUM_THREADS: `${n}`,
  });
  const one: Setting = { label: '1 thread', env: { ...threads(1), OPENBLAS_NUM_THREADS: '1' } };
  const several = (cores > 2 ? [2, cores] : [cores]).filter((n) => n > 1);
  const lastChannels = ({ label, env }: Setting): Setting => ({
    label: `${label}, channels_last`,
    env: { ...env, EARTHMOVER_BENCH_LAYOUT: 'channels_last' },
  });
  const settings = several.flatMap((n) => [
    { label: `${n} threads, OPENBLAS_NUM_THREADS=1`, env: { ...threads(n), OPENBLAS_NUM_THREADS: '1' } },
    { label: `${n} threads, OMP_WAIT_POLICY=passive`, env: { ...threads(n), OMP_WAIT_POLICY: 'passive' } },
  ]);
  return [one, lastChannels(one), ...settings, ...settings.map(lastChannels)];
}
