// Compiles a step: records it, optimizes its graph, and creates its session.
import * as tf from '@tensorflow/tfjs-core';
import type { Arrays, Device, Step, StepDefinition } from '../engine';
import { flopsOf } from '../graph/cost';
import { isOp, make, topologicalOrder, type Node } from '../graph/node';
import { printGraph } from '../graph/print';
import { sizeOf, type Shape } from '../graph/shapes';
import { optimize, type Passes } from '../passes/optimize';
import { hostUpdates } from '../passes/hostUpdates';
import { reportPasses } from '../passes/passReport';
import { gatherTransposes } from '../passes/gatherTransposes';
import { fuseGemmActivations, fusesOnlyActivations } from '../passes/runtimeOptimizations';
import { avoidWebgpuErrors } from '../passes/webgpuWorkarounds';
import type { GraphBackend } from './graphBackend';
import type { NoiseKey } from '../noise/source';
import { noiseInputs } from './noiseInputs';
import { recordStep } from './recordStep';
import { createStepRunner, packOutputs } from './stepRunner';
import type { Runtime, Tensor, Tensors } from './runtime';
import type { OnnxState, Slot } from './state';
import { createUpdateKernels } from './updateKernels';

export interface CompileOptions {
  readonly threads: number | 'auto';
  /** Cores that 'auto' counts on. */
  readonly cores: number;
  readonly passes: Passes;
}

export async function compileStep<I extends string, O extends string>(
  backend: GraphBackend,
  runtime: Runtime,
  definition: StepDefinition<I, O>,
  options: CompileOptions,
): Promise<Step<I, O>> {
  const state = definition.state as OnnxState;
  const placeholders = Object.entries<readonly number[]>(definition.inputs).map(
    ([name, shape]) => [name as I, tf.keep(backend.placeholder(name, shape, 'float32'))] as const,
  );
  const noise = noiseInputs(backend, definition.name);
  const inputTensors = Object.fromEntries(placeholders) as Record<I, tf.Tensor>;
  const { names, slots, outputs: recorded } = recordStep(backend, definition, inputTensors, noise);
  const isCpu = runtime.device === 'cpu';
  const onHost = options.passes.hostUpdates && isCpu;
  const passes = {
    ...options.passes,
    batchLast: options.passes.batchLast && isCpu,
    fuseOptimizerUpdates: options.passes.fuseOptimizerUpdates && !onHost,
  };
  const portable = optimize(recorded, passes);
  const threads =
    runtime.threads ??
    (options.threads === 'auto' ? threadsFor(flopsOf(topologicalOrder(portable)), options.cores) : options.threads);
  const { optimized, graphOptimizations } = forDevice(runtime.device, portable, options.passes.gatherTransposes);

  const results = optimized.slice(0, names.length);
  names.forEach((name, i) => {
    if (results[i].dtype === 'float32') return;
    throw new Error(`Result "${name}" of step "${definition.name}" is ${results[i].dtype}; it must be float32`);
  });
  const ending = runtime.deviceMemory ? computedOutput : (node: Node) => node;
  const flat = packOutputs(results);
  const packed = flat && ending(flat);
  const inputs = new Map([...placeholders.map(([name, p]) => [name, backend.node(p)] as const), ...noise.nodes]);
  const next = new Map(slots.map((slot, i) => [slot, optimized[names.length + i]]));
  const split = onHost ? splitUpdates(runtime, next, state.slots, inputs) : null;
  const writes = new Map(
    [...next].flatMap(([slot, node]) => (split?.written.has(slot.node) ? [] : [[slot, ending(node)] as const])),
  );
  const ends = [...(packed ? [packed] : []), ...writes.values(), ...(split?.kernels.results.keys() ?? [])];
  const unpacked = [...results, ...ends.slice(packed ? 1 : 0)];
  const order = topologicalOrder(ends);
  const used = new Set(order);
  for (const [name, node] of inputs) if (!used.has(node)) inputs.delete(name);
  const reads = state.slots.filter((slot) => used.has(slot.node));
  const graph = { order, inputs, reads, results: packed, writes, updates: split?.kernels ?? null };
  const runner = await createStepRunner(runtime, graph, state, { threads, graphOptimizations });

  const shapes: Readonly<Record<string, Shape>> = { ...definition.inputs, ...noise.shapes };
  const spent = { milliseconds: 0, runs: 0 };
  // An array that is passed again keeps its tensor, which reads the current content of the array.
  const lastArrays: Record<string, Float32Array> = {};
  const tensors: Tensors = {};
  const toTensors = (arrays: Arrays, key: NoiseKey | undefined): Tensors => {
    const noiseArrays = noise.fill(key);
    for (const name of inputs.keys()) {
      const values = noiseArrays[name] ?? arrays[name];
      if (tensors[name] && lastArrays[name] === values) continue;
      tensors[name] = inputTensor(runtime, definition.name, name, values, shapes[name]);
      lastArrays[name] = values;
    }
    return tensors;
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
      optimized: printGraph(unpacked),
      passes: reportPasses(recorded, passes, split ? unpacked : undefined),
    }),
    dispose: async () => {
      tf.dispose(placeholders.map(([, p]) => p));
      noise.dispose();
      await runner.dispose();
    },
    run: async (arrays, key) => unpack(await timed(runner.run(toTensors(arrays, key), arrays)), names, results),
    advance: async (arrays, key) => timed(runner.advance(toTensors(arrays, key), arrays)),
  };
}

