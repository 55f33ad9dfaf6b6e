// Patches of tfjs-layers, for every engine: layer names in messages, random numbers as inputs of a step, and the
// gradient of batch normalization.
import * as tf from '@tensorflow/tfjs-core';
import { serialization } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { normalizeBatch } from './batchNormalization';
import { withLayer } from './graph/node';
import { dropout, keepMask } from './noise/operations';
import { drawNoise } from './noise/source';
import { patchLayerCall } from './tfjsInternals';

let patched = false;

/** Patches the layer classes, once per process. */
export function patchLayers(): void {
  if (patched) return;
  patched = true;
  nameClasses();
  trackLayerNames();
  patchRandomLayers();
  patchBatchNormalization();
}

/** TensorFlow.js fails without saying why for a layer class that has no static `className`. */
function nameClasses(): void {
  serialization.Serializable.prototype.getClassName = function (this: object) {
    const { className, name } = this.constructor as unknown as { className?: string; name: string };
    return className ?? name;
  };
}

/** Records the layer that creates a node or a gradient, so that messages can name it. */
function trackLayerNames(): void {
  const { apply } = layers.Layer.prototype;
  layers.Layer.prototype.apply = function (inputs, kwargs) {
    return withLayer(this.name, () => apply.call(this, inputs, kwargs));
  };
}

/** A weight of a layer. */
interface LayerWeight {
  read(): tf.Tensor;
  write(value: tf.Tensor): void;
}

/** Fields of batch normalization that are not part of its type. */
interface BatchNormalization {
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma?: LayerWeight;
  readonly beta?: LayerWeight;
  readonly movingMean: LayerWeight;
  readonly movingVariance: LayerWeight;
}

/**
 * In training, batch normalization has a gradient in closed form. TensorFlow.js 4.22 fails if it has no gain or no
 * offset.
 */
function patchBatchNormalization(): void {
  patchLayerCall('BatchNormalization', (layer, call) => (inputs, kwargs) => {
    if (!kwargs.training) return call(inputs, kwargs);
    const { gamma, beta, movingMean, movingVariance, ...fields } = layer as unknown as BatchNormalization;
    const [x] = [inputs].flat();
    const axis = fields.axis < 0 ? fields.axis + x.rank : fields.axis;
    const channels = [x.shape[axis]];
    const gain = gamma?.read() ?? tf.ones(channels);
    const offset = beta?.read() ?? tf.zeros(channels);
    const { y, mean, variance } = normalizeBatch(x, gain, offset, axis, fields.epsilon);
    const average = (of: LayerWeight, value: tf.Tensor): void => {
      const old = of.read();
      of.write(tf.sub(old, tf.mul(tf.sub(old, value), 1 - fields.momentum)));
    };
    average(movingMean, mean);
    average(movingVariance, variance);
    return y;
  });
}

/** Fields of the random layers that are not part of their types. */
interface Fields {
  readonly rate: number;
  readonly stddev: number;
  readonly noiseShape?: readonly (number | null)[];
  getNoiseShape?(input: tf.Tensor): readonly number[] | null | undefined;
  dropoutFunc?: typeof dropout;
}

/**
 * The layer's output in training, or null if it draws nothing. The seed of a layer is ignored: it would repeat the
 * first mask forever.
 */
type RandomLayer = (x: tf.Tensor, layer: Fields) => tf.Tensor | null;

const randomLayers: Readonly<Record<string, RandomLayer>> = {
  /** Also SpatialDropout1D, which inherits from it. */
  Dropout: (x, layer) => {
    const u = layer.rate < 1 ? drawNoise('uniform', layer.getNoiseShape?.(x) ?? x.shape) : null;
    return u && tf.mul(x, keepMask(u, layer.rate));
  },
  /** x + σz */
  GaussianNoise: (x, { stddev }) => {
    const z = drawNoise('normal', x.shape);
    return z && tf.add(x, tf.mul(stddev, z));
  },
  /** x (1 + σz), σ² = rate/(1 - rate) (Srivastava et al. 2014, section 10) */
  GaussianDropout: (x, { rate }) => {
    const z = rate < 1 ? drawNoise('normal', x.shape) : null;
    return z && tf.mul(x, tf.add(1, tf.mul(Math.sqrt(rate / (1 - rate)), z)));
  },
  /**
   * a (x m + α′(1 - m)) + b, which preserves mean and variance in a SELU network (Klambauer et al. 2017, section 3).
   */
  AlphaDropout: (x, { rate, noiseShape }) => {
    const u = rate < 1 ? drawNoise('uniform', noiseShape?.map((d, i) => d ?? x.shape[i]) ?? x.shape) : null;
    if (!u) return null;
    const kept = tf.cast(tf.greaterEqual(u, rate), 'float32'); // m
    const floor = -1.7580993408473766; // α′ = -λα
    const a = ((1 - rate) * (1 + rate * floor ** 2)) ** -0.5;
    const b = -a * floor * rate;
    const x2 = tf.add(tf.mul(x, kept), tf.mul(tf.sub(1, kept), floor));
    return tf.add(tf.mul(x2, a), b);
  },
};

/** Recurrent cells, which get the masks of their inputs and states from a function of theirs. */
const cells = ['SimpleRNNCell', 'GRUCell', 'LSTMCell', 'ConvLSTM2DCell'];

/** Random numbers become inputs of the step that is being recorded; outside of a recording the layers are unchanged. */
function patchRandomLayers(): void {
  for (const [name, outputOf] of Object.entries(randomLayers)) {
    patchLayerCall(name, (layer, call) => (inputs, kwargs) => {
      const fields = layer as unknown as Fields;
      const active = kwargs.training && (fields.stddev ?? fields.rate) > 0;
      const output = active ? outputOf([inputs].flat()[0], fields) : null;
      return output ?? call(inputs, kwargs);
    });
  }
  for (const name of cells) {
    patchLayerCall(name, (cell, call) => (inputs, kwargs) => {
      (cell as unknown as Fields).dropoutFunc ??= dropout;
      return call(inputs, kwargs);
    });
  }
}
