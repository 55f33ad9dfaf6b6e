// The networks of the catalog by id.
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { CatalogNetwork, NetworkId } from '../../catalog';
import { dcgan, dcganConstant } from './dcgan';
import { mlp } from './mlp';
import type { Ends } from './network';
import { resnet } from './resnet';
import { translation } from './translation';

type Builder<K extends NetworkId> = (network: CatalogNetwork<K>, ends: Ends) => LayersModel;

const networkBuilders: { readonly [K in NetworkId]: Builder<K> } = {
  mlp,
  dcgan,
  'dcgan-constant': dcganConstant,
  resnet,
  shift: translation,
};

/** Builds a network of the catalog with its first weights. */
export function buildNetwork<K extends NetworkId>(network: CatalogNetwork<K>, ends: Ends): LayersModel {
  return (networkBuilders[network.network as K] as Builder<K>)(network, ends);
}

export { misfitOf, type Misfit } from './fit';
export { networkOf, type Ends, type Network } from './network';
