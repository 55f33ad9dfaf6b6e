// Lints models from files with the rules for networks of the catalog: their layers are only known once they are built.
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { constraints, type Role } from '../catalog';
import type { DataSource } from '../data';
import { rules, type Experiment, type RuleId } from '../experiment';
import type { Network } from '../gan/network';
import { sizeOfShape } from '../shared/shape';

export interface ModelFinding {
  readonly role: Role;
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

type Models = { readonly [R in Role]: Pick<Network, 'model'> };

/** Findings on the experiment's models from files. */
export function lintModels(experiment: Experiment, models: Models, data: DataSource): ModelFinding[] {
  const own = (role: Role) => ('module' in experiment[role] ? models[role].model : undefined);
  const [critic, generator] = [own('critic'), own('generator')];
  return [
    ...(critic ? lintCritic(experiment, critic) : []),
    ...(generator ? lintRange(generator, experiment, data) : []),
  ];
}

/** Activations after which a critic has no raw output. */
const squashing = ['sigmoid', 'hardSigmoid', 'hard_sigmoid', 'softmax', 'logSoftmax', 'tanh', 'softsign'];

function lintCritic({ constraint }: Experiment, critic: LayersModel): ModelFinding[] {
  const found: ModelFinding[] = [];
  const report = (code: string, severity: ModelFinding['severity'], message: string) =>
    found.push({ role: 'critic', code, severity, message });
  const end = endOf(critic);
  if (end && squashing.includes(end.activation)) {
    report(
      'critic-end',
      'error',
      `The critic ends in ${end.activation} (layer "${end.layer}"); every objective needs its raw output, so remove that activation.`,
    );
  }
  const penalty = constraint.find(({ kind }) => constraints[kind].gradientNormAt !== null);
  if (penalty === undefined) return found;
  const layers = critic.layers.map((layer) => ({
    name: layer.name,
    kind: layer.getClassName(),
    activation: activationOf(layer),
  }));
  const batchNorm = layers.find(({ kind }) => kind === 'BatchNormalization');
  if (batchNorm)
    report(
      ...because(
        'batch-norm-under-penalty',
        'error',
        `Layer "${batchNorm.name}" of the critic is batch normalization, but the critic has the penalty "${penalty.kind}"; use layer normalization or none.`,
      ),
    );
  const kinked = layers.find(({ activation }) => activation === 'elu' || activation === 'selu');
  if (kinked)
    report(
      ...because(
        'elu-under-penalty',
        'warning',
        `Layer "${kinked.name}" of the critic has the activation ${kinked.activation}, but the critic has the penalty "${penalty.kind}"; use softplus or swish, which are smooth.`,
      ),
    );
  return found;
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

function lintRange(generator: LayersModel, { batchSize, seed }: Experiment, data: DataSource): ModelFinding[] {
  const end = endOf(generator);
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

/** The final activation of a model and its layer; undefined if there is none. */
function endOf(model: LayersModel): { readonly layer: string; readonly activation: string } | undefined {
  const [output] = model.outputs;
  const layer = model.layers.find(({ name }) => name === output.sourceLayer.name);
  const activation = layer && activationOf(layer);
  return activation === undefined ? undefined : { layer: output.sourceLayer.name, activation };
}

/** Layers that are an activation, with its name as a parameter of other layers. */
const activationLayers: Readonly<Record<string, string>> = { Softmax: 'softmax', ReLU: 'relu', ELU: 'elu' };

function activationOf(layer: LayersModel['layers'][number]): string | undefined {
  const { activation } = layer.getConfig();
  const named = typeof activation === 'string' ? activation : activationLayers[layer.getClassName()];
  return named === 'linear' ? undefined : named;
}
