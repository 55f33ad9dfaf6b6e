// Whether a network of the catalog can be built for these input and output shapes, and what to change if it cannot.
import type { CatalogNetworkConfig, NetworkId } from '../../catalog';
import type { NetworkSpec } from '../network';

interface ShapeProblem {
  /** The setting to change. */
  readonly path: readonly string[];
  readonly message: string;
}

/** Why the network cannot be built; null if it can. */
export const validateShapes = (network: CatalogNetworkConfig, spec: NetworkSpec): ShapeProblem | null =>
  rules[network.network](network, spec);

type Rule = (network: CatalogNetworkConfig, spec: NetworkSpec) => ShapeProblem | null;

/** Convolutions need images that can be halved down to 4 to 7 pixels. */
const halvableImage: Rule = ({ network }, { role, input, output }) => {
  const shape = role === 'generator' ? output : input;
  const path = [role, 'network'];
  if (shape.length !== 3) {
    const message = `The ${role} is a "${network}", which needs images, but samples have shape [${shape.join(', ')}]; use "mlp".`;
    return { path, message };
  }
  const [height, width] = shape;
  if (isHalvable(height, width)) return null;
  const sides = nearestHalvableSides(Math.min(height, width)).join(' or ');
  const message =
    `The ${role} is a "${network}", which halves images down to 4 to 7 pixels, but ${height} × ${width} cannot be halved evenly; ` +
    `use square images with sides of ${sides} pixels, or use "mlp".`;
  return { path, message };
};

/** A shift generator prepends θ to z, so z is one number shorter than a point. */
const shiftGenerator: Rule = (_, { role, input: [latent], output }) => {
  if (role === 'critic') {
    const message = 'The critic is a "shift", which can only be a generator; use "mlp".';
    return { path: [role, 'network'], message };
  }
  if (output.length !== 1) {
    const message = `The generator is a "shift", which generates points, but samples have shape [${output.join(', ')}]; use "dcgan" or "resnet".`;
    return { path: [role, 'network'], message };
  }
  if (latent === output[0] - 1) return null;
  const message =
    'The generator is a "shift", which prepends θ to the latent vector; ' +
    `for points of ${output[0]} numbers latent.size must be ${output[0] - 1}, not ${latent}.`;
  return { path: ['latent', 'size'], message };
};

const pointsOnly: Rule = (_, { role, input, output }) => {
  const shape = role === 'generator' ? output : input;
  if (shape.length === 1) return null;
  const message = `The ${role} is "linear", which works with points, but samples have shape [${shape.join(', ')}]; use "mlp".`;
  return { path: [role, 'network'], message };
};

const rules: { readonly [K in NetworkId]: Rule } = {
  mlp: () => null,
  dcgan: halvableImage,
  'dcgan-constant': halvableImage,
  resnet: halvableImage,
  shift: shiftGenerator,
  linear: pointsOnly,
};

/** How often both sides can be halved until the shorter one is 4 to 7 pixels. Throws if the image is not halvable. */
export function halvingsOf(height: number, width: number): number {
  const halvings = Math.floor(Math.log2(Math.min(height, width) / 4));
  if (!isHalvable(height, width)) {
    throw new Error(`assertion failed: an image of ${height} × ${width} cannot be halved down to 4 to 7 pixels`);
  }
  return halvings;
}

/** Whether both sides can be halved, at least once, until the shorter one is 4 to 7 pixels. */
function isHalvable(height: number, width: number): boolean {
  const halvings = Math.floor(Math.log2(Math.min(height, width) / 4));
  return halvings >= 1 && height % 2 ** halvings === 0 && width % 2 ** halvings === 0;
}

/** The next smaller and the next larger side of a square image that is halvable. */
function nearestHalvableSides(side: number): number[] {
  let [below, above] = [side, side];
  while (below > 0 && !isHalvable(below, below)) below--;
  while (!isHalvable(above, above)) above++;
  return below > 0 ? [below, above] : [above];
}
