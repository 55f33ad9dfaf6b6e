// Lint rules about data, and about the networks, metrics and sizes that must fit it.
import {
  dataSources,
  networks,
  type DataConfig,
  type DataSourceId,
  type Kind,
  type NetworkEntry,
  type NetworkId,
  type Role,
  metrics,
  type MetricEntry,
} from '../../catalog';
import { plural } from '../../shared/text';
import { oneOf } from '../errorHints';
import { type Rule, dataSize, setFix } from './rule';
import { fittingMetrics } from '../resolve';

/** Networks must support the kind of data and their role. */
export const networkFitsData: Rule = {
  severity: 'error',
  why: 'Convolutions need rows and columns of pixels, which points do not have; "shift" and "linear" work with points only, and "shift" can only be a generator.',
  check: (experiment) => {
    const { gives } = dataSources[experiment.data.source];
    return (['generator', 'critic'] as const).flatMap((role) => {
      const network = experiment[role];
      if (!('network' in network) || fits(network.network, role, gives)) return [];
      const others = (Object.keys(networks) as NetworkId[]).filter((id) => fits(id, role, gives));
      const mismatch = networks[network.network].handles.some((kind) => kind === gives)
        ? `which can only be a ${(networks[network.network] as NetworkEntry).roles.join(' or ')}`
        : `but "${experiment.data.source}" provides ${gives}`;
      const message = `The ${role} is a "${network.network}", ${mismatch}; use ${oneOf(others)}.`;
      const fixes = others.map((network) => ({
        title: `Use ${JSON.stringify(network)}`,
        changes: [{ path: [role], value: { network } }],
      }));
      return [{ path: [role, 'network'], message, fixes }];
    });
  },
};

function fits(id: NetworkId, role: Role, kind: Kind): boolean {
  const { handles, roles }: NetworkEntry = networks[id];
  return handles.includes(kind) && roles.includes(role);
}

const needText: Readonly<Record<MetricEntry['needs'], string>> = {
  mixture: 'a mixture with known modes',
  points: 'points',
  images: 'images',
  labels: 'images with classes',
  features: 'images',
};

/** Metrics must fit the data. */
export const metricFitsData: Rule = {
  severity: 'error',
  why: 'Each metric relies on a property that only some data sources have.',
  check: ({ data, metrics: list }) => {
    const fitting = fittingMetrics(data.source);
    return list.flatMap((id, index) => {
      if (fitting.includes(id)) return [];
      const suited = (Object.keys(dataSources) as DataSourceId[]).filter((source) =>
        fittingMetrics(source).includes(id),
      );
      const message = `The metric "${id}" needs ${needText[metrics[id].needs]}, which "${data.source}" does not provide; remove it, or set data.source to ${oneOf(suited)}.`;
      const path = ['metrics', index];
      return [{ path, message, fixes: [{ title: `Remove "${id}"`, changes: [{ path, remove: true }] }] }];
    });
  },
};

/** A batch must not be larger than the training set. */
export const batchFitsData: Rule = {
  severity: 'error',
  why: 'A batch larger than the training set contains samples more than once.',
  check: ({ data, batchSize }) => {
    const size = dataSize(data);
    if (size === undefined || batchSize <= size.training) return [];
    const message = `batchSize is ${batchSize}, but the training set has only ${plural(size.training, 'sample')}; lower batchSize to at most ${size.training}, or add samples.`;
    const path = ['batchSize'];
    return [{ path, message, fixes: [setFix(path, size.training)] }];
  },
};

/** In the paper the critic overfits on 1,000 images. */
const smallDataSet = 2000;

/** A small data set needs a validation split. */
export const validationSplit: Rule = {
  severity: 'warning',
  why: 'A critic overfits a small data set before the generator does; only held-out samples reveal it.',
  source: 'Gulrajani et al. 2017, section 5.6 and Figure 5b',
  check: ({ data }) => {
    const size = dataSize(data);
    if (size === undefined || size.samples > smallDataSet || data.validation > 0) return [];
    const message = `The data set has ${size.samples} samples and none are held out, so overfitting of the critic would go unnoticed; set data.validation to 0.1.`;
    const path = ['data', 'validation'];
    return [{ path, message, fixes: [setFix(path, 0.1)] }];
  },
};

/** The dimension of points; undefined if only the file tells. A line has dimension 1. */
function dimensionsOf(data: DataConfig): number | undefined {
  if (data.source === 'vertical-line') return 1;
  if (data.source !== 'points') return 2;
  return data.columns?.some((column) => typeof column === 'string' && /^\d+-\d+$/.test(column))
    ? undefined
    : data.columns?.length;
}

/** For points, the latent space must have at least the dimension of the data. */
export const latentTooSmall: Rule = {
  severity: 'warning',
  why: 'The samples of a generator have at most the dimension of its latent space: a one-dimensional latent space gives a curve, which covers no area.',
  source: 'Arjovsky, Bottou 2017, Towards Principled Methods for Training GANs, Lemma 1',
  check: ({ data, latent }) => {
    if (dataSources[data.source].gives !== 'points') return [];
    const dimensions = dimensionsOf(data);
    if (dimensions === undefined || latent.size >= dimensions) return [];
    const message = `latent.size is ${latent.size}, but the data has ${dimensions} dimensions; use ${dimensions} or more.`;
    const path = ['latent', 'size'];
    return [{ path, message, fixes: [setFix(path, dimensions)] }];
  },
};
