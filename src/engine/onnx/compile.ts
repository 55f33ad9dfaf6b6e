// Records a step once, compiles it to one ONNX graph, and replays it.
import os from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import type { Arrays, Step, StepDefinition } from '../engine';
import { flopsOf } from '../graph/cost';
import { constant, fill, isOp, make, topological, type Node } from '../graph/node';
import type { DType, Values } from '../graph/ops';
import { modelError } from '../modelError';
import { printGraph } from '../graph/print';
import { sizeOf, type Shape } from '../graph/shapes';
import { fingerprint } from '../passes/intern';
import { optimise, type Passes } from '../passes/optimise';
import { reportPasses } from '../passes/report';
import { rewrite } from '../passes/rewrite';
import type { GraphBackend } from './backend';
import type { NoiseKey } from '../noise/source';
import { noiseInputs } from './noiseInputs';
import { createReplay, inOnePiece } from './replay';
import type { Runtime, Tensor, Tensors } from './runtime';
import type { OnnxState, Slot } from './state';

interface Recording {
  /** Names of the results, then of the state variables that changed. */
  readonly results: ReadonlyMap<string, Node>;
  readonly changed: ReadonlyMap<Slot, Node>;
}

export interface CompileOptions {
  readonly threads: number | 'auto';
  readonly passes: Passes;
}

export async function compile<I extends string, O extends string>(
  backend: GraphBackend,
  runtime: Runtime,
  definition: StepDefinition<I, O>,
  options: CompileOptions,
): Promise<Step<I, O>> {
  const state = definition.state as OnnxState;
  const placeholders = Object.entries<readonly number[]>(definition.inputs).map(
    ([name, shape]) => [name as I, tf.keep(backend.symbol(name, shape, 'float32'))] as const,
  );
  const noise = noiseInputs(backend, definition.name);
  const record = (): Recording =>
    noise.record(() =>
      recordOnce(backend, definition, state, Object.fromEntries(placeholders) as Record<I, tf.Tensor>),
    );
  const recording = record();
  assertNothingFrozen(recording, record(), definition.name);

  const names = [...recording.results.keys()] as O[];
  const slots = [...recording.changed.keys()];
  const recorded = freeze([...recording.results.values(), ...recording.changed.values()], state);
  const optimised = optimise(recorded, options.passes);

  const results = optimised.slice(0, names.length);
  names.forEach((name, i) => {
    if (results[i].dtype === 'float32') return;
    throw new Error(`Result "${name}" of step "${definition.name}" is ${results[i].dtype}; it must be float32`);
  });
  const packed = inOnePiece(results);
  const writes = new Map(slots.map((slot, i) => [slot, optimised[names.length + i]]));
  const order = topological([...(packed ? [packed] : []), ...writes.values()]);
  const used = new Set(order);
  const inputs = new Map([...placeholders.map(([name, p]) => [name, backend.node(p)] as const), ...noise.nodes]);
  for (const [name, node] of inputs) if (!used.has(node)) inputs.delete(name);
  const reads = state.slots.filter((slot) => used.has(slot.node));
  const threads = runtime.threads ?? (options.threads === 'auto' ? threadsFor(flopsOf(order)) : options.threads);
  const replay = await createReplay(runtime, { order, inputs, reads, results: packed, writes }, state, threads);

  const shapes: Readonly<Record<string, Shape>> = { ...definition.inputs, ...noise.shapes };
  const spent = { milliseconds: 0, runs: 0 };
  const feed = (arrays: Arrays<I>, key: NoiseKey | undefined): Tensors => {
    const given: Arrays = { ...arrays, ...noise.fill(key) };
    return Object.fromEntries(
      [...inputs.keys()].map((name) => [name, fit(runtime, definition.name, name, given[name], shapes[name])]),
    );
  };
  const timed = async <T>(work: Promise<T>): Promise<T> => {
    const start = performance.now();
    const done = await work;
    spent.milliseconds += performance.now() - start;
    spent.runs++;
    return done;
  };

  return {
    name: definition.name,
    threads,
    spent,
    print: () => ({
      recorded: printGraph(recorded),
      optimised: printGraph(optimised),
      passes: reportPasses(recorded, options.passes),
    }),
    dispose: async () => {
      tf.dispose(placeholders.map(([, p]) => p));
      noise.dispose();
      await replay.dispose();
    },
    run: async (arrays, key) => split(await timed(replay.run(feed(arrays, key))), names, results),
    advance: async (arrays, key) => timed(replay.advance(feed(arrays, key))),
  };
}

