// The language-model tools: what each does with its arguments, and the confirmation that it asks for.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Problem } from '../../experiment/problem';
import { hasEnded } from '../../protocol/status';
import { readManifestAsync } from '../../run/directory';
import { findLiveness, readStatusAsync } from '../../run/status';
import { flattened } from '../../shared/flatSettings';
import { exists } from '../exists';
import { userError } from '../userErrors';
import { checkExperiment } from '../experiments/checkExperiment';
import { findProblems } from '../experiments/findProblems';
import type { Launched, Launcher } from '../launch/launcherInterface';
import type { Run } from '../runs/readRuns';
import type { Runs } from '../runs/runRegistry';
import {
  argumentsOf,
  numberArgument,
  settingsArgument,
  textArgument,
  textsArgument,
  experimentFile,
} from './arguments';
import { runSummary } from './runSummary';
import type { ToolName } from '../ids';

export interface ToolServices {
  readonly runs: Runs;
  readonly launcher: Launcher;
  /** Shows a run that a tool has started, as when a CodeLens starts it. */
  readonly onLaunched: (launched: Launched) => void;
}

interface Tool {
  /** Shown while the tool works. */
  readonly progressMessage: (input: unknown) => string;
  /**
   * The confirmation that the user is asked for; undefined if the tool starts and writes nothing. The title contains no
   * arguments. Throws if the tool would refuse anyway, so that the user is not asked.
   */
  readonly confirmation?: (input: unknown) => { readonly title: string; readonly message: string };
  /** The result, serialized as JSON. Throws errors that say what to do instead. */
  readonly invoke: (input: unknown, token: vscode.CancellationToken) => Promise<unknown>;
}

/** Maximum time that one call waits for a run, in seconds. */
const maxWaitSeconds = 600;

export function createTools({ runs, launcher, onLaunched }: ToolServices): Readonly<Record<ToolName, Tool>> {
  const find = async (named: string | undefined): Promise<Run> => {
    await runs.refresh();
    const run = named === undefined || named === 'latest' ? runs.all[0] : runs.all.find((each) => isNamed(each, named));
    if (run) return run;
    const known = runs.all.slice(0, 10).map(({ directory }) => path.basename(directory));
    throw userError(
      known.length === 0
        ? 'This workspace has no runs yet: start one with start_gan_run.'
        : `There is no run "${named}". The latest runs are: ${known.join(', ')}.`,
    );
  };
  return {
    start_gan_run: {
      progressMessage: () => vscode.l10n.t('Starting training'),
      confirmation(input) {
        const { file, settings } = startArguments(input);
        const changed =
          settings.length === 0 ? '' : ` ${vscode.l10n.t('These settings are overridden: {0}.', settings.join(', '))}`;
        const message = vscode.l10n.t(
          'This trains {0} on this machine and runs the model files that it uses.',
          file.fsPath,
        );
        return { title: vscode.l10n.t('Start GAN training?'), message: message + changed };
      },
      async invoke(input, token) {
        const { file, settings, seconds } = startArguments(input);
        const change = () => settings;
        const checked = await checkExperiment(file, change);
        if ('errors' in checked) return { started: false, problems: checked.errors.map(problemEntry) };
        if (token.isCancellationRequested) throw new vscode.CancellationError();
        const launched = await launcher.train(file, change);
        if (launched === undefined)
          throw userError('The run did not start. See the Earthmover log for the reason (Earthmover: Show Log).');
        onLaunched(launched);
        const { directory, directories } = launched;
        await waitUntil(() => hasSettled(directory, seconds === 0), Math.max(seconds, 20), token);
        const names = directories.map((each) => path.basename(each));
        return { started: true, runs: names, ...(await summaryOfStarted(directory, 20)) };
      },
    },
    get_gan_run: {
      progressMessage: (input) => vscode.l10n.t('Reading run {0}', String(argumentsOf(input).run ?? 'latest')),
      async invoke(input, token) {
        const given = argumentsOf(input);
        const points = numberArgument(given, 'points', 20, 200);
        const seconds = numberArgument(given, 'waitSeconds', 0, maxWaitSeconds);
        const { directory } = await find(textArgument(given, 'run'));
        if (seconds > 0) await waitUntil(() => hasSettled(directory, false), seconds, token);
        return runSummary(directory, points);
      },
    },
    compare_gan_runs: {
      progressMessage: () => vscode.l10n.t('Comparing runs'),
      async invoke(input, token) {
        const names = textsArgument(argumentsOf(input), 'runs');
        if (names.length < 2 || names.length > 16)
          throw userError(`"runs" has ${names.length} entries; it must have 2 to 16.`);
        const compared = [];
        for (const name of names) {
          if (token.isCancellationRequested) throw new vscode.CancellationError();
          compared.push(await runSummary((await find(name)).directory, 8));
        }
        const differing = await differingSettings(compared.map(({ directory }) => directory));
        return { differingSettings: differing, runs: compared };
      },
    },
    lint_gan_experiment: {
      progressMessage: () => vscode.l10n.t('Checking experiment'),
      async invoke(input) {
        const given = argumentsOf(input);
        const text = textArgument(given, 'text');
        if (text !== undefined) return lintResult(findProblems(text, 'experiment.gan.json'));
        const file = experimentFile(textArgument(given, 'experiment'));
        return lintResult(findProblems((await vscode.workspace.openTextDocument(file)).getText(), file.fsPath));
      },
    },
  };
}

