// A custom generator and critic for custom-model.gan.json: functions that return a TensorFlow.js model.
import * as tf from '@tensorflow/tfjs';

/** The argument of each function. */
interface Context {
  /** Shape of one input sample: [latent] for a generator, that of the data for a critic. */
  inputShape: number[];
  /** Shape of one output sample: that of the data for a generator, [1] for a critic. */
  outputShape: number[];
}

/** Three residual blocks, each of which adds a dense layer's output to its input. */
export function generator({ inputShape, outputShape }: Context): tf.LayersModel {
  const z = tf.input({ shape: inputShape });
  let h = tf.layers.dense({ units: 128 }).apply(z) as tf.SymbolicTensor;
  for (let block = 0; block < 3; block++) {
    const inner = tf.layers.dense({ units: 128, activation: 'relu', kernelInitializer: 'heNormal' }).apply(h);
    h = tf.layers.add().apply([h, inner as tf.SymbolicTensor]) as tf.SymbolicTensor;
  }
  const x = tf.layers.dense({ units: outputShape[0] }).apply(h) as tf.SymbolicTensor;
  return tf.model({ inputs: z, outputs: x });
}

/**
 * Any activation works, for example swish: second derivatives are exact. The output is a raw number, without a sigmoid.
 */
export function critic({ inputShape }: Context): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.dense({ units: 128, activation: 'swish', inputShape, kernelInitializer: 'heNormal' }),
      tf.layers.dense({ units: 128, activation: 'swish', kernelInitializer: 'heNormal' }),
      tf.layers.dense({ units: 128, activation: 'swish', kernelInitializer: 'heNormal' }),
      tf.layers.dense({ units: 1 }),
    ],
  });
}
