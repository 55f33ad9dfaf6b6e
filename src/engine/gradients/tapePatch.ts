// Mends TensorFlow.js' tape, so that a gradient that is differentiated again is right or is refused by name.
//
// A gradient that uses its kernel's output (tanh, exp, softmax ...) gets a copy of it. TensorFlow.js 4.22 writes the
// copy on its tape before the kernel that made the output, and a tape is read in order: the path through the copy is
// lost, and the second derivative is wrong without an error. Here a kernel stands before the copies of its results.
import * as tf from '@tensorflow/tfjs-core';
import { withLayer, currentLayer } from '../graph/node';
import { ModelError } from '../errors';
import { fusedGradient } from './convolution';
import type { Attributes } from './rule';

/** What is used of TensorFlow.js' engine and not part of its public interface. */
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
 * Copies of values made inside of a custom gradient, which the tape does not know: a gradient that reads one cannot be
 * differentiated.
 */
const hidden = new WeakSet<tf.Tensor>();
let mended = false;
/** A gradient is being computed: what is written on the tape now is differentiated for a second order. */
let differentiating = false;

/** Mends the tape of TensorFlow.js' engine, once a process, for every backend. */
export function patchGradientTape(): void {
  if (mended) return;
  mended = true;
  const engine = tf.engine() as unknown as Tape;
  const { addTapeNode, customGrad, runKernel } = engine;
  /** The kernel that was run last: of a custom gradient whose forward is one kernel, that one. */
  let last: readonly [kernel: string, attributes: Attributes][] = [];

  engine.addTapeNode = function (...args) {
    addTapeNode.apply(this, args);
    const tape = this.state.activeTape;
    const node = tape.pop()!;
    const layer = currentLayer();
    const { gradient } = node;
    const refused = differentiating ? secondRefused : firstRefused;
    node.gradient = gradient
      ? (dys) =>
          lazily(
            layer,
            onBehalf(layer, () => gradient(dys)),
          )
      : () => withLayer(layer, () => refused(node.kernelName));
    if (Object.values(node.inputs).some((x) => hidden.has(x))) withLayer(layer, refuseHidden);
    let at = tape.length;
    while (at > 0 && node.saved.includes(tape[at - 1].outputs[0])) at--;
    tape.splice(at, 0, node);
  };

  engine.runKernel = function (kernel, inputs, attributes) {
    last = [[kernel, attributes]];
    return runKernel.call(this, kernel, whole(kernel, inputs), attributes);
  };

  engine.customGrad = function (f) {
    return customGrad.call(this, (...args) => {
      const inputs = args.slice(0, -1) as tf.Tensor[];
      const save = args.at(-1) as Save;
      const saved = new Map<tf.Tensor, tf.Tensor>();
      last = [];
      const result = f(...inputs, (tensors: tf.Tensor[]) => {
        const tape = this.state.activeTape ?? [];
        const [before, ran] = [tape.length, last];
        save(tensors);
        last = ran;
        tape.slice(before).forEach(({ outputs: [copy] }, i) => saved.set(tensors[i], copy));
      });
      const [fused] = last.map(([kernel, attributes]) => fusedGradient(kernel, inputs, attributes));
      for (const [t, copy] of saved) if (!inputs.includes(t) && t !== result.value) hidden.add(copy);
      return fused ? { ...result, gradFunc: fused } : result;
    });
  };
}

/**
 * Batch normalization takes its gain and offset or leaves them out; TensorFlow.js 4.22 fails to save what is left out.
 */
function whole(kernel: string, inputs: Named): Named {
  if (kernel !== 'FusedBatchNorm') return inputs;
  const { mean, scale = tf.onesLike(mean), offset = tf.zerosLike(mean) } = inputs;
  return { ...inputs, scale, offset };
}

/** Cotangents that are computed on behalf of a layer, each when it is asked for. */
const lazily = (layer: string | null, cotangents: Record<string, () => tf.Tensor>) =>
  Object.fromEntries(Object.entries(cotangents).map(([name, of]) => [name, () => onBehalf(layer, of)]));

/** Runs a part of a gradient for the layer whose forward it belongs to. */
function onBehalf<T>(layer: string | null, f: () => T): T {
  const outer = differentiating;
  differentiating = true;
  try {
    return withLayer(layer, f);
  } finally {
    differentiating = outer;
  }
}

const here = (): string => (currentLayer() === null ? '' : ` of layer "${currentLayer()}"`);

function firstRefused(kernel: string): never {
  throw new ModelError(`${kernel}${here()} has no gradient, so what stands before it cannot be trained. Replace it.`);
}

function secondRefused(kernel: string): never {
  throw new ModelError(
    `The gradient${here()} cannot be differentiated again, which a gradient penalty needs: ${kernel} has no gradient. Replace ` +
      'the layer, or constrain the critic without a gradient penalty.',
  );
}

function refuseHidden(): never {
  throw new ModelError(
    `A custom gradient${here()} reads a value that it made on the way and saved: its own derivative, which a gradient penalty ` +
      'needs, would be wrong. Save inputs and the result only, and compute what is between again in the gradient.',
  );
}
