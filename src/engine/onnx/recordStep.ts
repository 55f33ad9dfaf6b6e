// Records a step as a graph. With code of a user, it is recorded twice to detect values that change between calls,
// which would be frozen.
import * as tf from '@tensorflow/tfjs-core';
import type { StepDefinition } from '../engine';
import { constant, fill, isOp, make, topologicalOrder, type Node } from '../graph/node';
import type { DType, Values } from '../graph/ops';
import type { Shape } from '../graph/shapes';
import { ModelError } from '../errors';
import { fingerprint } from '../passes/commonSubexpressions';
import { rewrite } from '../passes/rewrite';
import type { GraphBackend } from './graphBackend';
import type { NoiseInputs } from './noiseInputs';
import type { OnnxState, Slot } from './state';

export interface Recording<Output extends string = string> {
  /** Names of the results. */
  readonly names: readonly Output[];
  /** The state variables that the step assigns. */
  readonly slots: readonly Slot[];
  /** The results, then the next values of the variables. */
  readonly outputs: readonly Node[];
}

/**
 * Records a step on `inputs`, while the values of the state are unknown.
 * @throws ModelError if the step reads unknown values, or if the second recording differs from the first
 */
export function recordStep<I extends string, O extends string>(
  backend: GraphBackend,
  definition: StepDefinition<I, O>,
  inputs: Record<I, tf.Tensor>,
  noise: NoiseInputs,
): Recording<O> {
  const state = definition.state as OnnxState;
  return state.withUnknownValues(() => {
    const once = (): Recording<O> => noise.record(() => recordOnce(backend, definition, state, inputs));
    const recording = once();
    if (!definition.isBuiltIn) assertSame(recording.outputs, once().outputs, definition.name);
    return { ...recording, outputs: freeze(recording.outputs) };
  });
}

function recordOnce<I extends string, O extends string>(
  backend: GraphBackend,
  { name, compute }: StepDefinition<I, O>,
  { slots }: OnnxState,
  inputs: Record<I, tf.Tensor>,
): Recording<O> {
  const all = Object.values(tf.engine().registeredVariables);
  const before = new Map(all.map((v) => [v, v.dataId]));
  return backend.record(() => {
    let recording: Recording<O> | undefined;
    try {
      tf.tidy(() => {
        const computed = compute(inputs);
        const results = Object.values<tf.Tensor>(computed);
        const next = slots.map((slot) => [slot, backend.node(slot.variable)] as const);
        const changed = next.filter(([slot, node]) => node !== slot.node);
        recording = {
          names: Object.keys(computed) as O[],
          slots: changed.map(([slot]) => slot),
          outputs: [...results.map((t) => backend.node(t)), ...changed.map(([, node]) => node)],
        };
        tf.dispose(results);
      });
    } finally {
      for (const { variable, original } of slots) if (variable.dataId !== original.dataId) variable.assign(original);
    }
    const stray = all.find((v) => v.dataId !== before.get(v));
    if (stray) throw new Error(`Step "${name}" assigns the variable "${stray.name}", which is not part of the state`);
    return recording!;
  });
}

/** Values from before the recording that are neither input nor state become constants of the step. */
function freeze(outputs: readonly Node[]): Node[] {
  const frozen = new Map<Node, Node>();
  for (const node of topologicalOrder(outputs)) {
    if (node.data !== null) frozen.set(node, literal(node.data.values, node.shape, node.dtype));
  }
  // A rewrite does not replace leaves, so their users are rebuilt with the constants.
  const swap = (n: Node): Node => frozen.get(n) ?? n;
  const replaced = rewrite(outputs, (node, inputs) =>
    inputs.some((i) => frozen.has(i)) ? make(node.op, inputs.map(swap), node.attributes) : undefined,
  );
  return replaced.map(swap);
}

/** A Fill if all values are equal, which the passes can fold, else a Constant. */
function literal(values: Values, shape: Shape, dtype: DType): Node {
  const [first] = values;
  const uniform = values.length > 0 && dtype !== 'int64' && (values as Float32Array).every((v) => Object.is(v, first));
  return uniform ? fill(Number(first), shape, dtype) : constant(values, shape, dtype);
}

/** Two recordings must agree in every constant: a value that changes between calls would be frozen. */
function assertSame(first: readonly Node[], second: readonly Node[], name: string): void {
  const [a, b] = [topologicalOrder(first), topologicalOrder(second)];
  if (a.length === b.length && fingerprint(a) === fingerprint(b)) return;
  const different = b.find(
    (node, i) => node.op !== a[i]?.op || (isConstant(node) && fingerprint([node]) !== fingerprint([a[i]])),
  );
  const user = b.find((node) => different && node.inputs.includes(different))?.layer ?? different?.layer;
  const layer = user ? `, in layer "${user}"` : '';
  throw new ModelError(
    `Step "${name}" changes between two recordings${layer}: it contains a value that differs from call to call, ` +
      'or draws its own random numbers (Math.random, tf.rand, tf.randomGamma). A compiled step would repeat the ' +
      'first values forever. Use tf.randomNormal, tf.randomUniform, tf.dropout or a layer of TensorFlow.js, which ' +
      'draw new numbers at each step.',
    user ?? null,
  );
}

const isConstant = (node: Node): boolean => isOp(node, 'Constant') || node.data !== null;
