// Runs a compiled graph: reads and updates the state, and packs all results into one output, which is fetched on
// demand.
import type { Arrays } from '../engine';
import { leaf, make, type Node } from '../graph/node';
import { sizeOf } from '../graph/shapes';
import { encodeModel } from './encodeModel';
import type { Fetches, Runtime, Session, SessionOptions, SyncSession, Tensor, Tensors } from './runtime';
import type { OnnxState, Slot } from './state';
import type { UpdateKernels } from './updateKernels';

export interface StepGraph {
  /** The nodes in topological order. */
  readonly order: readonly Node[];
  /** Inputs of the step by name, without unused ones. */
  readonly inputs: ReadonlyMap<string, Node>;
  /** Variables read. */
  readonly reads: readonly Slot[];
  /** All results as one flat tensor; null for a step without results. */
  readonly results: Node | null;
  /** Variables written, with their next values. */
  readonly writes: ReadonlyMap<Slot, Node>;
  /** Updates of the other variables after the graph has run; null for none. */
  readonly updates: UpdateKernels | null;
}

export interface StepRunner {
  /** Runs the graph on tensors of the `arrays`. The results are valid until the next run. */
  run(inputs: Tensors, arrays: Arrays): Promise<Float32Array>;
  /** Runs the graph without fetching the results, so that nothing waits for an asynchronous device. */
  advance(inputs: Tensors, arrays: Arrays): Promise<void>;
  dispose(): Promise<void>;
}

const RESULTS = 'results';

/** One flat output for all results, since each fetch from a device costs a wait. Null for no results. */
export function packOutputs(results: readonly Node[]): Node | null {
  if (results.length === 0) return null;
  const flat = results.map((node) => make('Reshape', [node], { shape: [sizeOf(node.shape)] }));
  return flat.length === 1 ? flat[0] : make('Concat', flat, { axis: 0 });
}

export async function createStepRunner(
  runtime: Runtime,
  { order, inputs, reads, results, writes, updates }: StepGraph,
  state: OnnxState,
  options: SessionOptions,
): Promise<StepRunner> {
  const inputNames = new Map([
    ...[...inputs].map(([name, node]) => [node, `in:${name}`] as const),
    ...reads.map((slot) => [slot.node, `state:${slot.name}`] as const),
  ]);
  const outputs = new Map([...writes].map(([slot, node]) => [`next:${slot.name}`, node]));
  if (results) outputs.set(RESULTS, results);
  const operands = [...(updates?.results ?? [])].map(([node, tensor], i) => ({ name: `update:${i}`, node, tensor }));
  for (const { name, node } of operands) outputs.set(name, node);
  const session: Session = await runtime.createSession(encodeModel({ order, inputs: inputNames, outputs }), options);
  const size = results ? sizeOf(results.shape) : 0;
  const memory = runtime.deviceMemory;
  const placesOfInputs = Object.fromEntries(
    [...inputs].map(([name, node]) => [name, memory?.tensor(node.dtype, node.shape)] as const),
  );
  const preallocated = results && runtime.supportsPreallocatedOutputs ? resultsTensor(runtime, size) : null;
  let reader: SyncSession | undefined;

  // Names are built once, not at each step.
  const inputFeeds = [...inputs.keys()].map((name) => [name, `in:${name}`] as const);
  const stateFeeds = reads.map((slot) => [slot, `state:${slot.name}`] as const);
  const stateFetches = [...writes.keys()].map((slot) => [slot, `next:${slot.name}`] as const);

  const feeds: Tensors = {};
  const fetches: Fetches = results ? { [RESULTS]: preallocated } : {};
  for (const { name, tensor } of operands) fetches[name] = tensor;
  const runSession = async (inputTensors: Tensors, arrays: Arrays): Promise<Tensor | undefined> => {
    updates?.prepare(arrays);
    for (const [input, name] of inputFeeds) feeds[name] = placesOfInputs[input] ?? inputTensors[input];
    memory?.copy([...inputs.keys()].map((input) => [inputTensors[input], placesOfInputs[input]!] as const));
    for (const [slot, name] of stateFeeds) feeds[name] = slot.current;
    for (const [slot, name] of stateFetches) fetches[name] = slot.spare;
    const made = await session.run(feeds, fetches);
    updates?.run();
    // ONNX Runtime returns another tensor object for a preallocated output; the preallocated one holds the numbers.
    for (const [slot, name] of stateFetches) state.advance(slot, slot.spare ?? made[name]);
    return preallocated ?? made[RESULTS];
  };
  const toHost = (tensor: Tensor): Float32Array => {
    if (tensor.location === 'cpu') return tensor.data as Float32Array;
    if (memory) return memory.read([tensor])[0] as Float32Array;
    reader ??= runtime.createSyncSession(copyModel(size));
    const { y } = reader.run({ x: tensor }, ['y']);
    tensor.dispose();
    return y.data as Float32Array;
  };
  return {
    run: async (inputTensors, arrays) => {
      const tensor = await runSession(inputTensors, arrays);
      return tensor ? toHost(tensor) : new Float32Array(0);
    },
    advance: async (inputTensors, arrays) => {
      const tensor = await runSession(inputTensors, arrays);
      if (tensor && tensor !== preallocated && tensor.location !== 'cpu') tensor.dispose();
    },
    dispose: async () => {
      state.moveToHost();
      reader?.dispose();
      await session.dispose();
      for (const tensor of [...Object.values(placesOfInputs), memory && preallocated]) tensor?.dispose();
    },
  };
}

const resultsTensor = ({ deviceMemory, tensor }: Runtime, size: number): Tensor =>
  deviceMemory ? deviceMemory.tensor('float32', [size]) : tensor('float32', new Float32Array(size), [size]);

/** y = x, to copy values from a device. */
function copyModel(size: number): Uint8Array {
  const x = leaf('x', [size], 'float32');
  const y = make('Identity', [x], {});
  return encodeModel({ order: [x, y], inputs: new Map([[x, 'x']]), outputs: new Map([['y', y]]) });
}
