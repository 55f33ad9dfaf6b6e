// Gradients that TensorFlow.js 4.22 lacks or gets wrong and that a gradient penalty needs, for every backend.
// docs/second-order.md lists how accurate they are, compared with central differences.
import { convolution } from './convolution';
import { elementwise } from './elementwise';
import { movement } from './movement';
import { FusedBatchNorm, LRN } from './normalization';
import { pooling } from './pooling';
import { Prod } from './prod';
import { Mean, Sum } from './reductions';
import { resizing } from './resize';
import { register, type Rules } from './rule';
import { patchGradientTape } from './tapePatch';

export const rules: Rules = {
  ...elementwise,
  ...convolution,
  ...movement,
  ...pooling,
  ...resizing,
  FusedBatchNorm,
  LRN,
  Prod,
  Sum,
  Mean,
};

/**
 * Patches the gradient tape and registers all rules. tfjs-layers must be imported before: it registers its own
 * gradients.
 */
export function registerGradients(): void {
  patchGradientTape();
  for (const [kernel, rule] of Object.entries(rules)) register(kernel, rule);
}
