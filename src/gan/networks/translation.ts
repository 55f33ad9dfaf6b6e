// The generator of Example 1 (Arjovsky, Chintala, Bottou 2017): g_θ(z) = (θ, z), with θ as its only parameter.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { initializers, layers, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import type { CatalogNetwork } from '../../catalog';
import type { Ends } from './network';

type Shape = (number | null)[];
type LayerVariable = ReturnType<layers.Layer['addWeight']>;

/** z [B, n] → (θ, z) [B, n+1] */
export class Translation extends layers.Layer {
  static readonly className = 'EarthmoverTranslation';
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
tf.serialization.registerClass(Translation);

export function translation({ theta }: CatalogNetwork<'shift'>, { role, input }: Ends): LayersModel {
  const model = sequential({ name: role });
  model.add(layers.inputLayer({ inputShape: [...input], name: 'z' }));
  model.add(new Translation({ start: theta, name: 'shift' }));
  return model;
}
