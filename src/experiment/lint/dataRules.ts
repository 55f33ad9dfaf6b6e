// Lint rules on whether networks, metrics and batch size fit the data.
import {
  dataSources,
  networks,
  type Kind,
  type NetworkEntry,
  type NetworkId,
  type Role,
  metrics,
  type MetricEntry,
} from '../../catalog';
import { oneOf } from '../suggestions';
import { type Rule, dataSize, setFix } from './rule';
import { fittingMetrics } from '../resolve';

/** Networks handle the kind of data there is, in the role that they are given. */
export const networkFitsData: Rule = {
  severity: 'error',
  why: 'Convolutions need rows and columns of pixels, which a point of the plane has none of, and a translation makes samples without judging any.',
  check: (experiment) => {
    const { gives } = dataSources[experiment.data.source];
    return (['generator', 'critic'] as const).flatMap((role) => {
      const network = experiment[role];
      if (!('network' in network) || fits(network.network, role, gives)) return [];
      const others = (Object.keys(networks) as NetworkId[]).filter((id) => fits(id, role, gives));
      const message = `The ${role} is a "${network.network}", and "${experiment.data.source}" gives ${gives}; use ${oneOf(others)}.`;
      const fixes = others.map((network) => ({
        title: `Take ${JSON.stringify(network)}`,
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
};

/** Metrics are computed on data that have what they need. */
export const metricFitsData: Rule = {
  severity: 'error',
  why: 'A metric compares samples with something that only some data sources have.',
  check: ({ data, metrics: list }) => {
    const fitting = fittingMetrics(data.source);
    return list.flatMap((id, index) => {
      if (fitting.includes(id)) return [];
      const suited = Object.entries(dataSources).flatMap(([source, { gives, mixture }]) =>
        (metrics[id].needs === 'mixture' ? mixture : gives === 'points') ? [source] : [],
      );
      const message = `The metric "${id}" needs ${needText[metrics[id].needs]}, which "${data.source}" is not; remove it, or take ${oneOf(suited)}.`;
      const path = ['metrics', index];
      return [{ path, message, fixes: [{ title: `Remove "${id}"`, changes: [{ path, remove: true }] }] }];
    });
  },
};

/** A batch is not larger than the training set. */
export const batchFitsData: Rule = {
  severity: 'error',
  why: 'A batch larger than the training set holds the same samples several times.',
  check: ({ data, batchSize }) => {
    const size = dataSize(data);
    if (size === undefined || batchSize <= size.training) return [];
    const message = `batchSize is ${batchSize} and the training set has ${size.training} samples; take a batchSize of at most ${size.training}, or more samples.`;
    const path = ['batchSize'];
    return [{ path, message, fixes: [setFix(path, size.training)] }];
  },
};

/** The paper sees the critic overfit on 1,000 images. */
const smallDataSet = 2000;

/** A small data set has a validation split. */
export const validationSplit: Rule = {
  severity: 'warning',
  why: 'A critic overfits a small data set before the generator does; only held-out samples show it.',
  source: 'Gulrajani et al. 2017, section 5.6 and Figure 5b',
  check: ({ data }) => {
    const size = dataSize(data);
    if (size === undefined || size.samples > smallDataSet || data.validation > 0) return [];
    const message = `The data have ${size.samples} samples and none held out, so the critic can overfit unseen; set data.validation to 0.1.`;
    const path = ['data', 'validation'];
    return [{ path, message, fixes: [setFix(path, 0.1)] }];
  },
};

/** The latent space has at least the dimension of the data, where the data are points of the plane. */
export const latentTooSmall: Rule = {
  severity: 'warning',
  why: 'What a generator can make has at most the dimension of its latent space: from one number it draws a curve, which covers no area.',
  source: 'Arjovsky, Bottou 2017, Towards Principled Methods for Training GANs, Lemma 1',
  check: ({ data, latent }) => {
    // The points of a line are drawn from one number.
    if (dataSources[data.source].gives !== 'points' || data.source === 'vertical-line' || latent.size >= 2) return [];
    const message = 'latent.size is 1 and the data fill the plane; take 2 or more.';
    const path = ['latent', 'size'];
    return [{ path, message, fixes: [setFix(path, 2)] }];
  },
};
