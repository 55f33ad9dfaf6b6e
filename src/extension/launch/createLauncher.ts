// Starts runs from the editor: creates the run, starts the trainer, and reports why it did not start.
import { rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Experiment } from '../../experiment';
import { defaultRunDirectoryAsync, readManifestAsync, runPaths, runsFolder, seedDirectory } from '../../run/directory';
import { inspectStatusAsync } from '../../run/status';
import type { Diagnostics } from '../experiments/diagnosticsInterface';
import { exists } from '../exists';
import { errors } from '../userErrors';
import { inTime } from './inTime';
import { packagesFolder, type Exit, startTrainer, type Trainer } from './trainerProcess';
import type { Log } from '../log';
import type { Runs } from '../runs/runRegistry';
import type { Launched, Launcher } from './launcherInterface';
import { nodePath, ownRunsFolder, rootOf } from '../settings';
import type { ListedFolders } from '../listedFolders';
import { trusted } from '../trust';
import type { Change } from '../experiments/checkExperiment';
import { exitText } from './exitReason';
import { showProblemAt } from '../notifications';

interface LauncherOptions {
  readonly context: vscode.ExtensionContext;
  readonly log: Log;
  readonly runs: Runs;
  /** Where the runs that are started here are listed. */
  readonly folders: Pick<ListedFolders, 'remember'>;
  readonly diagnostics: Diagnostics;
}

