// A program that computes the same on the CPU and on WebGPU, and prints the largest difference of each case as a line
// of JSON: `main.cjs operations`, `main.cjs kernels`, `main.cjs convolutions --cases 200 --seed 1`, or
// `main.cjs witnesses`, which computes some operations with and without their workarounds; `main.cjs recordings` prints
// what is wrong with replays of recorded commands.
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import type { Op, Values } from '../../src/engine/graph/ops';
import { leaf, make, type Node } from '../../src/engine/graph/node';
import { sizeOf } from '../../src/engine/graph/shapes';
import '../../src/engine/tfjs';
import { openOnnxEngine } from '../../src/engine/onnx/engine';
import { ALL_PASSES, type Passes } from '../../src/engine/passes/optimize';
import { avoidWebgpuErrors } from '../../src/engine/passes/webgpuWorkarounds';
import { fillNormal } from '../../src/math/random';
import { kernelRows } from '../support/kernelCases';
import { convolutionCases, winogradCases, type TensorCase } from './convolutionCases';
import { isUntested, operationCases, type Operand, type OperationCase } from './operationCases';
import { wrongRecordings } from './recordings';
import { runGraph } from './runGraph';
import { witnesses } from './witnesses';

/** The largest difference in a result, relative to its largest number; or the error of WebGPU. */
export interface Difference {
  readonly name: string;
  readonly results: number;
  readonly largest: number;
  readonly where: string;
  readonly error?: string;
}

const report = (difference: Difference): void => console.log(JSON.stringify(difference));

type Results = readonly (readonly [name: string, values: Float32Array])[];

function compare(name: string, expected: Results, found: Results): Difference {
  const differences = expected.map(([where, values], i) => ({ where, largest: relative(values, found[i][1]) }));
  const worst = differences.reduce((a, b) => (b.largest > a.largest ? b : a));
  return { name, results: expected.length, ...worst };
}

