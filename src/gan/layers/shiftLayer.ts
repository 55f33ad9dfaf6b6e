// The layer of the generator of Example 1: it prepends its only parameter to the latent vector.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';

type Shape = (number | null)[];
type LayerVariable = ReturnType<layers.Layer['addWeight']>;

/** z [B, n] → (θ, z) [B, n+1] */
export class ShiftLayer extends layers.Layer {
  static readonly className = 'EarthmoverShift';
  private theta!: LayerVariable;

  constructor(private readonly config: { readonly start: number; readonly name?: string }) {
    super({ name: config.name });
  }

  override build(inputShape: Shape): void {
    const start = initializers.constant({ value: this.config.start });
    this.theta = this.addWeight('theta', [1], 'float32', start);
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const [z] = [inputs].flat() as Tensor2D[];
    const theta = tf.mul(tf.ones([z.shape[0], 1]), this.theta.read());
    return tf.concat([theta, z], 1); // (θ, z)
  }

  override computeOutputShape([batch, length]: Shape): Shape {
    return [batch, (length as number) + 1];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), start: this.config.start };
  }
}
tf.serialization.registerClass(ShiftLayer);
