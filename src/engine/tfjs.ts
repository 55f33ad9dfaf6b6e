// TensorFlow.js as users' model files import it ('@tensorflow/tfjs'): operations and layers, with random operations
// that draw new numbers at each run of a compiled step.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';

export * from '@tensorflow/tfjs-core';
export * from '@tensorflow/tfjs-layers';
export {
  dropout,
  randomNormal,
  randomStandardNormal,
  randomUniform,
  randomUniformInt,
  truncatedNormal,
} from './noise/operations';
