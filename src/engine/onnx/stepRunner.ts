// A compiled graph, run step after step: state in, state out, and its results in one piece, fetched only when asked for.
import { leaf, make, type Node } from '../graph/node';
import { sizeOf } from '../graph/shapes';
import { encodeModel } from './encodeModel';
import type { Fetches, Runtime, Session, SyncSession, Tensor, Tensors } from './runtime';
import type { OnnxState, Slot } from './state';

export interface StepGraph {
  /** Every node after its inputs. */
  readonly order: readonly Node[];
  /** Inputs of the step by name; those that nothing depends on are left out. */
  readonly inputs: ReadonlyMap<string, Node>;
  /** Variables read. */
  readonly reads: readonly Slot[];
  /** All results, flat, one after the other; null for a step that has none. */
  readonly results: Node | null;
  /** Variables written, with their next values. */
  readonly writes: ReadonlyMap<Slot, Node>;
}

export interface StepRunner {
  /** Runs the graph; the results are valid until the next run. */
  run(inputs: Tensors): Promise<Float32Array>;
  /** Runs it without looking at the results: nothing waits for a device that works on its own. */
  advance(inputs: Tensors): Promise<void>;
  dispose(): Promise<void>;
}

const RESULTS = 'results';

/** One output in place of many: each that is fetched from a device is waited for. Null for no nodes. */
export function packOutputs(results: readonly Node[]): Node | null {
  if (results.length === 0) return null;
  const flat = results.map((node) => make('Reshape', [node], { shape: [sizeOf(node.shape)] }));
  return flat.length === 1 ? flat[0] : make('Concat', flat, { axis: 0 });
}

export async function createStepRunner(
  runtime: Runtime,
  { order, inputs, reads, results, writes }: StepGraph,
  state: OnnxState,
  threads: number,
): Promise<StepRunner> {
  const fed = new Map([
    ...[...inputs].map(([name, node]) => [node, `in:${name}`] as const),
    ...reads.map((slot) => [slot.node, `state:${slot.name}`] as const),
  ]);
  const outputs = new Map([...writes].map(([slot, node]) => [`next:${slot.name}`, node]));
  if (results) outputs.set(RESULTS, results);
  const session: Session = await runtime.createSession(encodeModel({ order, inputs: fed, outputs }), { threads });
  const size = results ? sizeOf(results.shape) : 0;
  const filled =
    results && runtime.supportsPreallocatedOutputs ? runtime.tensor('float32', new Float32Array(size), [size]) : null;
  let reader: SyncSession | undefined;

  // Names are put together once and not at every step.
  const feeding = [...inputs.keys()].map((name) => [name, `in:${name}`] as const);
  const reading = reads.map((slot) => [slot, `state:${slot.name}`] as const);
  const writing = [...writes.keys()].map((slot) => [slot, `next:${slot.name}`] as const);

  const feeds: Tensors = {};
  const fetches: Fetches = results ? { [RESULTS]: filled } : {};
  const step = async (given: Tensors): Promise<Tensor | undefined> => {
    for (const [input, name] of feeding) feeds[name] = given[input];
    for (const [slot, name] of reading) feeds[name] = slot.current;
    for (const [slot, name] of writing) fetches[name] = slot.spare;
    const made = await session.run(feeds, fetches);
    // What was filled is handed back as another tensor: the one that was given holds the numbers.
    for (const [slot, name] of writing) state.advance(slot, slot.spare ?? made[name]);
    return filled ?? made[RESULTS];
  };
  const fetched = (tensor: Tensor): Float32Array => {
    if (tensor.location === 'cpu') return tensor.data as Float32Array;
    reader ??= runtime.createSyncSession(copyOf(size));
    const { y } = reader.run({ x: tensor }, ['y']);
    tensor.dispose();
    return y.data as Float32Array;
  };
  return {
    run: async (given) => {
      const tensor = await step(given);
      return tensor ? fetched(tensor) : new Float32Array(0);
    },
    advance: async (given) => {
      const tensor = await step(given);
      if (tensor && tensor.location !== 'cpu') tensor.dispose();
    },
    dispose: async () => {
      state.moveToHost();
      reader?.dispose();
      await session.dispose();
    },
  };
}

/** y = x: what brings numbers from a device. */
function copyOf(size: number): Uint8Array {
  const x = leaf('x', [size], 'float32');
  const y = make('Identity', [x], {});
  return encodeModel({ order: [x, y], inputs: new Map([[x, 'x']]), outputs: new Map([['y', y]]) });
}
