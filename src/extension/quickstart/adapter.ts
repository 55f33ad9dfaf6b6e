// A model that is no function, as the function that a training calls: a constant, or a class with a method that builds it.
import type { FoundModel } from '../models/findModels';

/** TypeScript of a module that exports a function under the model's name, for the model that `module` exports; undefined for one that is a function. */
export function adapterText({ kind, exported, method }: FoundModel, module: string): string | undefined {
  if (kind === 'function') return undefined;
  if (kind === 'constant') {
    return `// Made by a quick start: "${exported}" is a constant, and a training builds its models by calling a function.
import * as tf from '@tensorflow/tfjs';
import { ${exported} as model } from '${module}';

/** The same layers every time, with weights drawn from the experiment's seed. */
export const ${exported} = () => tf.models.modelFromJSON({ modelTopology: model.toJSON(null, false) });
`;
  }
  const { name = 'build', isStatic = true } = method ?? {};
  return `// Made by a quick start: "${exported}" is a class, and a training builds its models by calling a function.
import { ${exported} as Model } from '${module}';

/** It is called with { role, inputShape, outputShape }. */
export const ${exported} = (context) => ${isStatic ? 'Model' : 'new Model()'}.${name}(context);
`;
}
