// Lints models from files with the rules for networks of the catalog: their layers are only known once they are built.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { constraints, type Role } from '../catalog';
import type { DataSource } from '../data';
import { isBuiltIn } from '../engine/tfjsInternals';
import { traceKernels, type TracedKernel } from '../engine/traceKernels';
import { rules, type Experiment, type RuleId } from '../experiment';
import { kernelMatrix } from '../gan/kernels';
import { layersIn, type Layer } from '../gan/layersIn';
import type { Network } from '../gan/network';
import { sizeOfShape } from '../shared/shape';
import { lintGradientFlow } from './gradientFlow';

export interface ModelFinding {
  readonly role: Role;
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

type LintedNetwork = Pick<Network, 'model' | 'sample' | 'parameters' | 'withWeights'>;
type Models = { readonly [R in Role]: LintedNetwork };

/** Findings on the experiment's models from files. */
export function lintModels(experiment: Experiment, models: Models, data: DataSource): ModelFinding[] {
  const own = (role: Role) => ('module' in experiment[role] ? models[role] : undefined);
  const [critic, generator] = [own('critic'), own('generator')];
  const findings = [
    ...(critic ? lintCritic(experiment, critic) : []),
    ...(generator ? lintRange(generator, experiment, data) : []),
  ];
  // An error is the likely cause of a gradient of zero.
  if (findings.some(({ severity }) => severity === 'error')) return findings;
  return [
    ...findings,
    ...(critic ? withoutGradient('critic', critic) : []),
    ...(generator ? withoutGradient('generator', generator) : []),
  ];
}

const withoutGradient = (role: Role, network: LintedNetwork): ModelFinding[] =>
  lintGradientFlow(role, network).map((finding) => ({ role, ...finding }));

/** Activations after which a critic has no raw output. */
const squashing = [
  'sigmoid',
  'hardSigmoid',
  'hard_sigmoid',
  'softmax',
  'logSoftmax',
  'tanh',
  'softsign',
  'relu',
  'relu6',
  'softplus',
];

function lintCritic({ constraint }: Experiment, critic: LintedNetwork): ModelFinding[] {
  const found: ModelFinding[] = [];
  const report = (code: string, severity: ModelFinding['severity'], message: string) =>
    found.push({ role: 'critic', code, severity, message });
  const kernels = kernelsOf(critic);
  const layers = layersIn(critic.model);
  const end = endOf(kernels, layers);
  if (end && squashing.includes(end.activation)) {
    report(
      'critic-end',
      'error',
      `The critic ends in ${end.activation} (layer "${end.layer}"); every objective needs its raw output, so remove that activation.`,
    );
  }
  if (constraint.some(({ kind }) => kind === 'spectral-norm'))
    for (const message of unknownWeights(layers)) report('spectral-norm-kernel', 'warning', message);
  const penalty = constraint.find(({ kind }) => constraints[kind].gradientNormAt !== null);
  if (penalty === undefined) return found;
  const has = `but the critic has the penalty "${penalty.kind}"`;
  const batchNorm = layers.find((layer) => layer.getClassName() === 'BatchNormalization');
  if (batchNorm) {
    const message = `Layer "${batchNorm.name}" of the critic is batch normalization, ${has}; use layer normalization or none.`;
    report(...because('batch-norm-under-penalty', 'error', message));
  } else if (!layers.every(isBuiltIn) && mixesSamples(critic)) {
    const message = `The critic's score of a sample depends on the other samples of its batch, because a layer of your own computes statistics over the batch, ${has}; normalize each sample by itself.`;
    report(...because('batch-norm-under-penalty', 'warning', message));
  }
  const kinked = kernels.find(({ activation }) => activation === 'elu' || activation === 'selu');
  if (kinked) {
    const message = `Layer "${kinked.layer}" of the critic has the activation ${kinked.activation}, ${has}; use softplus or swish, which are smooth.`;
    report(...because('elu-under-penalty', 'warning', message));
  }
  return found;
}

/** Messages about weights of the user's layers that may be kernels, but are not called so. */
function unknownWeights(layers: readonly Layer[]): string[] {
  const own = layers.filter((layer) => !isBuiltIn(layer) && layersIn(layer).length === 1);
  return own.flatMap((layer) =>
    layer.trainableWeights.flatMap(({ originalName, shape }) => {
      const name = originalName.split('/').at(-1)!;
      if (shape.length < 2 || kernelMatrix(layer, name, shape.length)) return [];
      return `Layer "${layer.name}" of the critic has the weight "${name}" [${shape.join(', ')}], which spectral normalization leaves as it is, because it is not named "kernel". If it is a kernel [..., inputs, outputs], name it so.`;
    }),
  );
}

const because = (rule: RuleId, severity: ModelFinding['severity'], message: string) =>
  [rule, severity, `${message} ${rules[rule].why}`] as const;

/** The output ranges of activations at the end of a generator. */
const ranges: Readonly<Record<string, readonly [low: number, high: number]>> = {
  tanh: [-1, 1],
  softsign: [-1, 1],
  sigmoid: [0, 1],
  hardSigmoid: [0, 1],
  hard_sigmoid: [0, 1],
  softmax: [0, 1],
  relu: [0, Infinity],
  softplus: [0, Infinity],
  relu6: [0, 6],
};

/** The share of data values that may be outside the generator's range: the far tail of a distribution. */
const tail = 0.01;

function lintRange(generator: LintedNetwork, { batchSize, seed }: Experiment, data: DataSource): ModelFinding[] {
  const end = endOf(kernelsOf(generator), layersIn(generator.model));
  const range = end && ranges[end.activation];
  if (!range) return [];
  const numbers = new Float32Array(batchSize * sizeOfShape(data.shape));
  data.batch({ seed, stream: 'preflight', step: 0 }, numbers);
  const [low, high] = range;
  const outside = numbers.filter((v) => v < low || v > high).length / numbers.length;
  if (outside <= tail) return [];
  const [least, most] = [Math.min, Math.max].map((pick) => numbers.reduce((a, b) => pick(a, b)).toPrecision(3));
  const message =
    `The generator ends in ${end.activation} (layer "${end.layer}"), which outputs values from ${low} to ${high}, but ` +
    `${Math.round(100 * outside)}% of the data is outside that range (${least} to ${most}). Use a linear output layer, or rescale the data.`;
  return [{ role: 'generator', code: 'generator-range', severity: 'warning', message }];
}

interface CalledKernel extends TracedKernel {
  /** The activation that it computes, by its name as a parameter of layers. */
  readonly activation: string | undefined;
}

const activations: Readonly<Record<string, string>> = {
  Elu: 'elu',
  Relu: 'relu',
  Relu6: 'relu6',
  Selu: 'selu',
  Sigmoid: 'sigmoid',
  Softmax: 'softmax',
  Softplus: 'softplus',
  Tanh: 'tanh',
};

const batch = ({ inputs }: LintedNetwork['model']): number[] => [2, ...inputs[0].shape.slice(1).map((n) => n ?? 1)];

/** What the network computes, also in nested models and in layers of the user's. */
function kernelsOf(network: LintedNetwork): CalledKernel[] {
  const { kernels } = traceKernels(() => tf.dispose(network.sample(tf.zeros(batch(network.model)), 'batch')));
  return kernels.map((kernel) => {
    const fused = kernel.attributes.activation;
    return { ...kernel, activation: activations[kernel.kernel] ?? (typeof fused === 'string' ? fused : undefined) };
  });
}

/** Whether the score of one sample has a gradient with respect to another one; false if it has no gradient at all. */
function mixesSamples(critic: LintedNetwork): boolean {
  const differentiated = () => {
    const shape = batch(critic.model);
    const x = tf.reshape(tf.sin(tf.range(0, sizeOfShape(shape))), shape);
    const first = (x: Tensor) => tf.sum(tf.slice(critic.sample(x, 'batch'), [0, 0], [1, 1]));
    return tf
      .unstack(tf.grad(first)(x))[1]
      .dataSync()
      .some((v) => v !== 0);
  };
  try {
    return tf.tidy(differentiated);
  } catch {
    // The compilation of the critic's step reports it.
    return false;
  }
}

/** Kernels that keep or only move the values they get. */
const moving = ['Cast', 'ExpandDims', 'Identity', 'Reshape', 'Slice', 'Transpose'];

/** The final activation of a network and the layer that computes it; undefined if there is none. */
function endOf(kernels: readonly CalledKernel[], layers: readonly Layer[]): ModelEnd | undefined {
  const last = kernels.filter(({ kernel }) => !moving.includes(kernel)).at(-1);
  if (last?.layer == null) return undefined;
  const layer = layers.find(({ name }) => name === last.layer);
  // Some activations of layers consist of several kernels.
  const activation = (layer && activationOf(layer)) ?? last.activation;
  return activation === undefined || activation === 'linear' ? undefined : { layer: last.layer, activation };
}

interface ModelEnd {
  readonly layer: string;
  readonly activation: string;
}

function activationOf(layer: Layer): string | undefined {
  if (!isBuiltIn(layer)) return undefined;
  const { activation } = layer.getConfig();
  return typeof activation === 'string' ? activation : undefined;
}
