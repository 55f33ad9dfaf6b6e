// The normalization layers by their ids in experiment files.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';

export type Normalization = 'none' | 'batch' | 'layer' | 'instance';
type Shape = (number | null)[];
type LayerVariable = ReturnType<layers.Layer['addWeight']>;

/** ε of every normalization here. */
const EPSILON = 1e-5;

/** γ(x − μ)/√(σ² + ε) + β with μ and σ² per sample, and a gain γ and an offset β per channel. */
abstract class SampleNorm extends layers.Layer {
  private gamma!: LayerVariable;
  private beta!: LayerVariable;

  override build(inputShape: Shape): void {
    const channels = inputShape[inputShape.length - 1] as number;
    this.gamma = this.addWeight('gamma', [channels], 'float32', initializers.ones());
    this.beta = this.addWeight('beta', [channels], 'float32', initializers.zeros());
    super.build(inputShape);
  }

  /** The axes over which μ and σ² are taken. */
  protected abstract axes(rank: number): number[];

  override call(inputs: Tensor | Tensor[]): Tensor {
    const [x] = [inputs].flat();
    const axes = this.axes(x.rank);
    const centered = tf.sub(x, tf.mean(x, axes, true)); // x − μ
    const variance = tf.mean(tf.square(centered), axes, true); // σ²
    const inverse = tf.rsqrt(tf.add(variance, EPSILON)); // 1/√(σ² + ε)
    return tf.add(tf.mul(tf.mul(centered, inverse), this.gamma.read()), this.beta.read());
  }
}

/** Over a whole sample, [H, W, C] or [C] (Ba et al. 2016), with a gain per channel as in tflib/ops/layernorm.py. */
export class LayerNorm extends SampleNorm {
  static readonly className = 'EarthmoverLayerNorm';
  protected axes = (rank: number): number[] => Array.from({ length: rank - 1 }, (_, i) => i + 1);
}
tf.serialization.registerClass(LayerNorm);

/** Over the pixels of each channel of a sample, [H, W] (Ulyanov et al. 2016). */
export class InstanceNorm extends SampleNorm {
  static readonly className = 'EarthmoverInstanceNorm';
  protected axes = (rank: number): number[] => Array.from({ length: rank - 2 }, (_, i) => i + 1);
}
tf.serialization.registerClass(InstanceNorm);

const build: { readonly [N in Normalization]: (name: string) => layers.Layer | null } = {
  none: () => null,
  batch: (name) => layers.batchNormalization({ momentum: 0.9, epsilon: EPSILON, name }),
  layer: (name) => new LayerNorm({ name }),
  instance: (name) => new InstanceNorm({ name }),
};

/** The layer; null for "none". */
export const normalization = (kind: Normalization, name: string): layers.Layer | null => build[kind](name);
