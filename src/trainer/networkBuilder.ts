// Builds the networks of a run: architectures of the catalog, or models from the user's files, which are checked.
import { engine, type Variable } from '@tensorflow/tfjs-core';
import type { Role } from '../catalog';
import { ModelError } from '../engine/errors';
import { failedLayer } from '../engine/graph/node';
import type { Experiment } from '../experiment';
import { buildNetwork } from '../gan/architectures';
import { validateShapes } from '../gan/architectures/validateShapes';
import { networkOf, type NetworkSpec, type Network } from '../gan/network';
import { generator } from '../math/random';
import { settingError, type ExperimentSource } from './inputErrors';
import type { ModelBundles } from './userModels/bundleModule';
import { checkModel } from './userModels/checkModel';
import { atUserLine, definitionOf } from './userModels/moduleErrors';
import { buildUserModel } from './userModels/userModel';

export type BuildNetwork = (role: Role) => Promise<Network>;

export interface ModelContext {
  readonly source: ExperimentSource;
  /** The bundles of the experiment's model files. */
  readonly bundles?: ModelBundles;
  /** Receives sentences about what is ignored or changed in a model file. */
  readonly notice?: (message: string) => void;
  /** Receives the SHA-256 of each saved model that a model file loads, by absolute path. */
  readonly onLoad?: (role: Role, files: Readonly<Record<string, string>>) => void;
}

/**
 * Returns a function that builds a network; each call for a role gives the same initial weights. Throws an InputError
 * for invalid model files.
 */
export function networkBuilder(
  experiment: Experiment,
  shape: readonly number[],
  { source, bundles = {}, notice = () => {}, onLoad }: ModelContext,
): BuildNetwork {
  const latent = [experiment.latent.size];
  const ends: { readonly [R in Role]: NetworkSpec } = {
    generator: { role: 'generator', input: latent, output: shape, seed: experiment.seed },
    critic: { role: 'critic', input: shape, output: [1], seed: experiment.seed },
  };
  return async (role) => {
    const network = experiment[role];
    if ('network' in network) {
      const misfit = validateShapes(network, ends[role]);
      if (misfit) throw settingError(source, 'network-shape', misfit.path, misfit.message);
      return networkOf(buildNetwork(network, ends[role]));
    }
    const bundle = bundles[role];
    if (!bundle) throw new Error(`assertion failed: the ${role} has a model file that was not bundled`);
    const { file } = bundle;
    const { export: exported } = network;
    const known = new Set<Variable>(Object.values(engine().registeredVariables));
    const { model, loaded } = await withSeededRandom(experiment.seed, role, () =>
      buildUserModel(bundle, network, ends[role], source, notice),
    );
    onLoad?.(role, loaded);
    const refusal = whileChecking(() => checkModel(model, ends[role], known, notice));
    if (refusal) throw settingError(source, refusal.code, [role, 'module'], refusal.message);
    // A name that is written in the file is the same in every process; one with a counter or a time is not.
    return networkOf(model, (name) => bundle.code.includes(JSON.stringify(name)));

    function whileChecking<T>(check: () => T): T {
      try {
        return check();
      } catch (error) {
        if (error instanceof ModelError) throw settingError(source, 'model-refused', [role, 'module'], error.message);
        const layer = failedLayer(error);
        const hint = layer === null ? '' : `This happened in layer "${layer}" of the ${role}.`;
        throw atUserLine(error, definitionOf(file, exported), 'model-refused', hint);
      }
    }
  };
}

/**
 * TensorFlow.js draws initial weights from Math.random, which is replaced by the experiment's generator during the
 * call.
 */
async function withSeededRandom<T>(seed: number, role: Role, f: () => Promise<T>): Promise<T> {
  const { random } = Math;
  Math.random = generator({ seed, stream: `module/${role}`, step: 0 });
  try {
    return await f();
  } finally {
    Math.random = random;
  }
}
