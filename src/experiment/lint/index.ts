// The linter: finds settings that contradict the papers, the data or each other.
import type { Parsed } from '../parse';
import { byPlace, type Problem } from '../problem';
import {
  averageOutlastsRun,
  criticSteps,
  learningRate,
  momentumOnClippedCritic,
  noiseOutlastsRun,
  optimumOutOfReach,
} from './trainingRules';
import { batchFitsData, latentTooSmall, metricFitsData, networkFitsData, validationSplit } from './dataRules';
import {
  batchNormUnderPenalty,
  clipAndPenalty,
  clipBox,
  eluUnderPenalty,
  penaltiesDisagree,
  penaltyWeight,
  spectralNormUndone,
} from './constraintRules';
import {
  leastSquaresTargets,
  optimalDiscriminator,
  smoothingWithoutLabels,
  unconstrainedWasserstein,
} from './objectiveRules';
import { bestNotMeasured, evaluationSamples, featuresMissing, featuresUnused } from './metricRules';
import type { Rule } from './rule';

/** All rules by id. Ids are stable. */
export const rules = {
  'batch-norm-under-penalty': batchNormUnderPenalty,
  'momentum-on-clipped-critic': momentumOnClippedCritic,
  'unconstrained-wasserstein': unconstrainedWasserstein,
  'clip-and-penalty': clipAndPenalty,
  'clip-box': clipBox,
  'penalty-weight': penaltyWeight,
  'learning-rate': learningRate,
  'critic-steps': criticSteps,
  'network-fits-data': networkFitsData,
  'metric-fits-data': metricFitsData,
  'features-missing': featuresMissing,
  'features-unused': featuresUnused,
  'evaluation-samples': evaluationSamples,
  'best-not-measured': bestNotMeasured,
  'batch-fits-data': batchFitsData,
  'validation-split': validationSplit,
  'latent-too-small': latentTooSmall,
  'noise-outlasts-run': noiseOutlastsRun,
  'elu-under-penalty': eluUnderPenalty,
  'smoothing-without-labels': smoothingWithoutLabels,
  'penalties-disagree': penaltiesDisagree,
  'spectral-norm-undone': spectralNormUndone,
  'least-squares-targets': leastSquaresTargets,
  'optimal-discriminator': optimalDiscriminator,
  'optimum-out-of-reach': optimumOutOfReach,
  'average-outlasts-run': averageOutlastsRun,
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof rules;

/** All violations of an experiment without parse errors, in the order of the text; none for one with parse errors. */
export function lintExperiment({ experiment, place }: Parsed): Problem[] {
  if (experiment === undefined) return [];
  const problems = Object.entries<Rule>(rules).flatMap(([code, { severity, why, source, check }]) =>
    check(experiment).map(({ message, ...violation }) =>
      place({ severity, code, message: `${message} ${reason(why, source)}`, target: 'value', ...violation }),
    ),
  );
  // One setting of the file may give the same violation twice, as one optimizer does for both networks.
  const keys = problems.map(({ code, offset, option, message }) => JSON.stringify([code, offset, option, message]));
  return problems.filter((_, index) => keys.indexOf(keys[index]) === index).sort(byPlace);
}

const reason = (why: string, source?: string) => (source === undefined ? why : why.replace(/\.$/, ` (${source}).`));
