// The networks of a run: those of the catalog are built, those of the workspace are bundled, run and checked.
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Role } from '../catalog';
import type { Experiment } from '../experiment';
import { buildNetwork, networkOf, type Ends, type Network } from '../gan/networks';
import { generator } from '../math/random';
import { settingError, type Source } from './inputError';
import { loadModule } from './userModule';

export type BuildNetwork = (role: Role) => Promise<Network>;

/** Builds a network; called twice for a role it gives two with the same first weights. Throws an InputError where a model file is wrong. */
export function networkBuilder(experiment: Experiment, shape: readonly number[], source: Source): BuildNetwork {
  const latent = [experiment.latent.size];
  const ends: { readonly [R in Role]: Ends } = {
    generator: { role: 'generator', input: latent, output: shape, seed: experiment.seed },
    critic: { role: 'critic', input: shape, output: [1], seed: experiment.seed },
  };
  return async (role) => {
    const network = experiment[role];
    if ('network' in network) return networkOf(buildNetwork(network, ends[role]));
    const model = await withSeededRandom(experiment.seed, role, async () => {
      const make = await loadModule(source, role, network);
      return make(ends[role]);
    });
    assertFits(model, ends[role], source);
    return networkOf(model);
  };
}

/** TensorFlow.js draws first weights from Math.random: for the time of a call it draws from the experiment's seed. */
async function withSeededRandom<T>(seed: number, role: Role, f: () => Promise<T>): Promise<T> {
  const { random } = Math;
  Math.random = generator({ seed, stream: `module/${role}`, step: 0 });
  try {
    return await f();
  } finally {
    Math.random = random;
  }
}

const text = (shape: readonly (number | null)[]): string => `[${shape.join(', ')}]`;

function assertFits(model: LayersModel, { role, input, output }: Ends, source: Source): void {
  const check = (
    what: 'takes' | 'gives',
    tensors: LayersModel['inputs'],
    expected: readonly number[],
    means: string,
  ) => {
    const found = tensors.map((t) => t.shape.slice(1));
    if (found.length === 1 && text(found[0]) === text(expected)) return;
    const message =
      `The ${role} ${what} ${found.map(text).join(' and ')} a sample; it must ${what === 'takes' ? 'take' : 'give'} ` +
      `${text(expected)}, ${means}. Change the ${what === 'takes' ? 'first' : 'last'} layer of the model.`;
    throw settingError(source, 'model-shape', [role, 'module'], message);
  };
  const data = 'the shape of one sample of the data';
  check('takes', model.inputs, input, role === 'generator' ? 'the size of the latent' : data);
  check('gives', model.outputs, output, role === 'generator' ? data : 'one raw number (no sigmoid)');
}
