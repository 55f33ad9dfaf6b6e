// A generator and a critic of your own: functions that return a TensorFlow.js model. custom-model.gan.json names them.
import * as tf from '@tensorflow/tfjs';

/** What the trainer calls each function with. */
interface Context {
  /** Shape of one sample that goes in: [latent] for a generator, the data's for a critic. */
  inputShape: number[];
  /** Shape of one sample that comes out: the data's for a generator, [1] for a critic. */
  outputShape: number[];
}

/** Residual blocks: each adds what it computes to what came in. */
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

/** Any activation goes here, swish for one: second derivatives are exact. The end is a raw number, without a sigmoid. */
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