function relative(expected: Float32Array, found: Float32Array): number {
  const scale = expected.reduce((max, v) => Math.max(max, Math.abs(v)), 1e-6);
  return expected.reduce((worst, v, i) => {
    const difference = Object.is(v, found[i]) ? 0 : Math.abs(v - found[i]) / scale;
    return Number.isNaN(difference) ? Infinity : Math.max(worst, difference);
  }, 0);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const failed = (name: string, results: number, error: unknown): Difference => ({
  name,
  results,
  largest: Infinity,
  where: name,
  error: messageOf(error),
});

let drawn = 0;
function normal(size: number): Float32Array {
  const values = new Float32Array(size);
  fillNormal(values, { seed: 5, stream: 'webgpu', step: drawn++ });
  return values;
}

function valuesOf({ shape, dtype, values }: Operand): Values {
  const z = normal(sizeOf(shape));
  const whole = (v: number): number => Math.floor(Math.abs(v) * 1000);
  const numbers =
    typeof values === 'object'
      ? z.map((v) => whole(v) % values.below)
      : {
          normal: () => z,
          positive: () => z.map((v) => Math.abs(v) + 0.2),
          aboveOne: () => z.map((v) => Math.abs(v) + 1.1),
          within: () => z.map((v) => 0.9 * Math.tanh(v)),
          aboveZero: () => z.map((v) => 1 + (whole(v) % 5)),
        }[values]();
  if (dtype === 'int32') return Int32Array.from(numbers);
  if (dtype === 'int64') return BigInt64Array.from([...numbers], BigInt);
  return dtype === 'bool' ? Uint8Array.from(numbers) : numbers;
}

/** All cases of an operation as one graph. */
async function compareOperation(
  name: string,
  op: Op,
  cases: readonly OperationCase[],
  adapt: (nodes: readonly Node[]) => Node[],
) {
  const feeds = new Map<string, readonly [Operand, Values]>();
  const leaves = new Map<string, Node>();
  const input = (operand: Operand): Node => {
    const name = `${leaves.size}`;
    leaves.set(name, leaf(name, operand.shape, operand.dtype));
    feeds.set(name, [operand, valuesOf(operand)]);
    return leaves.get(name)!;
  };
  const nodes = cases.map(({ inputs, attributes }) => make(op, inputs.map(input), attributes));
  const names = cases.map(({ inputs, attributes }) => JSON.stringify([inputs.map(({ shape }) => shape), attributes]));
  const on = async (device: 'cpu' | 'webgpu', outputs: Node[]): Promise<Results> => {
    const results = await runGraph(device, outputs, leaves, (tensor) =>
      Object.fromEntries(
        [...feeds].map(([name, [operand, values]]) => [name, tensor(operand.dtype, values, operand.shape)]),
      ),
    );
    return results.map((values, i) => [names[i], values] as const);
  };
  const expected = await on('cpu', nodes);
  try {
    return compare(name, expected, await on('webgpu', adapt(nodes)));
  } catch (error) {
    return failed(name, cases.length, error);
  }
}

async function operations(): Promise<void> {
  for (const [op, row] of Object.entries(operationCases) as [Op, (typeof operationCases)[Op]][])
    if (!isUntested(row)) report(await compareOperation(op, op, row, avoidWebgpuErrors));
}

/** Each witness as ONNX Runtime computes it, then with its workaround. */
async function compareWitnesses(): Promise<void> {
  for (const { name, op, cases } of witnesses) {
    report(await compareOperation(`${name}, as it is`, op, cases, (nodes) => [...nodes]));
    report(await compareOperation(name, op, cases, avoidWebgpuErrors));
  }
}

/** Random numbers from which all inputs are taken. */
const POOL = 400_000;
const pool = normal(POOL);

/** The values, gradients and, if `second`, second derivatives of functions, compiled as one step. */
async function valuesAndGradients(
  device: 'cpu' | 'webgpu',
  cases: readonly TensorCase[],
  passes: Passes,
  second: boolean,
): Promise<Results> {
  const engine = openOnnxEngine({ device, threads: 1, passes });
  const state = engine.state({});
  const compute = ({ numbers }: { numbers: tf.Tensor }): Record<string, tf.Tensor> => {
    let at = 0;
    const take = (shape: readonly number[]): tf.Tensor => {
      const size = sizeOf(shape);
      at = (at * 31 + 17) % (POOL - size);
      return tf.reshape(tf.slice(numbers, [at], [size]), [...shape]);
    };
    return Object.assign({}, ...cases.map((each) => resultsOf(each, take, second))) as Record<string, tf.Tensor>;
  };
  const step = await engine.compile({ name: 'differences', state, inputs: { numbers: [POOL] }, compute });
  try {
    const results = await step.run({ numbers: pool });
    return Object.entries(results).map(([name, values]) => [name, values.slice()] as const);
  } finally {
    await step.dispose();
    state.dispose();
  }
}

function resultsOf(
  { name, f, shapes }: TensorCase,
  take: (shape: readonly number[]) => tf.Tensor,
  second: boolean,
): Record<string, tf.Tensor> {
  const x = shapes.map(take);
  const y = f(...x);
  const dy = take(y.shape);
  const gradient = (...at: tf.Tensor[]): tf.Tensor[] => tf.grads(f)(at, dy);
  const results = { y, ...Object.fromEntries(gradient(...x).map((g, i) => [`gradient ${i}`, g])) };
  if (second) {
    const weights = x.map(({ shape }) => take(shape));
    const sum = (...at: tf.Tensor[]): tf.Tensor =>
      gradient(...at).reduce<tf.Tensor>((total, g, i) => tf.add(total, tf.sum(tf.mul(g, weights[i]))), tf.scalar(0));
    try {
      tf.grads(sum)(x).forEach((g, i) => Object.assign(results, { [`second derivative ${i}`]: g }));
    } catch {
      // A function that is linear or that has no second derivative.
    }
  }
  return Object.fromEntries(Object.entries(results).map(([key, value]) => [`${name}, ${key}`, tf.clone(value)]));
}

async function compareTensors(name: string, cases: readonly TensorCase[], passes: Passes, second: boolean) {
  const expected = await valuesAndGradients('cpu', cases, ALL_PASSES, second);
  try {
    return compare(name, expected, await valuesAndGradients('webgpu', cases, passes, second));
  } catch (error) {
    return failed(name, expected.length, error);
  }
}

/** Half of them as im2col and Winograd, as on every device, half as the convolutions of ONNX Runtime. */
async function convolutions(count: number, seed: number): Promise<void> {
  const chunk = 50;
  for (let from = 0; from < count; from += chunk) {
    const to = Math.min(count, from + chunk);
    const native = (from / chunk) % 2 === 0;
    const passes = { ...ALL_PASSES, im2col: !native, winograd: !native };
    const name = `convolutions ${from} to ${to - 1}${native ? '' : ', im2col'}`;
    report(await compareTensors(name, convolutionCases(seed, from, to), passes, false));
  }
}

async function winograd(): Promise<void> {
  report(await compareTensors("convolutions by Winograd's algorithm", winogradCases, ALL_PASSES, true));
}

async function kernels(): Promise<void> {
  for (const [kernel, row] of Object.entries(kernelRows)) {
    if ('reason' in row!) continue;
    const flat = (y: tf.Tensor | tf.Tensor[]): tf.Tensor =>
      Array.isArray(y) ? tf.concat(y.map((part) => tf.reshape(part, [-1]))) : y;
    const cases = row!.map(({ f, shapes }, i) => ({
      name: `${kernel} ${i}`,
      shapes,
      f: (...x: tf.Tensor[]) => flat(f(...x)),
    }));
    report(
      await compareTensors(
        kernel,
        cases,
        ALL_PASSES,
        row!.every(({ rejected }) => !rejected),
      ),
    );
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { cases: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
  });
  const parts: Readonly<Record<string, () => Promise<void>>> = {
    operations,
    witnesses: compareWitnesses,
    kernels,
    winograd,
    recordings: async () => console.log(JSON.stringify(await wrongRecordings())),
    convolutions: () => convolutions(Number(values.cases), Number(values.seed)),
  };
  for (const part of positionals.length > 0 ? positionals : ['operations', 'kernels', 'winograd', 'convolutions']) {
    if (!Object.hasOwn(parts, part))
      throw new Error(`Unknown part '${part}'. Parts: ${Object.keys(parts).join(', ')}.`);
    await parts[part]();
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 2;
});
