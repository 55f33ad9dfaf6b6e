// A constant that is a model, as the function that a training calls: each call gives it anew, with first weights of its own.

/** TypeScript of a module that exports the function `name`, for the model that `module` exports under the same name. */
export const adapterText = (
  name: string,
  module: string,
): string => `// Made by a quick start: "${name}" is a constant, and a training builds its models by calling a function.
import * as tf from '@tensorflow/tfjs';
import { ${name} as model } from '${module}';

/** The same layers every time, with weights drawn from the experiment's seed. */
export const ${name} = () => tf.models.modelFromJSON({ modelTopology: model.toJSON(null, false) });
`;
