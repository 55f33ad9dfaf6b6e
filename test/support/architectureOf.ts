// Converts a network of the catalog to the plain data of the float64 reference.
import type { CatalogNetworkConfig } from '../../src/catalog';
import type { NetworkSpec } from '../../src/gan/network';
import type { Architecture } from '../reference';

/** The same network for the float64 reference, with the shapes of a network spec. */
export function architectureOf(
  network: CatalogNetworkConfig,
  { role, input, output }: Omit<NetworkSpec, 'seed'>,
): Architecture {
  const image = role === 'generator' ? output : input;
  const ends = { role, size: image[0], channels: image[2], latent: input[0] };
  switch (network.network) {
    case 'mlp':
      return { ...network, kind: 'mlp', input, output, outputActivation: output.length > 1 ? 'tanh' : undefined };
    case 'dcgan':
      return { ...network, ...ends, kind: 'dcgan' };
    case 'dcgan-constant':
      return { ...network, ...ends, kind: 'dcgan', normalization: 'none', growth: 1 };
    case 'resnet':
      return { ...network, ...ends, kind: 'resnet' };
    case 'shift':
      return { kind: 'layers', input, layers: [{ type: 'shift' }] };
    case 'linear':
      return { kind: 'layers', input, layers: [{ type: 'dense', units: output[0] }] };
  }
}

/**
 * Parameters by name, such as '04.up1-shortcut.kernel', in the reference's order: a block's shortcut after its body.
 */
export function inReferenceOrder<T>(parameters: Readonly<Record<string, T>>): T[] {
  const names = Object.keys(parameters);
  const blockOf = (name: string): string => /^\d+\.((?:up|down|keep)\d+)-/.exec(name)?.[1] ?? name;
  const first = (name: string): number => names.findIndex((other) => blockOf(other) === blockOf(name));
  const late = (name: string): number => Number(name.includes('-shortcut.'));
  return names.toSorted((a, b) => first(a) - first(b) || late(a) - late(b)).map((name) => parameters[name]);
}
