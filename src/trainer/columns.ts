// The columns of a run's curve: what each is, from the catalog, and which of them this experiment has.
import { estimateOf, measures, objectives } from '../catalog';
import type { Experiment } from '../experiment';
import type { Column } from '../run/metrics';

/** True where ‖∇D‖ is measured, and with it W = estimate / mean‖∇D‖. */
export const hasPenalty = ({ constraint }: Experiment): boolean =>
  constraint.some((c) => c.kind === 'gradient-penalty');
export const hasWasserstein = (experiment: Experiment): boolean =>
  hasPenalty(experiment) && objectives[experiment.objective.kind].lipschitz;

export function columnsOf(experiment: Experiment): Column[] {
  const estimate = estimateOf(experiment.objective);
  const { unit = '' } = estimate;
  const column = (name: string, label: string, unit = ''): Column => ({ name, label, unit });
  return [
    column('criticLoss', 'critic loss'),
    column('generatorLoss', 'generator loss'),
    column('estimate', estimate.label, unit),
    ...(hasPenalty(experiment) ? [column('penalty', 'penalty'), column('gradientNorm', '‖∇D(x̂)‖')] : []),
    ...(hasWasserstein(experiment) ? [column('wasserstein', 'W')] : []),
    ...(experiment.data.validation > 0
      ? [column('validationEstimate', `${estimate.label} on held-out samples`, unit)]
      : []),
    ...experiment.measures.flatMap((m) =>
      Object.entries(measures[m].yields).map(([name, { label }]) => column(name, label)),
    ),
  ];
}
