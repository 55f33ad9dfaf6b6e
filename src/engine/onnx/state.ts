// The variables of a run. A step reads one buffer of each and writes another; then they change places, or, where the
// device keeps them to itself, the new one takes the place of the old one.
import * as tf from '@tensorflow/tfjs-core';
import type { Arrays, State } from '../engine';
import { leaf, make, type Node } from '../graph/node';
import type { DType, Values } from '../graph/ops';
import type { GraphBackend } from './graphBackend';
import { encodeModel } from './encodeModel';
import type { Runtime, SyncSession, Tensor } from './runtime';

/** One variable: its node in every graph, and its buffers. */
export interface Slot {
  readonly name: string;
  readonly variable: tf.Variable;
  readonly node: Node;
  /** Keeps the data alive and says what to put back after a recording. */
  readonly original: tf.Tensor;
  /** Its values now: on the device after the first step, where the device has memory of its own. */
  current: Tensor;
  /** What the next step writes into; null where the runtime makes a new tensor. */
  spare: Tensor | null;
}

export interface OnnxState extends State {
  readonly slots: readonly Slot[];
  /** Runs `f`, which cannot read the variables' values: what it records is for any of them. */
  withUnknownValues<T>(f: () => T): T;
  /** Takes what a step has written. */
  advance(slot: Slot, next: Tensor): void;
  /** Brings what is on a device back: a session that goes takes the memory of its outputs with it. */
  moveToHost(): void;
}

/** Takes over the variables' present values. Their tensors read the current buffer from now on. */
export function createState(
  backend: GraphBackend,
  runtime: Runtime,
  variables: Readonly<Record<string, tf.Variable>>,
): OnnxState {
  const slots = Object.entries(variables).map(([name, variable]): Slot => {
    const dtype = variable.dtype as DType;
    const values = variable.dataSync() as Values;
    const copy = (): Tensor => runtime.tensor(dtype, values.slice(), variable.shape);
    const original = tf.keep(backend.symbol(name, variable.shape, dtype));
    const slot: Slot = {
      name,
      variable,
      node: backend.node(original),
      original,
      current: copy(),
      spare: runtime.supportsPreallocatedOutputs ? copy() : null,
    };
    slot.node.data = {
      get values() {
        return mirror(slot);
      },
    };
    variable.assign(original);
    return slot;
  });
  const mirror = mirroring(runtime, slots);
  const put = (slot: Slot, values: Values): void => {
    release(slot.current);
    slot.current = runtime.tensor(slot.variable.dtype as DType, values.slice(), slot.variable.shape);
  };
  let disposed = false;
  return {
    variables,
    slots,
    withUnknownValues: (f) => {
      const seen = slots.map(({ node }) => node.data);
      for (const { node } of slots) node.data = null;
      try {
        return f();
      } finally {
        slots.forEach(({ node }, i) => (node.data = seen[i]));
      }
    },
    advance: (slot, next) => {
      if (runtime.supportsPreallocatedOutputs) slot.spare = slot.current;
      else release(slot.current);
      slot.current = next;
    },
    read: () => Promise.resolve(Object.fromEntries(slots.map((s) => [s.name, (mirror(s) as Float32Array).slice()]))),
    write: async (values: Arrays) => {
      const writes = Object.entries(values).map(([name, array]) => [find(slots, name, array.length), array] as const);
      for (const [slot, array] of writes) {
        if (slot.current.location === 'cpu') (slot.current.data as Float32Array).set(array);
        else put(slot, array);
      }
    },
    moveToHost: () => {
      const away = disposed ? [] : slots.filter((s) => s.current.location !== 'cpu');
      for (const [slot, values] of away.map((s) => [s, mirror(s)] as const)) put(slot, values);
    },
    dispose: () => {
      disposed = true;
      for (const slot of slots) release(slot.current);
      mirror.dispose();
      tf.dispose([...Object.values(variables), ...slots.map((s) => s.original)]);
    },
  };
}

/** Tensors of a device hold memory that no garbage collector knows of. */
function release(tensor: Tensor): void {
  if (tensor.location !== 'cpu') tensor.dispose();
}

type Mirror = ((slot: Slot) => Values) & { dispose(): void };

/**
 * Present values of slots where JavaScript can read them. A device that keeps them is read for all at once, through a
 * graph that does nothing but hand them out, and once between two steps.
 */
function mirroring(runtime: Runtime, slots: readonly Slot[]): Mirror {
  const seen = new WeakMap<Tensor, Values>();
  let reader: SyncSession | undefined;
  const mirror = ({ current }: Slot): Values => {
    if (current.location === 'cpu') return current.data as Values;
    const known = seen.get(current);
    if (known) return known;
    reader ??= runtime.createSyncSession(copying(slots));
    const results = reader.run(
      Object.fromEntries(slots.map((s, i) => [`i${i}`, s.current])),
      slots.map((_, i) => `o${i}`),
    );
    slots.forEach((s, i) => seen.set(s.current, results[`o${i}`].data as Values));
    return seen.get(current)!;
  };
  return Object.assign(mirror, { dispose: () => reader?.dispose() });
}

function copying(slots: readonly Slot[]): Uint8Array {
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
    throw new Error(`Variable "${name}" is [${slot.variable.shape}], not ${size} numbers`);
  return slot;
}
