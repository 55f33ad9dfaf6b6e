// Operations on pixels without weights: normalization, mean pooling and nearest-neighbor upsampling.
import { add, div, sqrt, square, sub } from './elementwise';
import { broadcastTo } from './broadcast';
import { mean, reshape } from './shape';
import type { Value } from './value';

/** (x - μ)/√(σ² + ε) with the mean and the (biased) variance over these axes. */
export function normalized(x: Value, axes: readonly number[], epsilon: number) {
  const mu = mean(x, axes, true);
  const centred = sub(x, mu);
  const variance = mean(square(centred), axes, true);
  return { y: div(centred, sqrt(add(variance, epsilon))), mu, variance };
}

/** [B,H,W,C] → [B,H/2,W/2,C]: the mean of every 2 × 2 pixels. */
export function halved(x: Value): Value {
  const [batch, height, width, channels] = x.shape;
  return mean(reshape(x, [batch, height / 2, 2, width / 2, 2, channels]), [2, 4]);
}

/** [B,H,W,C] → [B,2H,2W,C]: every pixel repeated four times. */
export function doubled(x: Value): Value {
  const [batch, height, width, channels] = x.shape;
  const split = reshape(x, [batch, height, 1, width, 1, channels]);
  const repeated = broadcastTo(split, [batch, height, 2, width, 2, channels]);
  return reshape(repeated, [batch, 2 * height, 2 * width, channels]);
}