/** The results by name, each a part of the one piece that they come in. */
function split<O extends string>(
  values: Float32Array,
  names: readonly O[],
  results: readonly Node[],
): Record<O, Float32Array> {
  let end = 0;
  const parts = names.map((name, i) => [name, values.subarray(end, (end += sizeOf(results[i].shape)))] as const);
  return Object.fromEntries(parts) as Record<O, Float32Array>;
}

/** Below this many operations a step is done before a second thread has helped, and loses to whatever else runs. */
const WORTH_THREADS = 1e9;

const threadsFor = (flops: number): number => (flops < WORTH_THREADS ? 1 : Math.min(8, os.availableParallelism()));

function fit(runtime: Runtime, step: string, name: string, values: Float32Array, shape: readonly number[]): Tensor {
  if (values.length !== sizeOf(shape))
    throw new Error(
      `Input "${name}" of step "${step}" is [${shape}]: it takes ${sizeOf(shape)} numbers, got ${values.length}`,
    );
  return runtime.tensor('float32', values, shape);
}

function recordOnce<I extends string, O extends string>(
  backend: GraphBackend,
  { name, compute }: StepDefinition<I, O>,
  { slots }: OnnxState,
  inputs: Record<I, tf.Tensor>,
): Recording {
  const all = Object.values(tf.engine().registeredVariables);
  const before = new Map(all.map((v) => [v, v.dataId]));
  return backend.record(() => {
    let recording: Recording | undefined;
    try {
      tf.tidy(() => {
        const computed = compute(inputs);
        const results = Object.entries<tf.Tensor>(computed).map(([key, t]) => [key, backend.node(t)] as const);
        const changed = slots.map((slot) => [slot, backend.node(slot.variable)] as const);
        tf.dispose(Object.values(computed));
        recording = {
          results: new Map(results),
          changed: new Map(changed.filter(([slot, node]) => node !== slot.node)),
        };
      });
    } finally {
      for (const { variable, original } of slots) if (variable.dataId !== original.dataId) variable.assign(original);
    }
    const stray = all.find((v) => v.dataId !== before.get(v));
    if (stray) throw new Error(`Step "${name}" assigns the variable "${stray.name}", which is not part of the state`);
    return recording!;
  });
}

/** What was a value before the recording, and is neither input nor state, is a constant of the step. */
function freeze(outputs: readonly Node[], { slots }: OnnxState): Node[] {
  const state = new Set(slots.map((s) => s.node));
  const frozen = new Map<Node, Node>();
  for (const node of topological(outputs)) {
    if (node.data === null || state.has(node)) continue;
    const { shape, dtype } = node;
    frozen.set(node, literal(node.data.values, shape, dtype));
  }
  // Leaves stay what they are in a rewrite, so their users take the constants.
  const swap = (n: Node): Node => frozen.get(n) ?? n;
  const replaced = rewrite(outputs, (node, inputs) =>
    inputs.some((i) => frozen.has(i)) ? make(node.op, inputs.map(swap), node.attributes) : undefined,
  );
  return replaced.map(swap);
}

/** A constant, or a fill where all values are one, which the passes can reason about. */
function literal(values: Values, shape: Shape, dtype: DType): Node {
  const [first] = values;
  const uniform = values.length > 0 && dtype !== 'int64' && (values as Float32Array).every((v) => Object.is(v, first));
  return uniform ? fill(Number(first), shape, dtype) : constant(values, shape, dtype);
}

/** What is not drawn as noise but differs from call to call would be frozen: two recordings must agree in every constant. */
function assertNothingFrozen(first: Recording, second: Recording, name: string): void {
  const outputs = (r: Recording): Node[] => [...r.results.values(), ...r.changed.values()];
  const [a, b] = [topological(outputs(first)), topological(outputs(second))];
  if (a.length === b.length && fingerprint(a) === fingerprint(b)) return;
  const odd = b.find(
    (node, i) => node.op !== a[i]?.op || (isConstant(node) && fingerprint([node]) !== fingerprint([a[i]])),
  );
  const user = b.find((node) => odd && node.inputs.includes(odd))?.layer ?? odd?.layer;
  const layer = user ? `, in layer "${user}"` : '';
  throw modelError(
    `Step "${name}" is not the same when it is recorded twice${layer}: something in it changes from call to call, or draws random ` +
      'numbers on its own (Math.random, tf.rand, tf.randomGamma). A compiled step would repeat the first draw forever. Use ' +
      "tf.randomNormal, tf.randomUniform, tf.dropout or a layer of TensorFlow.js', which are drawn anew at each step.",
    user ?? null,
  );
}

const isConstant = (node: Node): boolean => isOp(node, 'Constant') || node.data !== null;
