// The columns of a run's curve for an experiment, described by the catalog.
import { constraints, estimateOf, metrics, objectives } from '../catalog';
import type { Experiment } from '../experiment';
import type { Column } from '../run/metricsWriter';
import type { Evaluator } from './evaluation/evaluator';
import { quickMetrics } from './sampleMetrics';
import { criticUpdatesVary } from './schedules';

/** The points at which the gradient norm of the critic is recorded: those of the first penalty. Null without one. */
const gradientNormAt = ({ constraint }: Experiment): string | null =>
  constraint.map(({ kind }) => constraints[kind].gradientNormAt).find((at) => at !== null) ?? null;

/**
 * Whether the estimate K·W is recorded divided by gradient norms at points between real and generated samples: by the
 * mean, a heuristic for W₁, which is neither a bound nor an estimate; and by the largest of the batch, which stands in
 * for the supremum K, with which it would be a lower bound of W₁. Norms at samples alone (R1, R2, DRAGAN) say nothing
 * about K.
 */
export const hasNormalizedEstimate = ({ constraint, objective }: Experiment): boolean =>
  constraint.find(({ kind }) => constraints[kind].gradientNormAt !== null)?.kind === 'gradient-penalty' &&
  objectives[objective.kind].lipschitz;

export function metricColumns(experiment: Experiment): Column[] {
  const estimate = estimateOf(experiment.objective);
  const { unit = '' } = estimate;
  const at = gradientNormAt(experiment);
  const column = (name: string, label: string, unit = ''): Column => ({ name, label, unit });
  return [
    column('criticLoss', 'critic loss'),
    column('generatorLoss', 'generator loss'),
    column('estimate', estimate.label, unit),
    ...(at === null ? [] : [column('penalty', 'penalty'), column('gradientNorm', `‖∇D(${at})‖`)]),
    ...(hasNormalizedEstimate(experiment)
      ? [column('normalizedEstimate', 'K·W / mean‖∇D‖ (heuristic)'), column('lowerBound', 'K·W / max‖∇D‖')]
      : []),
    ...(experiment.stepCosine ? [column('stepCosine', 'cosine of critic step and gradient')] : []),
    ...(criticUpdatesVary(experiment) ? [column('criticUpdates', 'critic updates per step')] : []),
    ...(experiment.data.validation > 0
      ? [column('validationEstimate', `${estimate.label} on held-out samples`, unit)]
      : []),
    ...quickMetrics(experiment).flatMap((m) =>
      Object.entries(metrics[m].yields).map(([name, { label }]) => column(name, label)),
    ),
  ];
}

/** The columns of sampleMetrics.bin. The number of samples is a part of the label, since the values depend on it. */
export const evaluatedColumns = ({ metrics: ids, protocols }: Evaluator): Column[] =>
  ids.flatMap((id) =>
    Object.entries<{ readonly label: string }>(metrics[id].yields).map(([name, { label }]) => ({
      name,
      label: `${label}, n = ${protocols[id].generated}`,
      unit: '',
      protocol: protocols[id],
    })),
  );
