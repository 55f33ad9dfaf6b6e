// A convolution followed by the mean of every 2 × 2 pixels, computed as one equivalent strided convolution.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';

type Shape = (number | null)[];
type LayerVariable = ReturnType<layers.Layer['addWeight']>;

interface ConvMeanPoolConfig {
  readonly filters: number;
  /** Side of the kernel w. Odd, so that the convolution keeps the size of the image. */
  readonly kernelSize: 1 | 3 | 5;
  readonly name?: string;
}

/**
 * [B, H, W, C] → [B, H/2, W/2, filters]: ConvMeanPool of gan_cifar_resnet.py (Gulrajani et al. 2017), for even H and W.
 *
 * The mean over 2 × 2 outputs of a convolution with w is a convolution of stride 2 with the mean of four copies of w,
 * shifted by up to one pixel: equal up to rounding, with (k+1)²/4k² of the multiplications, 4/9 for k = 3.
 */
export class ConvMeanPool extends layers.Layer {
  static readonly className = 'EarthmoverConvMeanPool';
  private w!: LayerVariable;
  private b!: LayerVariable;

  constructor(private readonly config: ConvMeanPoolConfig) {
    super({ name: config.name });
  }

  override build(inputShape: Shape): void {
    const { filters, kernelSize: k } = this.config;
    const channels = inputShape[inputShape.length - 1] as number;
    this.w = this.addWeight('kernel', [k, k, channels, filters], 'float32', initializers.glorotUniform({}));
    this.b = this.addWeight('bias', [filters], 'float32', initializers.zeros());
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const [x] = [inputs].flat() as Tensor4D[];
    const kernel = meanOfShifts(this.w.read() as Tensor4D);
    return tf.add(tf.conv2d(x, kernel, 2, 'same'), this.b.read());
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const [batch, height, width] = inputShape;
    return [batch, (height as number) / 2, (width as number) / 2, this.config.filters];
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { filters, kernelSize } = this.config;
    return { ...super.getConfig(), filters, kernelSize };
  }
}
tf.serialization.registerClass(ConvMeanPool);

/** w [k, k, in, out] → [k+1, k+1, in, out]: ¼ Σ over the shifts by 0 or 1 along rows and columns. */
function meanOfShifts(w: Tensor4D): Tensor4D {
  const shifted = (rows: 0 | 1, columns: 0 | 1): Tensor4D =>
    tf.pad(w, [
      [rows, 1 - rows],
      [columns, 1 - columns],
      [0, 0],
      [0, 0],
    ]);
  const four = tf.add(tf.add(shifted(0, 0), shifted(0, 1)), tf.add(shifted(1, 0), shifted(1, 1)));
  return tf.mul(0.25, four);
}
