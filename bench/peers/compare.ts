// `npm run peers`: compares our engine with PyTorch, training the same GANs from the same weights on the same batches.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Role } from '../../src/catalog';
import { openOnnxEngine } from '../../src/engine/onnx/engine';
import { layersOf } from '../../test/reference';
import { asData, distance, parametersOf, trained } from '../../test/support/ganRun';
import { ganSystems } from '../../test/support/ganSystems';
import {
  fixturesFile,
  kernels,
  kernelValues,
  movesOf,
  shorten,
  type PytorchFixtures,
} from '../../test/support/pytorchFixtures';
import { pythonWithTorch } from '../findPython';

const roles: readonly Role[] = ['generator', 'critic'];

/** All losses in order, and the final parameters. */
type Outcome = { readonly losses: readonly number[] } & { readonly [R in Role]: readonly (readonly number[])[] };

interface Answer {
  readonly version: string;
  readonly systems: readonly { readonly float64: Outcome; readonly float32: Outcome }[];
  readonly sigmas: readonly number[];
}

/** The exit code if PyTorch is not available. */
const UNAVAILABLE = 3;

/**
 * Prints the table; with --write, stores PyTorch's results for the tests. Returns the exit code: 0 if all agree, 1 if
 * not, 3 if PyTorch is not available.
 */
export async function main(root: string, args: readonly string[]): Promise<number> {
  const { values: options } = parseArgs({
    args: [...args],
    options: { python: { type: 'string' }, write: { type: 'boolean', default: false } },
  });
  const python = options.python ?? pythonWithTorch(process.env);
  const ours = [];
  for (const [name, { system, tolerance }] of Object.entries(ganSystems)) {
    const run = await trained(system);
    const { of, ...data } = asData(system, run.initial);
    const layers = { generator: layersOf(of.generator).layers, critic: layersOf(of.critic).layers };
    const weights = (role: Role) => parametersOf(run.final, role).map(({ values }) => values);
    const outcome = { losses: run.losses, generator: weights('generator'), critic: weights('critic') };
    ours.push({ name, tolerance, outcome, data: { ...data, layers } });
  }
  const asked = Object.values(kernels).map((of) => ({ ...of, kernel: kernelValues(of.shape) }));
  const answer = askPyTorch(python, root, { systems: ours.map(({ data }) => data), kernels: asked });
  if ('unavailable' in answer) {
    console.log(
      `Nothing was compared: ${answer.unavailable}. Install PyTorch (pip install torch), or name a Python that has it: ` +
        'npm run peers -- --python PATH.',
    );
    return UNAVAILABLE;
  }
  const { runtime } = openOnnxEngine({ threads: 1 });
  console.log(
    `${runtime} (float32) and PyTorch ${answer.version} (float32) against PyTorch in float64: ${ours.length} systems, ` +
      'each for five steps of two critic updates, from the same weights on the same batches.',
  );
  console.log(
    'The largest difference of a loss, relative to the largest loss, and of a weight update, relative to the largest ' +
      'update of its tensor.\n',
  );
  const rows = ours.map(({ name, tolerance, outcome, data }, i) => {
    const { float64, float32 } = answer.systems[i]!;
    const differ = (of: { losses: ArrayLike<number> } & { [R in Role]: readonly ArrayLike<number>[] }) => [
      distance(of.losses, float64.losses),
      Math.max(...roles.map((role) => worstMove(data.weights[role], of[role], float64[role]))),
    ];
    return { name, tolerance, ours: differ(outcome), theirs: differ(float32) };
  });
  const width = Math.max(...rows.map(({ name }) => name.length));
  const line = (...cells: string[]) => console.log(`| ${cells.join(' | ')} |`);
  line('system'.padEnd(width), 'losses: ours', 'PyTorch', 'weights: ours', 'PyTorch');
  line('-'.repeat(width), ...[12, 7, 13, 7].map((n) => '-'.repeat(n)));
  for (const { name, ours, theirs } of rows) {
    const cell = (v: number, width: number) => v.toExponential(1).padStart(width);
    line(name.padEnd(width), cell(ours[0]!, 12), cell(theirs[0]!, 7), cell(ours[1]!, 13), cell(theirs[1]!, 7));
  }
  if (options.write) write(path.join(root, fixturesFile), ours, answer);
  // A loss within the tolerance of its test, an update within fifty times that: a ReLU may flip by a rounding error.
  const wrong = rows.filter(({ ours, tolerance }) => !(ours[0]! <= tolerance && ours[1]! <= 50 * tolerance));
  for (const { name } of wrong) console.error(`${name}: the difference is larger than rounding errors.`);
  return wrong.length === 0 ? 0 : 1;
}

function askPyTorch(python: string, root: string, given: object): Answer | { readonly unavailable: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-peers-'));
  try {
    const [input, output] = [path.join(folder, 'in.json'), path.join(folder, 'out.json')];
    const plain = (_: string, value: unknown) => (ArrayBuffer.isView(value) ? [...(value as Float32Array)] : value);
    writeFileSync(input, JSON.stringify(given, plain));
    const ran = spawnSync(python, [path.join(root, 'bench', 'peers', 'compare.py'), input, output], {
      encoding: 'utf8',
    });
    if (ran.error) return { unavailable: `${python} cannot be started (${ran.error.message})` };
    if (ran.status === UNAVAILABLE) return { unavailable: ran.stdout.trim() };
    if (ran.status !== 0) throw new Error(`${python} exited with ${ran.status}:\n${ran.stderr}`);
    return JSON.parse(readFileSync(output, 'utf8')) as Answer;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Start = readonly { readonly data: ArrayLike<number> }[];

/** The largest difference of a tensor's move from the start, relative to the largest move of that tensor. */
function worstMove(start: Start, got: readonly ArrayLike<number>[], wanted: readonly ArrayLike<number>[]): number {
  const before = start.map(({ data }) => data);
  const [ours, theirs] = [movesOf(before, got), movesOf(before, wanted)];
  const scale = Math.max(...theirs.map((move) => largest(move)));
  return Math.max(
    ...theirs.map((move, k) =>
      // A normalization cancels the bias before it, whose gradient is pure rounding error.
      largest(move) < 1e-9 * scale ? largest(ours[k]!) / scale : distance(ours[k]!, move),
    ),
  );
}

const largest = (values: Float64Array): number => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);

function write(
  file: string,
  ours: readonly { name: string; data: { weights: Record<Role, Start> } }[],
  answer: Answer,
) {
  const outcomes = ours.map(({ name, data }, i) => {
    const { float64 } = answer.systems[i]!;
    const moves = (role: Role) =>
      movesOf(
        data.weights[role].map(({ data }) => data),
        float64[role],
      ).map(shorten);
    return [name, { losses: float64.losses, generator: moves('generator'), critic: moves('critic') }] as const;
  });
  const fixtures: PytorchFixtures = {
    version: answer.version,
    systems: Object.fromEntries(outcomes),
    sigmas: Object.fromEntries(Object.keys(kernels).map((name, i) => [name, answer.sigmas[i]!])),
  };
  // Ten digits are enough for a tolerance of 1e-8.
  const short = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(10)) : value);
  const systems = Object.entries(fixtures.systems).map(
    ([name, of]) => `${JSON.stringify(name)}:${JSON.stringify(of, short)}`,
  );
  writeFileSync(
    file,
    `{"version":${JSON.stringify(fixtures.version)},\n"sigmas":${JSON.stringify(fixtures.sigmas, short)},\n"systems":{\n${systems.join(',\n')}\n}}\n`,
  );
}
