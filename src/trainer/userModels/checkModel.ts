// Checks a user's model before training: its shapes, that it can be trained and saved as a whole, and that what it
// computes does not depend on more than its input and its weights.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { traceKernels } from '../../engine/traceKernels';
import { layersIn, type Layer } from '../../gan/layersIn';
import type { Constrained, NetworkSpec } from '../../gan/network';
import { list } from '../../shared/text';
import { messageOf } from '../../shared/thrownValue';
import { labelsUnsupported } from './builderArguments';

/** Why a model cannot be trained, in full sentences. */
export interface ModelRefusal {
  readonly code: 'model-shape' | 'model-refused' | 'model-labels';
  readonly message: string;
}

/**
 * Checks `model`. A critic or generator that is frozen as a whole is made trainable.
 * @param known the variables from before the model file was evaluated
 * @param notice receives a sentence about what was changed
 */
export function checkModel(
  model: LayersModel,
  spec: NetworkSpec,
  known: ReadonlySet<Variable>,
  notice: (message: string) => void,
): ModelRefusal | null {
  if (!model.trainable) {
    model.trainable = true;
    notice(
      `The ${spec.role} of the model file has trainable = false, which has no effect: each network is trained in its turn, while the other one is fixed.`,
    );
  }
  return (
    declaredShapes(model, spec) ??
    repeatedNames(model) ??
    layerThatCannotTrain(model) ??
    layerWithoutEffect(model) ??
    probed(model, spec, known) ??
    lossesAndConstraints(model) ??
    withoutParameters(model, spec)
  );
}

const refused = (message: string): ModelRefusal => ({ code: 'model-refused', message });

type Shape = readonly (number | null)[];

/** An undefined length is shown as "any". */
const text = (shape: Shape): string => `[${shape.map((length) => length ?? 'any').join(', ')}]`;

const same = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((length, axis) => length === b[axis]);

const latentSize = 'the size of the latent vector';
const ofData = 'the shape of one sample of the data';

const wrongOutput = ({ role, output }: NetworkSpec, found: string): ModelRefusal => ({
  code: 'model-shape',
  message: `The ${role} returns ${found} per sample; it must return ${text(output)}, ${role === 'generator' ? ofData : 'one raw number (no sigmoid)'}. Change the last layer of the model.`,
});

function declaredShapes(model: LayersModel, spec: NetworkSpec): ModelRefusal | null {
  const { role, input, output } = spec;
  const takes = model.inputs.map((t) => t.shape.slice(1));
  const gives = model.outputs.map((t) => t.shape.slice(1));
  const open = (said: Shape, wanted: Shape): Shape => said.map((length, axis) => length ?? wanted[axis] ?? null);
  if (takes.length === 0 || gives.length === 0)
    return {
      code: 'model-shape',
      message: `The ${role} has no layers. Add layers to the model before it is returned.`,
    };
  if (takes.length > 1) {
    const advice =
      role === 'generator'
        ? `Build it from the latent vector ${text(input)} alone: remove the other ${takes.length > 2 ? 'inputs' : 'input'}, such as a label with its embedding.`
        : `Build it from the sample ${text(input)} alone.`;
    return {
      code: 'model-labels',
      message: `The ${role} takes ${list(takes.map(text))} per sample. ${labelsUnsupported} ${advice}`,
    };
  }
  if (gives.length > 1) {
    const advice = `Return only the ${role === 'critic' ? 'score, without a sigmoid: remove the other outputs, such as a class, from the model' : 'sample'}.`;
    return {
      code: 'model-labels',
      message: `The ${role} returns ${list(gives.map(text))} per sample. ${labelsUnsupported} ${advice}`,
    };
  }
  if (!same(open(takes[0], input), input))
    return {
      code: 'model-shape',
      message: `The ${role} takes ${text(takes[0])} per sample; it must take ${text(input)}, ${role === 'generator' ? latentSize : ofData}. Change the first layer of the model.`,
    };
  return same(open(gives[0], output), output) ? null : wrongOutput(spec, text(gives[0]));
}

