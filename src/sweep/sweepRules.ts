// Rules about a sweep as a whole: whether its trials can be ranked, and whether its result is measured.
import { criticColumns, metrics, type MetricId } from '../catalog';
import type { Experiment } from '../experiment';
import type { Finding } from '../experiment/problem';
import { jsonList } from '../experiment/errorHints';
import { firstFew, list } from '../shared/text';
import type { SweepFile } from './schema';
import { found, hasValues, maxCombinations, trialsOf } from './trials';

/** The codes of problems that a valid sweep file can have. */
export type SweepRuleId =
  | 'ranked-by-critic'
  | 'result-not-measured'
  | 'unknown-in-skip'
  | 'idle-skip'
  | 'no-effect'
  | 'batch-not-shared'
  | 'experiment-missing'
  | 'too-many-trials'
  | 'no-trials';

/** A finding of one of the rules. */
export type SweepFinding = Finding & { readonly code: SweepRuleId };

const scales = ['critic', 'constraint', 'objective'] as const;

/** All violations of a sweep whose trials have these experiments. */
export const lintSweep = (sweep: SweepFile, experiments: readonly Experiment[]): SweepFinding[] => [
  ...rankedByCritic(sweep, experiments),
  ...resultNotMeasured(sweep, experiments),
  ...unknownInSkip(sweep),
  ...idleSkip(sweep),
  ...noEffect(sweep),
  ...batchNotShared(sweep, experiments),
];

/** The critic's estimate ranks critics, not generators, if the critics differ. */
function rankedByCritic({ result }: SweepFile, experiments: readonly Experiment[]): SweepFinding[] {
  const metric = result?.metric;
  if (metric === undefined || !criticColumns.some((each) => each === metric)) return [];
  const varied = scales.filter((part) => new Set(experiments.map((each) => JSON.stringify(each[part]))).size > 1);
  if (varied.length === 0) return [];
  const measured = commonMetrics(experiments).flatMap((id) => Object.keys(metrics[id].yields).slice(0, 1));
  const advice =
    measured.length > 0
      ? `Rank by a metric of the samples instead: ${jsonList(measured)}.`
      : 'Rank by a metric of the samples instead, and name it in "metrics" of the experiment.';
  return [
    {
      severity: 'error',
      code: 'ranked-by-critic',
      message:
        `"${metric}" cannot rank trials whose ${list(varied)} ${varied.length > 1 ? 'differ' : 'differs'}: its scale is that of each critic, ` +
        `so a larger or smaller value says nothing about the samples. ${advice}`,
      path: ['result', 'metric'],
      target: 'value',
      fixes: measured.slice(0, 2).map((name) => ({
        title: `Change to "${name}"`,
        changes: [{ path: ['result', 'metric'], value: name }],
      })),
    },
  ];
}

const commonMetrics = (experiments: readonly Experiment[]): MetricId[] =>
  (experiments[0]?.metrics ?? []).filter((id) => experiments.every((each) => each.metrics.includes(id)));

/** A metric of the samples is only there if the experiment computes it. */
function resultNotMeasured({ result }: SweepFile, experiments: readonly Experiment[]): SweepFinding[] {
  const metric = result?.metric;
  const ids = Object.keys(metrics) as MetricId[];
  const id = ids.find((each) => metric !== undefined && Object.hasOwn(metrics[each].yields, metric));
  const without = id === undefined ? [] : experiments.filter((each) => !each.metrics.includes(id));
  if (without.length === 0) return [];
  const all = without.length === experiments.length;
  return [
    {
      severity: 'error',
      code: 'result-not-measured',
      message: `"${metric}" is not measured by ${all ? 'these trials' : `${without.length} of ${experiments.length} trials`}. Add "metrics": ["${id}"] to "set", or choose another metric.`,
      path: ['result', 'metric'],
      target: 'value',
      fixes: [{ title: `Set metrics to ["${id}"]`, changes: [{ path: ['set', 'metrics'], value: [id] }] }],
    },
  ];
}

