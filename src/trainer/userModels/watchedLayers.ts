// The layers of TensorFlow.js as users' model files see them: with a notice about options that TensorFlow.js ignores,
// such as those of PyTorch and Keras that it does not have.
import * as tfjs from '../../engine/tfjs';

type Options = Readonly<Record<string, unknown>>;
type Layer = InstanceType<typeof tfjs.layers.Layer>;

/** Options of every layer that are kept under another name. */
const common = ['inputShape', 'batchInputShape', 'batchSize', 'inputDType', 'inputDim', 'dtype', 'weights'];

/** @param notice receives a sentence for each option and kind of layer */
export function watchedLayers(notice: (message: string) => void): typeof tfjs.layers {
  const told = new Set<string>();
  const watched = Object.entries(tfjs.layers).map(([name, member]: [string, unknown]) => {
    // The others are classes.
    if (!/^[a-z]/.test(name)) return [name, member];
    const make = (...given: unknown[]): unknown => {
      const made = (member as (...all: unknown[]) => unknown)(...given);
      if (!(made instanceof tfjs.layers.Layer)) return made;
      const [options] = given as readonly (Options | undefined)[];
      for (const option of ignoredOptions(made, options ?? {})) {
        if (told.has(`${name}.${option}`)) continue;
        told.add(`${name}.${option}`);
        notice(`TensorFlow.js has no option "${option}" of tf.layers.${name}, so it has no effect.`);
      }
      return made;
    };
    return [name, make];
  });
  return Object.fromEntries(watched) as typeof tfjs.layers;
}

/** Options of which the layer kept nothing. */
function ignoredOptions(layer: Layer, options: Options): string[] {
  const config = layer.getConfig();
  return Object.keys(options).filter(
    (key) =>
      options[key] !== undefined &&
      options[key] !== null &&
      !common.includes(key) &&
      !(key in config) &&
      !(key in layer),
  );
}