const isNamed = ({ directory, name }: Run, wanted: string): boolean =>
  directory === wanted || path.basename(directory) === wanted || name === wanted;

/** The validated arguments of start_gan_run. Throws before the user is asked to confirm. */
function startArguments(input: unknown) {
  if (!vscode.workspace.isTrusted)
    throw userError('Training is disabled in Restricted Mode: the user must trust this workspace first.');
  const given = argumentsOf(input);
  return {
    file: experimentFile(textArgument(given, 'experiment')),
    settings: settingsArgument(given, 'settings'),
    seconds: numberArgument(given, 'waitSeconds', 0, maxWaitSeconds),
  };
}

/**
 * The summary of a run that was just started. Throws if it failed to start, which the launcher has reported to the
 * user.
 */
async function summaryOfStarted(directory: string, points: number): Promise<object> {
  try {
    return await runSummary(directory, points);
  } catch {
    throw userError('The run failed to start. See the Earthmover log for the reason (Earthmover: Show Log).');
  }
}

const lintResult = (problems: readonly Problem[]) => ({
  valid: problems.every(({ severity }) => severity !== 'error'),
  problems: problems.map(problemEntry),
});

const problemEntry = ({ line, column, severity, code, message, fixes = [] }: Problem) => ({
  line,
  column,
  severity,
  code,
  message,
  fixes: fixes.map(({ title }) => title),
});

/** The settings in which the runs differ, each with its value in every run, in the order of the runs. */
async function differingSettings(directories: readonly string[]): Promise<Record<string, readonly (string | null)[]>> {
  const manifests = await Promise.all(directories.map(readManifestAsync));
  const all = manifests.map(({ experiment }) => new Map(flattened(experiment)));
  const keys = [...new Set(all.flatMap((settings) => [...settings.keys()]))];
  const rows = keys.map((key) => [key, all.map((settings) => settings.get(key) ?? null)] as const);
  return Object.fromEntries(rows.filter(([, values]) => new Set(values).size > 1));
}

const everyMs = 200;

/** Waits until `done`, for at most `seconds`. Throws a CancellationError if canceled; the run continues. */
async function waitUntil(
  done: () => Promise<boolean>,
  seconds: number,
  token: vscode.CancellationToken,
): Promise<void> {
  const end = Date.now() + 1000 * seconds;
  while (!(await done()) && Date.now() < end) {
    if (token.isCancellationRequested) throw new vscode.CancellationError();
    await sleep(everyMs);
  }
}

/**
 * Whether a run has ended, failed to start or lost its process; with `orStarted`, also whether its first step is done.
 */
async function hasSettled(directory: string, orStarted: boolean): Promise<boolean> {
  try {
    const status = await readStatusAsync(directory);
    if (status === null) return !(await exists(directory));
    return hasEnded(status.state) || (orStarted && status.step > 0) || (await findLiveness(status)) === 'dead';
  } catch {
    // Unreadable: the next reader reports the error.
    return true;
  }
}
