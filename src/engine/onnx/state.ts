// The variables of a run, double-buffered: a step reads one buffer and writes the other, then they are swapped. In
// device memory, each step allocates new tensors and the old ones are released.
import * as tf from '@tensorflow/tfjs-core';
import type { Arrays, State } from '../engine';
import { leaf, make, type Node } from '../graph/node';
import type { DType, Values } from '../graph/ops';
import type { GraphBackend } from './graphBackend';
import { encodeModel } from './encodeModel';
import type { Runtime, SyncSession, Tensor } from './runtime';

/** A variable: its node in all graphs, and its buffers. */
export interface Slot {
  readonly name: string;
  readonly variable: tf.Variable;
  readonly node: Node;
  /** The original tensor, which is restored after a recording. */
  readonly original: tf.Tensor;
  /** The current values; in device memory after the first step, if the runtime has device memory. */
  current: Tensor;
  /** The buffer for the next step; null if the runtime allocates it. */
  spare: Tensor | null;
}

export interface OnnxState extends State {
  readonly slots: readonly Slot[];
  /** Runs `f` while the values of the variables are unknown, so that a recording cannot depend on them. */
  withUnknownValues<T>(f: () => T): T;
  /** Makes the output of a step the current value. */
  advance(slot: Slot, next: Tensor): void;
  /** Copies all values from device to host memory: disposing of a session releases the memory of its outputs. */
  moveToHost(): void;
}

/** Takes ownership of the variables and their values. From now on their tensors read the current buffer. */
export function createState(
  backend: GraphBackend,
  runtime: Runtime,
  variables: Readonly<Record<string, tf.Variable>>,
): OnnxState {
  const slots = Object.entries(variables).map(([name, variable]): Slot => {
    const original = tf.keep(backend.placeholder(name, variable.shape, variable.dtype as DType));
    const slot: Slot = {
      name,
      variable,
      node: backend.node(original),
      original,
      current: tensorOf(variable, backend, runtime),
      // In host memory, the current one after the first step that needs it: those of others would be wasted.
      spare: runtime.deviceMemory ? tensorOf(variable, backend, runtime) : null,
    };
    slot.node.data = {
      get values() {
        return hostCopy(slot);
      },
    };
    variable.assign(original);
    return slot;
  });
  const hostCopy = createHostCopy(runtime, slots);
  const setCurrent = (slot: Slot, values: Values): void => {
    const tensor = runtime.tensor(slot.variable.dtype as DType, values.slice(), slot.variable.shape);
    if (runtime.deviceMemory) {
      runtime.deviceMemory.copy([[tensor, slot.current]]);
      hostCopy.forget();
      return;
    }
    release(slot.current);
    slot.current = tensor;
  };
  let disposed = false;
  return {
    variables,
    slots,
    withUnknownValues: (f) => {
      const known = slots.map(({ node }) => node.data);
      for (const { node } of slots) node.data = null;
      try {
        return f();
      } finally {
        slots.forEach(({ node }, i) => (node.data = known[i]));
      }
    },
    advance: (slot, next) => {
      if (runtime.supportsPreallocatedOutputs) slot.spare = slot.current;
      else release(slot.current);
      slot.current = next;
      hostCopy.forget();
    },
    read: () => Promise.resolve(Object.fromEntries(slots.map((s) => [s.name, (hostCopy(s) as Float32Array).slice()]))),
    write: async (values: Arrays) => {
      const writes = Object.entries(values).map(([name, array]) => [find(slots, name, array.length), array] as const);
      for (const [slot, array] of writes) {
        if (slot.current.location === 'cpu') (slot.current.data as Float32Array).set(array);
        else setCurrent(slot, array);
      }
    },
    moveToHost: () => {
      if (runtime.deviceMemory) return;
      const onDevice = disposed ? [] : slots.filter((s) => s.current.location !== 'cpu');
      for (const [slot, values] of onDevice.map((s) => [s, hostCopy(s)] as const)) setCurrent(slot, values);
    },
    dispose: () => {
      disposed = true;
      for (const tensor of slots.flatMap(({ current, spare }) => [current, spare ?? []].flat())) release(tensor);
      hostCopy.dispose();
      tf.dispose([...Object.values(variables), ...slots.map((s) => s.original)]);
    },
  };
}

/** A tensor of its own; not made within a function that lives on, which would keep the first numbers as well. */
const tensorOf = (variable: tf.Variable, backend: GraphBackend, runtime: Runtime): Tensor =>
  toDevice(runtime, runtime.tensor(variable.dtype as DType, backend.copyOf(variable), variable.shape));

/** Frees device memory, which the garbage collector does not know about. */
function release(tensor: Tensor): void {
  if (tensor.location !== 'cpu') tensor.dispose();
}

/** The tensor, moved to device memory if the runtime has one that outlives its sessions. */
function toDevice({ deviceMemory }: Runtime, tensor: Tensor): Tensor {
  if (!deviceMemory) return tensor;
  const moved = deviceMemory.tensor(tensor.type as DType, tensor.dims);
  deviceMemory.copy([[tensor, moved]]);
  return moved;
}

type HostCopy = ((slot: Slot) => Values) & {
  /** The values have changed. */
  forget(): void;
  dispose(): void;
};

/** The current values of slots in host memory. From a device, all slots are copied at once, until they change. */
function createHostCopy(runtime: Runtime, slots: readonly Slot[]): HostCopy {
  let copies: Map<Slot, Values> | undefined;
  let reader: SyncSession | undefined;
  const read = (): Values[] => {
    if (runtime.deviceMemory) return runtime.deviceMemory.read(slots.map((s) => s.current));
    reader ??= runtime.createSyncSession(copyModel(slots));
    const names = slots.map((_, i) => `o${i}`);
    const results = reader.run(Object.fromEntries(slots.map((s, i) => [`i${i}`, s.current])), names);
    return names.map((name) => results[name].data as Values);
  };
  const hostCopy = (slot: Slot): Values => {
    if (slot.current.location === 'cpu') return slot.current.data as Values;
    if (!copies) {
      const values = read();
      copies = new Map(slots.map((s, i) => [s, values[i]]));
    }
    return copies.get(slot)!;
  };
  return Object.assign(hostCopy, { forget: () => (copies = undefined), dispose: () => reader?.dispose() });
}

/** y = x for all slots. */
function copyModel(slots: readonly Slot[]): Uint8Array {
  const inputs = slots.map((s, i) => leaf(`i${i}`, s.variable.shape, s.variable.dtype as DType));
  const outputs = inputs.map((input) => make('Identity', [input], {}));
  return encodeModel({
    order: [...inputs, ...outputs],
    inputs: new Map(inputs.map((n, i) => [n, `i${i}`])),
    outputs: new Map(outputs.map((n, i) => [`o${i}`, n])),
  });
}

function find(slots: readonly Slot[], name: string, size: number): Slot {
  const slot = slots.find((s) => s.name === name);
  if (!slot) throw new Error(`The state has no variable "${name}"`);
  if (slot.variable.size !== size)
    throw new Error(`Variable "${name}" has shape [${slot.variable.shape}], got ${size} numbers`);
  return slot;
}