/** TensorFlow.js finds out when a model is used, or when a saved one is loaded, not when it is made. */
function repeatedNames(model: LayersModel): ModelRefusal | null {
  for (const { layers = [] } of layersIn(model) as { layers?: readonly Layer[] }[]) {
    const twice = repeated(layers.map(({ name }) => name));
    if (twice) return refused(`Two layers of the model are named "${twice}". Give each layer its own name, or none.`);
  }
  const twice = repeated(model.weights.map(({ originalName }) => originalName));
  return twice === undefined
    ? null
    : refused(
        `Two weights of the model are named "${twice}", so it could not be loaded once it is saved. Give each layer its own name, or none, also in models inside of it.`,
      );
}

const repeated = (names: readonly string[]): string | undefined => names.find((name, i) => names.indexOf(name) < i);

function layerThatCannotTrain(model: LayersModel): ModelRefusal | null {
  for (const layer of layersIn(model).filter((found) => !('layers' in found))) {
    const { stateful } = layer as { stateful?: boolean };
    if (stateful)
      return refused(
        `Layer "${layer.name}" is stateful: it would carry its state from one batch to the next, which has other samples. Set stateful to false.`,
      );
    if (isAsync(layer))
      return refused(
        `The call() of layer "${layer.name}" (${layer.getClassName()}) is async. A layer must return its tensor at once: remove async and await, and use synchronous operations.`,
      );
    const integer = layer.trainableWeights.find(({ dtype }) => dtype !== 'float32');
    if (integer)
      return refused(
        `Weight "${integer.originalName}" of layer "${layer.name}" is ${integer.dtype} and trainable; only float32 weights have gradients. Pass trainable = false to addWeight.`,
      );
  }
  return null;
}

/** A layer whose output or weights have no values, or whose options do nothing: no operation reports them. */
function layerWithoutEffect(model: LayersModel): ModelRefusal | null {
  const isEmpty = (shape: Shape): boolean => shape.some((length) => length !== null && length < 1);
  for (const layer of layersIn(model).filter((found) => !('layers' in found))) {
    const of = `of layer "${layer.name}"`;
    const weight = layer.weights.find(({ shape }) => isEmpty(shape));
    if (weight)
      return refused(
        `Weight "${weight.originalName.split('/').at(-1)}" ${of} has the shape ${text(weight.shape)}, which has no values. Set the sizes of the layer to at least 1.`,
      );
    const call = layer.inboundNodes.find(({ outputShapes }) => shapesOf(outputShapes).some(isEmpty));
    if (call) {
      const perSample = (shapes: AnyShapes) => list(shapesOf(shapes).map((shape) => text(shape.slice(1))));
      return refused(
        `The output ${of} is empty: ${perSample(call.outputShapes)} per sample, from ${perSample(call.inputShapes)}. Its kernel or pool is larger than its input, or it crops all of it.`,
      );
    }
    const { rate, dilationRate } = layer as { rate?: unknown; dilationRate?: readonly number[] };
    if (/^Conv\dDTranspose$/.test(layer.getClassName()) && dilationRate?.some((holes) => holes > 1))
      return refused(
        `Layer "${layer.name}" has dilationRate [${dilationRate.join(', ')}], which TensorFlow.js ignores in transposed convolutions. Set it to 1.`,
      );
    if (/Dropout/.test(layer.getClassName()) && typeof rate === 'number' && rate >= 1)
      return refused(
        `The rate ${of} is ${rate}, at which TensorFlow.js drops nothing. Set it to the fraction to drop, below 1.`,
      );
  }
  return null;
}

type AnyShapes = Layer['inboundNodes'][number]['outputShapes'];
const shapesOf = (shapes: AnyShapes): readonly Shape[] =>
  (Array.isArray(shapes[0]) ? shapes : [shapes]) as readonly Shape[];

function withoutParameters(model: LayersModel, { role }: NetworkSpec): ModelRefusal | null {
  if (model.trainableWeights.length > 0) return null;
  return refused(
    model.weights.length > 0
      ? `All weights of the ${role} are frozen, so there is nothing to train. Set trainable to true for at least one of its layers.`
      : `The ${role} has no weights, so there is nothing to train. Use layers with weights, or create them in build() with addWeight.`,
  );
}

const isAsync = ({ call }: Layer): boolean => call.constructor.name === 'AsyncFunction';

/** Samples of the batch that the model is called with. */
const PROBE = 2;

