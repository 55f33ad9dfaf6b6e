// Finds what no gradient reaches in a user's network. TensorFlow.js gives operations such as rounding a gradient of
// zero, so nothing fails: what comes before them is never trained.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Role } from '../catalog';
import { traceKernels, type TracedKernel } from '../engine/traceKernels';
import type { Network } from '../gan/network';
import { sizeOfShape } from '../shared/shape';
import { firstFew, list } from '../shared/text';

type Probed = Pick<Network, 'model' | 'sample' | 'parameters' | 'withWeights'>;

export interface FlowFinding {
  readonly code: 'no-gradient' | 'constant-generator';
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** What the training of a network would silently leave as it is, and why. */
export function lintGradientFlow(role: Role, network: Probed): FlowFinding[] {
  const first = probe(network, 1);
  if (first === null || (first.cutOff.length === 0 && usesInput(role, first))) return [];
  // Some units are inactive for some weights and inputs.
  const second = probe(network, 2);
  if (second === null) return [];
  return finding(role, {
    ...first,
    cutOff: first.cutOff.filter((name) => second.cutOff.includes(name)),
    reachesInput: first.reachesInput || second.reachesInput,
    varies: first.varies || second.varies,
  });
}

interface Flow {
  readonly parameters: number;
  /** Names of the parameters that no gradient reaches. */
  readonly cutOff: readonly string[];
  readonly reachesInput: boolean;
  /** Whether different inputs have different outputs. */
  readonly varies: boolean;
  /** Operations without a gradient, with their layers. */
  readonly cuts: readonly string[];
}

/** A generator may round its input, which is then not differentiable, but must use it. */
const usesInput = (role: Role, { reachesInput, varies }: Flow): boolean =>
  reachesInput || (role === 'generator' && varies);

function finding(role: Role, flow: Flow): FlowFinding[] {
  const { parameters, cutOff, cuts } = flow;
  const why =
    cuts.length > 0
      ? `The gradient of ${list(cuts)} is zero everywhere. Remove it, or use a smooth operation instead.`
      : 'The output must depend on them by differentiable operations, not as an index, and must not be saturated (clipped, or multiplied by zero).';
  const noGradient = (severity: FlowFinding['severity'], message: string): FlowFinding[] => [
    { code: 'no-gradient', severity, message: `${message} ${why}` },
  ];
  if (cutOff.length === parameters)
    return noGradient('error', `No gradient reaches the weights of the ${role}, so it would never change.`);
  if (!usesInput(role, flow))
    return role === 'critic'
      ? noGradient('error', 'No gradient reaches the samples through the critic, so the generator would never change.')
      : [{ code: 'constant-generator', severity: 'error', message: constantGenerator }];
  if (cutOff.length === 0) return [];
  return noGradient(
    'warning',
    `No gradient reaches ${firstFew(cutOff)} of the ${role}, so these weights are not trained.`,
  );
}

const constantGenerator =
  'The generator returns the same sample for every latent vector. Its layers must use its input.';

const samples = 8;

/**
 * The gradients of a random projection of the output, in training mode. All weights are shifted a little: those that
 * are zero at first, as at the end of a residual branch, block gradients for one update only. Null if it fails: the
 * compilation of the steps reports what fails, and in which layer.
 */
function probe({ model, parameters, sample, withWeights }: Probed, key: number): Flow | null {
  const names = Object.keys(parameters);
  const variables = Object.values(parameters);
  try {
    return tf.tidy(() => {
      const x = wave([samples, ...model.inputs[0].shape.slice(1).map((n) => n ?? 1)], key);
      const shifted = variables.map((w, i) => tf.add<Tensor>(w, tf.mul(0.1, wave(w.shape, key + i))));
      const weights = Object.fromEntries(names.map((name, i) => [name, shifted[i]]));
      const forward = traceKernels(() => withWeights(weights, () => sample(x, 'batch')));
      const projected = (): Tensor => {
        const y = withWeights(weights, () => sample(x, 'batch'));
        return tf.sum(tf.mul(y, wave(y.shape, -key)));
      };
      // Unlike tf.grads, it returns null for what the output does not depend on.
      const { grads } = tf.engine().gradients(projected, [x, ...shifted], undefined, true) as {
        grads: (Tensor | null)[];
      };
      const y = forward.result;
      const spread = tf.sub(y, tf.slice(y, 0, 1));
      const sizes = tf.stack([spread, ...grads].map((t) => (t ? tf.max(tf.abs(t)) : tf.scalar(0)))).dataSync();
      return {
        parameters: variables.length,
        cutOff: variables.filter((_, i) => sizes[2 + i] === 0).map((variable) => nameIn(model, variable)),
        reachesInput: sizes[1] !== 0,
        varies: sizes[0] !== 0,
        cuts: [...new Set(forward.kernels.filter(hasZeroGradient).map(describe))],
      };
    });
  } catch {
    return null;
  }
}

/** The name that the user's code gives: that of the variable has a number behind it. */
const nameIn = ({ weights }: Probed['model'], variable: Variable): string =>
  weights.find((w) => w.read() === variable)?.originalName ?? variable.name;

/** Deterministic numbers from -1 to 1. */
const wave = (shape: readonly number[], key: number): Tensor =>
  tf.reshape(tf.sin(tf.add(tf.range(0, sizeOfShape(shape)), 1.7 * key)), [...shape]);

/** Kernels whose value is constant between jumps, or that only compare. */
const jumping = new Set([
  ...['ArgMax', 'ArgMin', 'Ceil', 'Floor', 'FloorDiv', 'OneHot', 'OnesLike', 'Round', 'Sign', 'Step', 'ZerosLike'],
  ...['Equal', 'Greater', 'GreaterEqual', 'IsFinite', 'IsInf', 'IsNan', 'Less', 'LessEqual', 'NotEqual'],
]);

const hasZeroGradient = ({ kernel, attributes }: TracedKernel): boolean =>
  jumping.has(kernel) || (kernel === 'Cast' && attributes.dtype !== 'float32');

function describe({ kernel, attributes, layer }: TracedKernel): string {
  const operation =
    kernel === 'Cast' ? `cast to ${String(attributes.dtype)}` : kernel[0].toLowerCase() + kernel.slice(1);
  return layer === null ? operation : `${operation} in layer "${layer}"`;
}
