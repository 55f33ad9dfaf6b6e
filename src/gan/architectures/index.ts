// The networks of the catalog by id.
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { CatalogNetworkConfig, NetworkId } from '../../catalog';
import type { NetworkSpec } from '../network';
import { dcgan, dcganConstant } from './dcgan';
import { linear } from './linear';
import { mlp } from './mlp';
import { resnet } from './resnet';
import { shift } from './shift';

type Builder<K extends NetworkId> = (network: CatalogNetworkConfig<K>, spec: NetworkSpec) => LayersModel;

const builders: { readonly [K in NetworkId]: Builder<K> } = {
  mlp,
  dcgan,
  'dcgan-constant': dcganConstant,
  resnet,
  shift,
  linear,
};

/** Builds a network of the catalog with its initial weights. */
export function buildNetwork<K extends NetworkId>(network: CatalogNetworkConfig<K>, spec: NetworkSpec): LayersModel {
  return (builders[network.network as K] as Builder<K>)(network, spec);
}