/** The processes of a trial have equal parts of its batches. */
function batchNotShared({ slurm }: SweepFile, experiments: readonly Experiment[]): SweepFinding[] {
  const ranks = slurm?.ranks ?? 1;
  const odd = experiments.find(({ batchSize }) => batchSize % ranks !== 0);
  if (odd === undefined) return [];
  return [
    {
      severity: 'error',
      code: 'batch-not-shared',
      message: `${ranks} processes cannot share a batchSize of ${odd.batchSize} equally; use a number that divides it.`,
      path: ['slurm', 'ranks'],
      target: 'value',
    },
  ];
}

/** A rule about a setting that no trial sets would never apply. */
function unknownInSkip(sweep: SweepFile): SweepFinding[] {
  const rules = sweep.skip ?? [];
  if (rules.length === 0) return [];
  const [first] = trialsOf({ ...sweep, skip: undefined });
  if (first === undefined) return [];
  const names = [...Object.keys(first.axes), ...Object.keys(first.sampled)];
  const isKnown = (path: string): boolean =>
    names.includes(path) ||
    names.some((name) => path.startsWith(`${name}.`)) ||
    found({ ...first.sampled, ...first.axes }, path) !== undefined;
  return rules.flatMap((rule, index) =>
    Object.keys(rule)
      .filter((path) => !isKnown(path))
      .map((path) => ({
        severity: 'error' as const,
        code: 'unknown-in-skip' as const,
        message: `${path} is not varied by this sweep, so this rule skips nothing. ${names.length > 0 ? `Varied: ${list(names)}.` : 'It varies only the seed.'}`,
        path: ['skip', index, path],
        target: 'key' as const,
      })),
  );
}

/** A rule that no combination fits, as with a misspelled case. A value may still be drawn by a later sample. */
function idleSkip(sweep: SweepFile): SweepFinding[] {
  const drawn = Object.keys(sweep.sample?.of ?? {});
  const isDrawn = (path: string): boolean => drawn.some((name) => path === name || path.startsWith(`${name}.`));
  const rules = (sweep.skip ?? []).flatMap((rule, index) =>
    Object.keys(rule).some(isDrawn) ? [] : [{ rule, index, path: ['skip', index] }],
  );
  if (rules.length === 0) return [];
  const all: Record<string, unknown>[] = [];
  for (const { axes } of trialsOf({ ...sweep, skip: undefined, seeds: 1, sample: undefined })) {
    all.push(axes);
    if (all.length === maxCombinations) return [];
  }
  return rules.flatMap(({ rule, path }): SweepFinding[] => {
    const finding = { severity: 'error', code: 'idle-skip' } as const;
    if (Object.keys(rule).length === 0)
      return [{ ...finding, message: 'The rule is empty, so it skips nothing.', path, target: 'value' }];
    if (all.some((values) => hasValues(values, rule))) return [];
    const wrong = Object.keys(rule).find((key) => !all.some((values) => hasValues(values, { [key]: rule[key] })));
    if (wrong === undefined)
      return [
        {
          ...finding,
          message: 'No trial has all of these values, so this rule skips nothing.',
          path,
          target: 'value',
        },
      ];
    const values = [...new Set(all.map((each) => JSON.stringify(found(each, wrong))).filter(Boolean))];
    // A setting that is not varied at all is told by its own rule.
    if (values.length === 0) return [];
    return [
      {
        ...finding,
        message: `${wrong} is never ${JSON.stringify(rule[wrong])}, so this rule skips nothing. Its values: ${firstFew(values, 8)}.`,
        path: [...path, wrong],
        target: 'value',
      },
    ];
  });
}

/** What the grid sets again has no effect in a case or a sample: their trials would be equal. */
function noEffect({ cases = {}, sample, over = {} }: SweepFile): SweepFinding[] {
  const isOverridden = (path: string): boolean =>
    Object.keys(over).some((name) => path === name || path.startsWith(`${name}.`));
  const places = [
    ...Object.keys(sample?.of ?? {}).map((path) => ['sample', 'of', path]),
    ...Object.entries(cases).flatMap(([name, settings]) => Object.keys(settings).map((path) => ['cases', name, path])),
  ];
  return places.flatMap((place): SweepFinding[] => {
    const path = place.at(-1)!;
    if (!isOverridden(path)) return [];
    const message = `${path} has no effect here, since "over" sets it too. Remove one of them.`;
    return [{ severity: 'error', code: 'no-effect', message, path: place, target: 'key' }];
  });
}
