// Whether a network of the catalog can be built for what goes in and comes out, and what to do where it cannot.
import type { CatalogNetwork, NetworkId } from '../../catalog';
import type { Ends } from './network';
import { halves, sidesAround } from './sizes';

/** The setting that is in the way, and a sentence that names what works. */
export interface Misfit {
  readonly path: readonly string[];
  readonly message: string;
}

/** What keeps the network from being built; null where nothing does. */
export const misfitOf = (network: CatalogNetwork, ends: Ends): Misfit | null => rules[network.network](network, ends);

type Fit = (network: CatalogNetwork, ends: Ends) => Misfit | null;

/** Convolutions need images that halve down to 4 to 7 pixels. */
const image: Fit = ({ network }, { role, input, output }) => {
  const shape = role === 'generator' ? output : input;
  const path = [role, 'network'];
  if (shape.length !== 3) {
    const message = `The ${role} is a "${network}", which needs images, and a sample of the data is [${shape.join(', ')}]; use "mlp".`;
    return { path, message };
  }
  const [height, width] = shape;
  if (halves(height, width)) return null;
  const sides = sidesAround(Math.min(height, width)).join(' or ');
  const message =
    `The ${role} is a "${network}", which halves images down to 4 to 7 pixels, and ${height} × ${width} does not halve so; ` +
    `make the images square with a side of ${sides}, or use "mlp".`;
  return { path, message };
};

/** θ comes before z, so that z is one number shorter than a point. */
const line: Fit = (_, { role, input: [latent], output }) => {
  if (role === 'critic') {
    const message = 'The critic is a "shift", which only makes samples; use "mlp".';
    return { path: [role, 'network'], message };
  }
  if (output.length !== 1) {
    const message = `The generator is a "shift", which makes points, and a sample of the data is [${output.join(', ')}].`;
    return { path: [role, 'network'], message };
  }
  if (latent === output[0] - 1) return null;
  const message = `The generator is a "shift", which puts θ before the latent vector; for points of ${output[0]} numbers latent.size must be ${output[0] - 1}, not ${latent}.`;
  return { path: ['latent', 'size'], message };
};

const rules: { readonly [K in NetworkId]: Fit } = {
  mlp: () => null,
  dcgan: image,
  'dcgan-constant': image,
  resnet: image,
  shift: line,
};
