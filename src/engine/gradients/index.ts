// Gradients that TensorFlow.js 4.22 lacks or gets wrong, which a gradient penalty needs: for every backend.
//
// docs/second-order.md lists what was checked against central differences, and with what result.
import { convolution } from './convolution';
import { elementwise } from './elementwise';
import { movement } from './movement';
import { FusedBatchNorm } from './normalization';
import { pooling } from './pooling';
import { Prod } from './prod';
import { resizes } from './resize';
import { register, type Rules } from './rule';
import { patchGradientTape } from './tapePatch';

export const rules: Rules = {
  ...elementwise,
  ...convolution,
  ...movement,
  ...pooling,
  ...resizes,
  FusedBatchNorm,
  Prod,
};

/** Mends the tape and registers every rule; must come after the import of tfjs-layers, which registers its own. */
export function registerGradients(): void {
  patchGradientTape();
  for (const [kernel, rule] of Object.entries(rules)) register(kernel, rule);
}
