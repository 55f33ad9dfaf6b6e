// The distributions over the plane by the id of their data source.
import type { Data } from '../catalog';
import type { Distribution } from './distribution';
import { gaussiansGrid } from './gaussians-grid';
import { gaussiansRing } from './gaussians-ring';
import { swissRoll } from './swiss-roll';
import { verticalLine } from './verticalLine';

export type DistributionId = 'gaussians-ring' | 'gaussians-grid' | 'swiss-roll' | 'vertical-line';

type Maker<K extends DistributionId> = (data: Data<K>) => Distribution;

const makers: { readonly [K in DistributionId]: Maker<K> } = {
  'gaussians-ring': gaussiansRing,
  'gaussians-grid': gaussiansGrid,
  'swiss-roll': swissRoll,
  'vertical-line': verticalLine,
};

export const distributionOf = <K extends DistributionId>(data: Data<K>): Distribution =>
  (makers[data.source as K] as Maker<K>)(data);
