// Copying the settings of a trial to a new experiment file.
import { parseExperiment } from '../../experiment';
import { withValue } from '../../experiment/textEdits';
import { bestSettings, foldTrials, settingKeys } from '../../protocol/foldTrials';
import { comparisonOf, resultOfRun } from '../../sweep/results';
import { openSweepAsync, type Sweep, type Trial, trialOf } from '../../sweep/sweepDirectory';
import type { BaseExperiment } from '../../sweep/trialExperiment';
import { openCopy } from '../runs/copyExperiment';
import { notice } from '../userErrors';
import { createTrialReader } from './readTrials';
import { sweepPlan } from './sweepPlan';
import * as vscode from 'vscode';

/** Opens a new experiment file with the settings of a trial, without one of the best, next to its experiment. */
export async function copyTrial(directory: string, number?: number): Promise<void> {
  const sweep = await openSweepAsync(directory);
  const trial = trialOf(sweep, String(number ?? (await bestTrial(sweep))));
  await openCopy(trialAsExperiment(sweep.experiments[trial.experiment], trial), directory);
}

/** The number of the trial that the page of the sweep marks as the best. Throws a notice if there is none. */
async function bestTrial(sweep: Sweep): Promise<number> {
  const comparison = comparisonOf(sweep);
  const { settings, trials } = sweepPlan(sweep);
  const reader = createTrialReader(sweep.directory, async (run) => comparison && resultOfRun(run, comparison));
  await reader.read(trials.length, () => {});
  const withProgress = trials.map((trial, i) => ({ ...trial, progress: reader.trials[i] }));
  const best = bestSettings(foldTrials(withProgress, settingKeys(settings), comparison), comparison);
  if (best) return best.trial.trial;
  throw notice(
    comparison === null
      ? vscode.l10n.t(
          '{0} has no best settings: no metric of the samples is measured. Set "metrics" in the experiment and "result" in the sweep file.',
          sweep.name,
        )
      : vscode.l10n.t(
          '{0} has no best settings yet: fewer than two settings have a result ({1}). Wait for more trials, or copy one on the page of the sweep.',
          sweep.name,
          comparison.metric,
        ),
  );
}

/**
 * The experiment of a trial, and the text of its base with the settings of the trial, which keeps the comments. The
 * threads are those of the base: the sweep divides the cores among its trials, one run has all of them.
 */
export function trialAsExperiment(base: BaseExperiment, { settings, seed, resolved }: Trial) {
  const text = withSettings(base.text, settings);
  const written = parseExperiment(text, base.path).experiment;
  const edits: readonly (readonly [string, unknown])[] = [
    ...(written?.seed === seed ? [] : [['seed', seed] as const]),
    ...(written?.seeds === 1 ? [] : [['seeds', 1] as const]),
  ];
  const { name = resolved.name, threads = resolved.threads } = written ?? {};
  return {
    experiment: { ...resolved, name, threads },
    source: { path: base.path, text: written === undefined ? text : withSettings(text, edits) },
  };
}

/** The text with these values; unchanged if one has no place in it, as a part of a setting that is only a name. */
function withSettings(text: string, settings: readonly (readonly [path: string, value: unknown])[]): string {
  try {
    return settings.reduce((edited, [path, value]) => withValue(edited, path.split('.'), value), text);
  } catch {
    return text;
  }
}
