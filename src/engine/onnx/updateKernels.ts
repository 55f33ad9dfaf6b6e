// Runs the updates of variables that are not part of the graph: in WebAssembly, in a memory that holds the variables
// and the results of the graph that the updates need.
import type { Arrays } from '../engine';
import { isOp, type Node } from '../graph/node';
import { sizeOf } from '../graph/shapes';
import type { HostUpdate } from '../passes/hostUpdates';
import { encodeKernel, STRIDE } from '../wasm/encodeKernel';
import { allocate, load } from '../wasm/webAssembly';
import type { Runtime, Tensor } from './runtime';
import type { Slot } from './state';

export interface UpdateKernels {
  /** What the graph has to compute for them, and where. */
  readonly results: ReadonlyMap<Node, Tensor>;
  /** Before the graph runs: reads the inputs of the step, and the variables, if another step has moved them. */
  prepare(inputs: Arrays): void;
  /** After the graph has run, and before any other variable gets its next value: updates the variables. */
  run(): void;
}

/** Arrays begin at cache lines. */
const LINE = 64;

/**
 * @param inputs names of the inputs of the step
 * @returns null if they need more memory than WebAssembly can have
 */
export function createUpdateKernels(
  runtime: Runtime,
  updates: readonly HostUpdate[],
  slots: readonly Slot[],
  inputs: ReadonlyMap<Node, string>,
): UpdateKernels | null {
  const nodes = [...new Set(updates.flatMap(({ parameters }) => parameters))];
  const addresses = new Map<Node, number>();
  let end = 0;
  for (const node of nodes) {
    addresses.set(node, end);
    end += Math.ceil((4 * sizeOf(node.shape)) / LINE) * LINE;
  }
  const memory = allocate(end);
  if (!memory) return null;
  const arrays = new Map(
    nodes.map((node) => [node, new Float32Array(memory.buffer, addresses.get(node), sizeOf(node.shape))] as const),
  );
  const tensorOf = (node: Node): Tensor => runtime.tensor('float32', arrays.get(node)!, node.shape);
  const homes = slots.flatMap((slot) => (arrays.has(slot.node) ? [[slot, tensorOf(slot.node)] as const] : []));
  const variables = new Set(homes.map(([{ node }]) => node));
  const written = new Set(updates.flatMap((update) => update.written));
  const scalars = nodes.flatMap((node) => (inputs.has(node) ? [[inputs.get(node)!, arrays.get(node)!] as const] : []));
  const computed = nodes.filter((node) => !variables.has(node) && !isOp(node, 'Leaf'));
  const calls = updates.map(({ size, parameters, instructions }) => {
    const kernel = load(encodeKernel(parameters.length, instructions), memory);
    const bytes = Math.ceil((4 * size) / STRIDE) * STRIDE;
    const places = parameters.map((node) => addresses.get(node)!);
    return () => kernel(bytes, ...places);
  });
  return {
    results: new Map(computed.map((node) => [node, tensorOf(node)])),
    prepare: (given) => {
      for (const [name, array] of scalars) [array[0]] = given[name];
      for (const [slot, home] of homes) moveTo(slot, home, written.has(slot.node));
    },
    run: () => {
      for (const call of calls) call();
    },
  };
}

/**
 * Makes a tensor the current one of a variable, with its numbers. The other buffer is for steps that compute the next
 * value in the graph.
 */
function moveTo(slot: Slot, home: Tensor, isWritten: boolean): void {
  if (slot.current === home) return;
  (home.data as Float32Array).set(slot.current.data as Float32Array);
  slot.spare = isWritten ? null : slot.current;
  slot.current = home;
}
