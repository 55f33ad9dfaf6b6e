// Patches the gradient tape of TensorFlow.js, so that second derivatives are correct or are refused with a clear error.
//
// A gradient that uses the output of its kernel (tanh, exp, softmax ...) gets a copy of it. TensorFlow.js 4.22 records
// the copy on its tape before the kernel. Since the tape is processed in order, the path through the copy is lost, and
// second derivatives are wrong without an error. The patch moves the kernel before the copies of its outputs.
import * as tf from '@tensorflow/tfjs-core';
import { withLayer, currentLayer } from '../graph/node';
import { ModelError } from '../errors';
import { fusedGradient } from './convolution';
import type { Attributes } from './rule';

/** The parts of TensorFlow.js' engine that are used but not public. */
interface Tape {
  addTapeNode(this: Tape, ...node: [name: string, inputs: Named, outputs: tf.Tensor[], ...rest: unknown[]]): void;
  customGrad(this: Tape, f: Custom): (...inputs: tf.Tensor[]) => tf.Tensor;
  runKernel(this: Tape, kernel: string, inputs: Named, attributes: Attributes): tf.Tensor;
  readonly state: { readonly activeTape: TapeNode[] };
}

interface TapeNode {
  readonly kernelName: string;
  readonly inputs: Named;
  readonly outputs: readonly tf.Tensor[];
  readonly saved: readonly tf.Tensor[];
  gradient?: (dys: tf.Tensor[]) => Record<string, () => tf.Tensor>;
}

type Named = Readonly<Record<string, tf.Tensor>>;
type Save = (tensors: tf.Tensor[]) => void;
type Gradient = (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
type Custom = (...inputsAndSave: (tf.Tensor | Save)[]) => { value: tf.Tensor; gradFunc: Gradient };

/**
 * Saved intermediate values of custom gradients, which are not on the tape, so a gradient that uses one is not
 * differentiable.
 */
const intermediates = new WeakSet<tf.Tensor>();
let patched = false;
/** Whether a gradient is being computed: nodes added to the tape during it belong to a second derivative. */
let differentiating = false;

/** Patches the gradient tape once per process, for every backend. */
export function patchGradientTape(): void {
  if (patched) return;
  patched = true;
  const engine = tf.engine() as unknown as Tape;
  const { addTapeNode, customGrad, runKernel } = engine;
  /** The last kernel that ran, which identifies a custom gradient whose forward pass is a single kernel. */
  let last: readonly [kernel: string, attributes: Attributes][] = [];

  engine.addTapeNode = function (...args) {
    addTapeNode.apply(this, args);
    const tape = this.state.activeTape;
    const node = tape.pop()!;
    const layer = currentLayer();
    const { gradient } = node;
    const reject = differentiating ? rejectSecondOrder : rejectFirstOrder;
    node.gradient = gradient
      ? (dys) =>
          lazily(
            layer,
            onBehalf(layer, () => gradient(dys)),
          )
      : () => withLayer(layer, () => reject(node.kernelName));
    if (Object.values(node.inputs).some((x) => intermediates.has(x))) withLayer(layer, rejectIntermediate);
    let at = tape.length;
    while (at > 0 && node.saved.includes(tape[at - 1].outputs[0])) at--;
    tape.splice(at, 0, node);
  };

  engine.runKernel = function (kernel, inputs, attributes) {
    last = [[kernel, attributes]];
    return runKernel.call(this, kernel, withDefaultInputs(kernel, inputs), attributes);
  };

  engine.customGrad = function (f) {
    return customGrad.call(this, (...args) => {
      const inputs = args.slice(0, -1) as tf.Tensor[];
      const save = args.at(-1) as Save;
      const saved = new Map<tf.Tensor, tf.Tensor>();
      last = [];
      const result = f(...inputs, (tensors: tf.Tensor[]) => {
        const tape = this.state.activeTape ?? [];
        const [length, lastKernel] = [tape.length, last];
        save(tensors);
        last = lastKernel;
        tape.slice(length).forEach(({ outputs: [copy] }, i) => saved.set(tensors[i], copy));
      });
      const [fused] = last.map(([kernel, attributes]) => fusedGradient(kernel, inputs, attributes));
      for (const [t, copy] of saved) if (!inputs.includes(t) && t !== result.value) intermediates.add(copy);
      return fused ? { ...result, gradFunc: fused } : result;
    });
  };
}

/** TensorFlow.js 4.22 fails to save missing optional inputs of a batch normalization, scale and offset. */
function withDefaultInputs(kernel: string, inputs: Named): Named {
  if (kernel !== 'FusedBatchNorm') return inputs;
  const { mean, scale = tf.onesLike(mean), offset = tf.zerosLike(mean) } = inputs;
  return { ...inputs, scale, offset };
}

/** Attributes lazily computed cotangents to a layer. */
const lazily = (layer: string | null, cotangents: Record<string, () => tf.Tensor>) =>
  Object.fromEntries(Object.entries(cotangents).map(([name, cotangent]) => [name, () => onBehalf(layer, cotangent)]));

/** Runs a part of a gradient, attributed to the layer of the forward pass. */
function onBehalf<T>(layer: string | null, f: () => T): T {
  const outer = differentiating;
  differentiating = true;
  try {
    return withLayer(layer, f);
  } finally {
    differentiating = outer;
  }
}

const ofLayer = (): string => (currentLayer() === null ? '' : ` of layer "${currentLayer()}"`);

function rejectFirstOrder(kernel: string): never {
  throw new ModelError(
    `${kernel}${ofLayer()} is not differentiable, so layers before it cannot be trained. Replace it.`,
  );
}

function rejectSecondOrder(kernel: string): never {
  throw new ModelError(
    `The gradient${ofLayer()} is not differentiable, but a gradient penalty needs its derivative: ` +
      `${kernel} has no gradient. ` +
      'Replace the layer, or use a constraint without a gradient penalty.',
  );
}

function rejectIntermediate(): never {
  throw new ModelError(
    `A custom gradient${ofLayer()} uses a saved intermediate value. A gradient penalty would get the wrong second ` +
      'derivative. Save only inputs and the result, and recompute intermediate values in the gradient.',
  );
}
