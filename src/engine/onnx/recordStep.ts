// Records what a step does as a graph. It is recorded twice: what differs from call to call would be frozen in the graph.
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
  /** The state variables that change. */
  readonly slots: readonly Slot[];
  /** The results, then the next values of the variables. */
  readonly outputs: readonly Node[];
}

/**
 * Records a step on `inputs`. Nothing in it depends on the values of the state, which are not known to it.
 * @throws ModelError where it looks at values that are not known, or is not the same when it is recorded again
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
    assertSame(recording.outputs, once().outputs, definition.name);
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

/** What was a value before the recording, and is neither input nor state, is a constant of the step. */
function freeze(outputs: readonly Node[]): Node[] {
  const frozen = new Map<Node, Node>();
  for (const node of topologicalOrder(outputs)) {
    if (node.data !== null) frozen.set(node, literal(node.data.values, node.shape, node.dtype));
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
function assertSame(first: readonly Node[], second: readonly Node[], name: string): void {
  const [a, b] = [topologicalOrder(first), topologicalOrder(second)];
  if (a.length === b.length && fingerprint(a) === fingerprint(b)) return;
  const odd = b.find(
    (node, i) => node.op !== a[i]?.op || (isConstant(node) && fingerprint([node]) !== fingerprint([a[i]])),
  );
  const user = b.find((node) => odd && node.inputs.includes(odd))?.layer ?? odd?.layer;
  const layer = user ? `, in layer "${user}"` : '';
  throw new ModelError(
    `Step "${name}" is not the same when it is recorded twice${layer}: something in it changes from call to call, or draws random ` +
      'numbers on its own (Math.random, tf.rand, tf.randomGamma). A compiled step would repeat the first draw forever. Use ' +
      "tf.randomNormal, tf.randomUniform, tf.dropout or a layer of TensorFlow.js', which are drawn anew at each step.",
    user ?? null,
  );
}

const isConstant = (node: Node): boolean => isOp(node, 'Constant') || node.data !== null;