/** Calls the model once, as in training. Its variables keep their values. Rethrows what its layers throw. */
function probed(model: LayersModel, spec: NetworkSpec, known: ReadonlySet<Variable>): ModelRefusal | null {
  const own = model.weights.map((w) => w.read() as Variable);
  const hidden = (): Variable[] =>
    Object.values(tf.engine().registeredVariables).filter((v) => !known.has(v) && !own.includes(v));
  const before = [...own, ...hidden()].map((variable) => ({ variable, value: tf.clone<Tensor>(variable) }));
  const lossesOf = (): number[] => layersIn(model).map(({ losses }) => losses.length);
  const lossesBefore = lossesOf();
  const isAssigned = (v: Variable) => before.some(({ variable, value }) => variable === v && v.dataId !== value.dataId);
  try {
    const inputs = tf.zeros([PROBE, ...spec.input]);
    const { result, kernels } = traceKernels(() => tf.tidy(() => model.apply(inputs, { training: true }) as Tensor));
    inputs.dispose();
    if (!(result instanceof tf.Tensor)) return refused(`The ${spec.role} returns ${typeof result}, not a tensor.`);
    const { shape, dtype } = result;
    result.dispose();
    if (!same(shape, [PROBE, ...spec.output])) {
      const wanted = `${text([PROBE, ...spec.output])}, which is not ${text(spec.output)}`;
      return wrongOutput(spec, `${text(shape)} for two samples instead of ${wanted}`);
    }
    if (dtype !== 'float32')
      return refused(
        `The ${spec.role} returns ${dtype}; it must return float32. Operations that return whole numbers have no gradient: do without them.`,
      );
    const added = lossesOf().findIndex((count, i) => count > lossesBefore[i]);
    if (added >= 0)
      return refused(
        `Layer "${layersIn(model)[added].name}" calls addLoss in call(). Only losses of weights are supported: pass a regularizer to addWeight, or call addLoss in build().`,
      );
    for (const variable of hidden()) {
      const user = kernels.find(({ inputs }) => inputs.includes(variable));
      if (isAssigned(variable) || (variable.trainable && user)) return hiddenWeight(variable, user?.layer ?? null);
    }
    return null;
  } finally {
    for (const { variable, value } of before) {
      if (!variable.isDisposed && variable.dataId !== value.dataId) variable.assign(value);
      value.dispose();
    }
  }
}

/** Computes the regularizers and weight constraints, which may be the user's own, once. */
function lossesAndConstraints(model: LayersModel): ModelRefusal | null {
  for (const layer of layersIn(model)) {
    const fails = (what: string, why: string) => refused(`${what} of layer "${layer.name}" fails: ${why}`);
    for (const loss of layer.losses as (() => unknown)[]) {
      const problem = failureOf(loss, []);
      if (problem !== null) return fails('A regularizer or loss', problem);
    }
    if ('layers' in layer) continue;
    for (const w of layer.trainableWeights as (Layer['weights'][number] & Constrained)[]) {
      const problem = w.constraint ? failureOf(() => w.constraint!.apply(w.read()), w.shape) : null;
      if (problem !== null) return fails(`The constraint of weight "${w.originalName.split('/').at(-1)}"`, problem);
    }
  }
  return null;
}

function failureOf(compute: () => unknown, shape: Shape): string | null {
  try {
    const result = tf.tidy(compute as () => Tensor);
    if (!(result instanceof tf.Tensor)) return 'it returns no tensor.';
    result.dispose();
    return same(result.shape, shape) ? null : `it returns shape ${text(result.shape)} instead of ${text(shape)}.`;
  } catch (error) {
    return messageOf(error);
  }
}

function hiddenWeight({ name, shape, trainable }: Variable, layer: string | null): ModelRefusal {
  const unknown = 'as weights of the model, so they would be neither trained nor saved.';
  // A weight of a layer is named "layer/weight"; a variable without a name has a number.
  const inner = name.split('/').at(-2);
  if (inner !== undefined)
    return refused(
      `Layer "${inner}" is made by another layer for its own use: TensorFlow.js does not know its weights ${unknown} Apply the layer in the function that builds the model, or create the weights in build() with addWeight.`,
    );
  const size = `[${shape.join(', ')}]`;
  const add = `this.addWeight(name, ${size}, 'float32', initializer${trainable ? '' : ', undefined, false'})`;
  return refused(
    `${layer === null ? 'The model' : `Layer "${layer}"`} has a tf.variable of its own, of shape ${size}: TensorFlow.js does not know such variables ${unknown} Create it in build() of the layer with ${add}, and use its read() and write().`,
  );
}
