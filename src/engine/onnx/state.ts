// The variables of a run on the CPU, double-buffered: a step reads one buffer and writes the other, then they change places.
import * as tf from '@tensorflow/tfjs-core';
import type { Arrays, State } from '../engine';
import type { Node } from '../graph/node';
import type { DType, Values } from '../graph/ops';
import type { GraphBackend } from './backend';
import { tensor, type Tensor } from './runtime';

/** One variable: its node in every graph, and its two buffers. */
export interface Slot {
  readonly name: string;
  readonly variable: tf.Variable;
  readonly node: Node;
  /** Keeps the data alive and says what to put back after a recording. */
  readonly original: tf.Tensor;
  current: Tensor;
  spare: Tensor;
}

export interface OnnxState extends State {
  readonly slots: readonly Slot[];
}

/** Takes over the variables' present values. Their tensors read the current buffer from now on. */
export function createState(backend: GraphBackend, variables: Readonly<Record<string, tf.Variable>>): OnnxState {
  const slots = Object.entries(variables).map(([name, variable]): Slot => {
    const dtype = variable.dtype as DType;
    const values = variable.dataSync() as Values;
    const current = tensor(dtype, values.slice(), variable.shape);
    const spare = tensor(dtype, values.slice(), variable.shape);
    const original = tf.keep(backend.symbol(name, variable.shape, dtype));
    const slot: Slot = { name, variable, node: backend.node(original), original, current, spare };
    slot.node.data = { get values() { return slot.current.data as Values; } }; // prettier-ignore
    variable.assign(original);
    return slot;
  });
  return {
    variables,
    slots,
    read: () =>
      Promise.resolve(Object.fromEntries(slots.map((s) => [s.name, (s.current.data as Float32Array).slice()]))),
    write: async (values: Arrays) => {
      const writes = Object.entries(values).map(([name, array]) => [find(slots, name, array.length), array] as const);
      for (const [slot, array] of writes) (slot.current.data as Float32Array).set(array);
    },
    dispose: () => tf.dispose([...Object.values(variables), ...slots.map((s) => s.original)]),
  };
}

function find(slots: readonly Slot[], name: string, size: number): Slot {
  const slot = slots.find((s) => s.name === name);
  if (!slot) throw new Error(`The state has no variable "${name}"`);
  if (slot.variable.size !== size)
    throw new Error(`Variable "${name}" is [${slot.variable.shape}], not ${size} numbers`);
  return slot;
}
