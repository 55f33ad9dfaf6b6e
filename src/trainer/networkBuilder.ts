// Builds the networks of a run: architectures of the catalog, or models from the user's files, which are checked.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Role } from '../catalog';
import { ModelError } from '../engine/errors';
import type { Experiment } from '../experiment';
import { buildNetwork } from '../gan/architectures';
import { validateShapes } from '../gan/architectures/validateShapes';
import { networkOf, type NetworkSpec, type Network } from '../gan/network';
import { generator } from '../math/random';
import { settingError, type ExperimentSource } from './inputErrors';
import { loadUserModel } from './userModel';

export type BuildNetwork = (role: Role) => Promise<Network>;

/**
 * Returns a function that builds a network; each call for a role gives the same initial weights. Throws an InputError
 * for invalid model files.
 */
export function networkBuilder(
  experiment: Experiment,
  shape: readonly number[],
  source: ExperimentSource,
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
    const model = await withSeededRandom(experiment.seed, role, async () => {
      const make = await loadUserModel(source, role, network);
      return make(ends[role]);
    });
    try {
      assertFits(model, ends[role], source);
    } catch (error) {
      throw error instanceof ModelError
        ? settingError(source, 'model-refused', [role, 'module'], error.message)
        : error;
    }
    return networkOf(model);
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

type Shape = readonly (number | null)[];

/** An undefined length is shown as "any". */
const text = (shape: Shape): string => `[${shape.map((length) => length ?? 'any').join(', ')}]`;

const same = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((length, axis) => length === b[axis]);

/**
 * Checks that a model has one input and one output of the required shapes: as declared, then as computed for two
 * samples.
 */
function assertFits(model: LayersModel, { role, input, output }: NetworkSpec, source: ExperimentSource): void {
  const refuse = (message: string): never => {
    throw settingError(source, 'model-shape', [role, 'module'], message);
  };
  const data = 'the shape of one sample of the data';
  const taken = { shape: input, means: role === 'generator' ? 'the size of the latent vector' : data };
  const given = { shape: output, means: role === 'generator' ? data : 'one raw number (no sigmoid)' };
  const takes = model.inputs.map((t) => t.shape.slice(1));
  const gives = model.outputs.map((t) => t.shape.slice(1));
  const open = (said: Shape, wanted: Shape): Shape => said.map((length, axis) => length ?? wanted[axis] ?? null);
  if (takes.length !== 1 || !same(open(takes[0], input), input)) {
    refuse(
      `The ${role} takes ${takes.map(text).join(' and ')} per sample; it must take ${text(taken.shape)}, ${taken.means}. Change the first layer of the model.`,
    );
  }
  const refuseOutput = (found: string): never =>
    refuse(
      `The ${role} returns ${found} per sample; it must return ${text(given.shape)}, ${given.means}. Change the last layer of the model.`,
    );
  if (gives.length !== 1 || !same(open(gives[0], output), output)) refuseOutput(gives.map(text).join(' and '));
  const shape = tf.tidy(() => (model.apply(tf.zeros([2, ...input]), { training: false }) as Tensor).shape);
  if (!same(shape, [2, ...output]))
    refuseOutput(`${text(shape)} for two samples instead of ${text([2, ...output])}, which is not ${text(output)}`);
}
