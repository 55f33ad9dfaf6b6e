// `npm run peers`: compares our engine with PyTorch, training the same GANs from the same weights on the same batches.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openOnnxEngine } from '../../src/engine/onnx/engine';
import { pythonWithTorch } from '../findPython';
import { trainEarthmover, type Outcome } from './earthmover';
import { peerSystems, STEPS } from './systems';

interface Answer {
  readonly version: string;
  readonly systems: readonly { readonly float64: Outcome; readonly float32: Outcome }[];
}

/** A difference is an error if it exceeds this and ten times PyTorch's own rounding error. */
const TOLERANCE = 1e-2;

/** Prints the table. Returns the exit code: 0 if all agree, or if PyTorch is not available. */
export async function main(root: string): Promise<number> {
  const engine = openOnnxEngine({ threads: 1 });
  const systems = peerSystems();
  const ours: Awaited<ReturnType<typeof trainEarthmover>>[] = [];
  for (const system of systems) ours.push(await trainEarthmover(engine, system));
  const answer = askPyTorch(
    root,
    ours.map(({ forPeer }) => forPeer),
  );
  if ('unavailable' in answer) {
    console.log(
      `PyTorch is unavailable: ${answer.unavailable}. Install it (pip install torch), or set EARTHMOVER_PYTHON to ` +
        'a Python with it.',
    );
    return 0;
  }
  console.log(
    `${engine.runtime} (float32) and PyTorch ${answer.version} (float32) against PyTorch in float64, ${STEPS} ` +
      'steps from the same weights and batches.',
  );
  console.log(
    'The largest difference of a loss, relative to the largest loss, and of a weight update, relative to the ' +
      'largest update of its tensor.\n',
  );
  const rows = systems.map(({ name }, i) => {
    const { float64, float32 } = answer.systems[i];
    const differ = (outcome: Outcome) => [
      distance(outcome.losses, float64.losses),
      updateDifference(outcome, float64, ours[i].start),
    ];
    return { name, ours: differ(ours[i].outcome), theirs: differ(float32) };
  });
  const cell = (v: number) => v.toExponential(1).padStart(8);
  console.log('| system | losses: ours | losses: PyTorch | weights: ours | weights: PyTorch |');
  console.log('|---|---|---|---|---|');
  for (const { name, ours, theirs } of rows)
    console.log(
      `| ${name.padEnd(37)} | ${cell(ours[0])} | ${cell(theirs[0])} | ${cell(ours[1])} | ${cell(theirs[1])} |`,
    );
  const wrong = rows.filter(({ ours, theirs }) => ours.some((v, k) => !(v <= Math.max(TOLERANCE, 10 * theirs[k]))));
  for (const { name } of wrong) console.error(`${name}: the difference is larger than rounding errors.`);
  return wrong.length === 0 ? 0 : 1;
}

function askPyTorch(root: string, systems: readonly object[]): Answer | { readonly unavailable: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-peers-'));
  try {
    const [input, output] = ['in.json', 'out.json'].map((name) => path.join(folder, name));
    writeFileSync(input, JSON.stringify(systems));
    const python = pythonWithTorch(process.env);
    const ran = spawnSync(python, [path.join(root, 'bench', 'peers', 'compare.py'), input, output], {
      encoding: 'utf8',
    });
    if (ran.error) return { unavailable: `${python} cannot be started (${ran.error.message})` };
    if (ran.status === 3) return { unavailable: ran.stdout.trim() };
    if (ran.status !== 0) throw new Error(`${python} exited with ${ran.status}:\n${ran.stderr}`);
    return JSON.parse(readFileSync(output, 'utf8')) as Answer;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Weights = Pick<Outcome, 'generator' | 'critic'>;

/** The largest difference of weight updates, over all tensors. */
function updateDifference(weights: Weights, from: Weights, start: Weights): number {
  const each = (['generator', 'critic'] as const).flatMap((role) =>
    start[role].map((before, k) => {
      const updates = (w: readonly number[]) => w.map((v, i) => v - before[i]);
      return distance(updates(weights[role][k]), updates(from[role][k]));
    }),
  );
  return Math.max(...each);
}

/** The largest difference, relative to the largest value; Infinity if the lengths differ or a value is NaN. */
function distance(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Infinity;
  const worst = Math.max(...a.map((v, i) => Math.abs(v - b[i])));
  const scale = Math.max(...b.map(Math.abs), 1e-12);
  return Number.isFinite(worst) ? worst / scale : Infinity;
}
