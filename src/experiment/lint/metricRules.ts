// Lint rules about metrics: what they need, and the checkpoint that is kept by one of them.
import { isEvaluated, metrics, rankedNumbers, type EvaluatedMetricId } from '../../catalog';
import { plural } from '../../shared/text';
import { oneOf } from '../errorHints';
import type { Experiment } from '../experiment';
import { dataSize, type Rule, setFix } from './rule';

const evaluated = ({ metrics: ids }: Experiment): { readonly id: EvaluatedMetricId; readonly index: number }[] =>
  ids.flatMap((id, index) => (isEvaluated(id) ? [{ id, index }] : []));

/** FID and its like need a network that computes features. */
export const featuresMissing: Rule = {
  severity: 'error',
  why: 'A distance of features depends on the network that computes them, so none is chosen for you; docs/metrics.md shows how to export one.',
  check: (experiment) =>
    evaluated(experiment).flatMap(({ id, index }) => {
      if (metrics[id].needs !== 'features' || experiment.evaluation.features !== null) return [];
      const path = ['metrics', index];
      const message = `The metric "${id}" needs a feature network; set evaluation.features to an ONNX file, or remove the metric.`;
      return [{ path, message, fixes: [{ title: `Remove "${id}"`, changes: [{ path, remove: true }] }] }];
    }),
};

/** A feature network that no metric uses. */
export const featuresUnused: Rule = {
  severity: 'warning',
  why: 'Only fid, kid, precision-recall and density-coverage use features.',
  check: (experiment) => {
    const { features } = experiment.evaluation;
    if (features === null || evaluated(experiment).some(({ id }) => metrics[id].needs === 'features')) return [];
    const message = `evaluation.features is ${JSON.stringify(features)}, but none of the metrics uses it; add "fid" to metrics, or remove the setting.`;
    return [{ path: ['evaluation', 'features'], message }];
  },
};

/** Each metric needs some samples of both sets. */
export const evaluationSamples: Rule = {
  severity: 'error',
  why: 'The neighbors, subsets or covariances that a metric computes need that many samples.',
  check: (experiment) => {
    const { samples } = experiment.evaluation;
    const size = dataSize(experiment.data);
    const held = size === undefined ? Infinity : size.samples - size.training;
    const real = size === undefined ? Infinity : held > 0 ? held : size.training;
    return evaluated(experiment).flatMap(({ id, index }) => {
      const { least, needs } = metrics[id];
      if (samples < least) {
        const message = `evaluation.samples is ${samples}, but "${id}" needs at least ${least}; set it to ${least} or more.`;
        const path = ['evaluation', 'samples'];
        return [{ path, message, fixes: [setFix(path, least)] }];
      }
      if (needs === 'labels' || real >= least) return [];
      const split = held > 0 ? 'held-out' : 'training';
      const message = `The metric "${id}" needs at least ${least} real samples, but there ${real === 1 ? 'is' : 'are'} only ${plural(real, `${split} sample`)}; add samples${held > 0 ? ', or raise data.validation' : ''}.`;
      return [{ path: ['metrics', index], message }];
    });
  },
};

/** The number by which the best checkpoint is chosen must be computed. */
export const bestNotMeasured: Rule = {
  severity: 'error',
  why: 'The best checkpoint can only be found by a number that is computed.',
  check: ({ checkpoints: { best }, metrics: ids }) => {
    if (best === null || ids.includes(rankedNumbers[best].metric)) return [];
    const { metric } = rankedNumbers[best];
    const others = Object.entries(rankedNumbers).flatMap(([name, { metric }]) => (ids.includes(metric) ? [name] : []));
    const choice = others.length > 0 ? `, or set checkpoints.best to ${oneOf(others)}` : '';
    const message = `checkpoints.best is "${best}", but metrics does not have "${metric}", which yields it; add it${choice}.`;
    const path = ['checkpoints', 'best'];
    const add = { title: `Add "${metric}" to metrics`, changes: [{ path: ['metrics'], value: [...ids, metric] }] };
    return [{ path, message, fixes: [add, ...others.map((name) => setFix(path, name))] }];
  },
};