export function createLauncher({ context, log, runs, folders, diagnostics }: LauncherOptions): Launcher {
  const starting = new Map<string, Experiment>();
  const clicked = new Map<string, Promise<Launched | undefined>>();
  const notStarted = new vscode.EventEmitter<string>();
  context.subscriptions.push(notStarted);

  const start = async (args: readonly string[], directory: string, cwd: string): Promise<Trainer> => {
    const script = context.asAbsolutePath('dist/cli.cjs');
    const trainer = await startTrainer({
      node: node(),
      script,
      args,
      cwd,
      packages: packagesFolder(context),
      log: runPaths(directory).log,
    });
    log.info(`Trainer ${trainer.pid ?? '(not started)'}: ${[node(), script, ...args].join(' ')}`);
    void trainer.exited.then((exit) => log.info(`Trainer ${trainer.pid ?? ''} of ${directory}: ${exitText(exit)}`));
    return trainer;
  };

  const whenEnded = (trainer: Trainer, work: (exit: Exit) => Promise<void>) =>
    void trainer.exited.then(work).catch((error: unknown) => log.error(String(error)));

  /** Removes a run whose trainer exited before it wrote the experiment, and reports why. */
  const reportUnstarted = async (directory: string, summary: string, exit: Exit) => {
    // Without the folder, somebody deleted or moved it during training.
    if ((await exists(runPaths(directory).experiment)) || !(await exists(directory))) return;
    const { removeUnstartedRun, reportStartupFailure } = await import('../lazy');
    const left = await removeUnstartedRun(directory, context.logUri.fsPath);
    notStarted.fire(directory);
    reportStartupFailure(log, diagnostics, { summary, node: node(), exit, ...left });
  };

  const train = async (file: vscode.Uri, change: Change): Promise<Launched | undefined> => {
    if (!trusted(vscode.l10n.t('train an experiment'))) return undefined;
    if (file.scheme !== 'file') throw errors.notOnDisk(path.posix.basename(file.path));
    const { checkExperiment, experimentPerSeed, moduleFiles } = await import('../lazy');
    const checked = await checkExperiment(file, change);
    if ('errors' in checked) {
      const [first, ...others] = checked.errors;
      showProblemAt(log, notTrainable(path.basename(file.fsPath), first.message, others.length), first);
      return undefined;
    }
    const { experiment, assignments } = checked;
    const { name } = experiment;
    const root = rootOf(file);
    const folder = ownRunsFolder(root);
    const out = await inTime(defaultRunDirectoryAsync(root, name, { folder }), folder ?? runsFolder(root));
    if (!vscode.workspace.getWorkspaceFolder(file)) folders.remember(path.dirname(out));
    const seeds = experimentPerSeed(experiment);
    const directories = seeds.length === 1 ? [out] : seeds.map(({ seed }) => seedDirectory(out, seed));
    const [directory] = directories;
    // The command line creates one run directory per seed, next to the path of --out, which stays unused.
    if (directory !== out) await rename(out, directory);
    const settings = assignments.flatMap((assignment) => ['--set', assignment]);
    diagnostics.forget([file.fsPath, ...moduleFiles(experiment, file.fsPath)]);
    const trainer = await start(['train', file.fsPath, '--out', out, ...settings], directory, root);
    directories.forEach((each, k) => starting.set(each, seeds[k]));
    const expected = runs.expect({ directory, name, source: file.fsPath });
    whenEnded(trainer, async (exit) => {
      await reportUnstarted(directory, vscode.l10n.t('Could not start {0}', name), exit);
      directories.forEach((each) => starting.delete(each));
      expected.dispose();
    });
    await runs.refresh();
    // It may have failed already, for example if there is no such Node; then its folder is removed and the failure is
    // reported.
    return (await exists(directory)) ? { directory, directories, experiment } : undefined;
  };

  return {
    onDidNotStart: notStarted.event,
    starting: (directory) => starting.get(directory),
    train(file, change = () => []) {
      // The second click of a double click must not start a second run.
      const key = file.toString();
      const first = clicked.get(key);
      if (first) return first;
      const launch = train(file, change);
      const forget = () => clicked.delete(key);
      launch.then((launched) => (launched ? setTimeout(forget, doubleClickMs) : forget()), forget);
      clicked.set(key, launch);
      return launch;
    },
    async resume(directory, steps) {
      if (!trusted(vscode.l10n.t('resume a run'))) return false;
      const { experiment, source } = await readManifestAsync(directory);
      const name = String((experiment as { name?: unknown }).name ?? path.basename(directory));
      const before = { attempt: await attemptOf(directory), logLength: await logLength(directory) };
      const extent = steps === undefined ? [] : ['--steps', String(steps)];
      const trainer = await start(['resume', directory, ...extent], directory, path.dirname(directory));
      const expected = runs.expect({ directory, name, source: source.path });
      whenEnded(trainer, async (exit) => {
        expected.dispose();
        // A trainer that started a new attempt writes its result to the status; one that did not has only its log.
        if ((await attemptOf(directory)) > before.attempt) return;
        const { readLog, reportStartupFailure } = await import('../lazy');
        const output = await readLog(directory, before.logLength);
        reportStartupFailure(log, diagnostics, {
          summary: vscode.l10n.t('Could not resume {0}', name),
          node: node(),
          exit,
          output,
          logFile: runPaths(directory).log,
        });
      });
      await runs.refresh();
      let hasExited = false;
      void trainer.exited.then(() => (hasExited = true));
      while (!hasExited && (await attemptOf(directory)) === before.attempt) await sleep(pollMs);
      return (await attemptOf(directory)) > before.attempt;
    },
    async fork(parent, { step, steps, assignments }) {
      if (!trusted(vscode.l10n.t('fork a run'))) return undefined;
      const { experiment, source } = await readManifestAsync(parent);
      const name = String((experiment as { name?: unknown }).name ?? path.basename(parent));
      const folder = path.dirname(parent);
      const directory = await defaultRunDirectoryAsync(folder, name, { folder });
      const settings = assignments.flatMap((assignment) => ['--set', assignment]);
      const extent = ['--checkpoint', String(step), '--steps', String(steps)];
      const trainer = await start(['fork', parent, ...extent, ...settings, '--out', directory], directory, folder);
      const expected = runs.expect({ directory, name, source: source.path, parent: { directory: parent, step } });
      whenEnded(trainer, async (exit) => {
        await reportUnstarted(directory, vscode.l10n.t('Could not fork {0}', name), exit);
        expected.dispose();
      });
      await runs.refresh();
      return (await exists(directory)) ? directory : undefined;
    },
  };
}

const doubleClickMs = 500;

/** Between two looks at whether an attempt has begun, in milliseconds. */
const pollMs = 200;

/** The Node executable to train with. */
const node = (): string => nodePath() || process.execPath;

/** The attempt in the status; 0 if that is missing or damaged, and a resume writes it again. */
const attemptOf = async (directory: string): Promise<number> =>
  (await inspectStatusAsync(directory)).status?.attempt ?? 0;

/** The length of the log of a run in bytes. */
async function logLength(directory: string): Promise<number> {
  try {
    return (await stat(runPaths(directory).log)).size;
  } catch {
    return 0;
  }
}

/** The reason first, since a notification is cut at its end. */
export function notTrainable(name: string, reason: string, others: number): string {
  const toDo =
    others === 0
      ? vscode.l10n.t('Fix this to train {0}.', name)
      : vscode.l10n.t('Fix this and {0} more to train {1}.', others, name);
  return `${reason} ${toDo}`;
}