/** Takes the updates of variables out of the graph; null if nothing is taken out. */
function splitUpdates(
  runtime: Runtime,
  next: ReadonlyMap<Slot, Node>,
  slots: readonly Slot[],
  inputs: ReadonlyMap<string, Node>,
) {
  const variables = new Set(slots.map(({ node }) => node));
  const updates = hostUpdates(new Map([...next].map(([slot, node]) => [slot.node, node])), variables);
  const names = new Map([...inputs].map(([name, node]) => [node, name]));
  const kernels = updates.length > 0 ? createUpdateKernels(runtime, updates, slots, names) : null;
  return kernels && { kernels, written: new Set(updates.flatMap(({ written }) => written)) };
}

/** The graph as the device runs it, and whether ONNX Runtime has anything left to optimize in it. */
function forDevice(device: Device, portable: readonly Node[], gathers: boolean) {
  if (device === 'webgpu') return { optimized: avoidWebgpuErrors(portable), graphOptimizations: true };
  if (device !== 'cpu') return { optimized: portable, graphOptimizations: true };
  if (!fusesOnlyActivations(portable))
    return { optimized: gathers ? gatherTransposes(portable) : portable, graphOptimizations: true };
  return { optimized: fuseGemmActivations(portable), graphOptimizations: false };
}

/**
 * A recording has no copies of buffers (cApiDevice.ts): an output that would be one is computed. The optimizer of ONNX
 * Runtime removes neutral operations such as a multiplication by one, but not these.
 */
const computedOutput = (node: Node): Node =>
  isOp(node, 'Reshape') || isOp(node, 'Identity') || isOp(node, 'Leaf')
    ? make('Neg', [make('Neg', [node], {})], {})
    : node;

/** The results by name, as views of the packed output. */
function unpack<O extends string>(
  values: Float32Array,
  names: readonly O[],
  results: readonly Node[],
): Record<O, Float32Array> {
  let end = 0;
  const parts = names.map((name, i) => [name, values.subarray(end, (end += sizeOf(results[i].shape)))] as const);
  return Object.fromEntries(parts) as Record<O, Float32Array>;
}

/** Steps with fewer floating-point operations run on one thread: starting others costs more than they gain. */
const MULTITHREADING_MIN_FLOPS = 5e8;

const threadsFor = (flops: number, cores: number): number =>
  flops < MULTITHREADING_MIN_FLOPS ? 1 : Math.min(8, cores);

function inputTensor(runtime: Runtime, step: string, name: string, values: Float32Array, shape: Shape): Tensor {
  const size = sizeOf(shape);
  if (values.length !== size)
    throw new Error(
      `Input "${name}" of step "${step}" has shape [${shape}] and needs ${size} numbers, got ${values.length}`,
    );
  return runtime.tensor('float32', values, shape);
}
