// Starts the processes of sweeps: the command line, detached, so that a sweep outlives this window.
import path from 'node:path';
import * as vscode from 'vscode';
import { readTail } from '../../run/appendedLines';
import { inside } from '../../run/diskAccess';
import { exists } from '../exists';
import { exitText, lastLogLine } from '../launch/exitReason';
import { packagesFolder, startTrainer } from '../launch/trainerProcess';
import type { Log } from '../log';
import { type Offer, showProblem } from '../notifications';
import { nodePath } from '../settings';
import { errors } from '../userErrors';
import { submissionFailure } from './slurmCluster';
import { keepStartProblem } from './startProblem';
import { isSubmitted } from './submissions';

/** The output of the processes that this extension starts for a sweep. */
export const sweepLog = (directory: string): string => inside(directory, 'logs', 'sweep.txt');

export interface SweepProcesses {
  /** Whether a process of this window works on the sweep. */
  isWorking(directory: string): boolean;
  /**
   * Runs the command line with these arguments in the workspace folder of the sweep, or `cwd`. Resolves when it has
   * exited to whether it was successful; a failure has been shown then, by its page if that is visible. If Slurm
   * accepted nothing, `runLocally` is offered.
   */
  run(directory: string, args: readonly string[], options?: ProcessOptions): Promise<boolean>;
}

interface ProcessOptions {
  readonly cwd?: string;
  readonly runLocally?: () => Promise<unknown>;
}

/** The pages of sweeps, which show why the last start of a sweep failed until it is solved. */
export interface SweepPages {
  /** Whether the page of a sweep can be seen in this window. */
  isVisible(directory: string): boolean;
  open(directory: string, name: string): void;
}

export function createSweepProcesses(context: vscode.ExtensionContext, log: Log, pages: SweepPages): SweepProcesses {
  const working = new Map<string, number>();
  return {
    isWorking: (directory) => (working.get(directory) ?? 0) > 0,
    async run(directory, args, { cwd = rootOf(directory), runLocally } = {}) {
      const name = path.basename(directory);
      // The disk may be full or read-only, which the user learns from the sweep itself.
      const keepProblem = (message: string | null): Promise<boolean> =>
        keepStartProblem(directory, message).then(
          () => true,
          (error: unknown) => {
            log.warn(String(error));
            return false;
          },
        );
      const fail = async (message: string, logFile?: string, offer?: Offer) => {
        // Without a plan there is no page.
        const hasPage = (await keepProblem(message)) && (await exists(inside(directory, 'sweep.json')));
        const openPage = { label: vscode.l10n.t('Open Sweep'), accept: () => pages.open(directory, name) };
        const offers = [...(offer ? [offer] : []), ...(hasPage ? [openPage] : [])];
        if (hasPage && offer === undefined && pages.isVisible(directory)) log.error(message);
        else showProblem(log, message, logFile, offers);
        return false;
      };
      const node = nodePath() || process.execPath;
      const script = context.asAbsolutePath('dist/cli.cjs');
      const file = sweepLog(directory);
      working.set(directory, (working.get(directory) ?? 0) + 1);
      try {
        await keepProblem(null);
        const packages = packagesFolder(context);
        const { pid, exited } = await startTrainer({ node, script, args, cwd, packages, log: file });
        log.info(`Sweep ${pid ?? '(not started)'}: ${[node, script, ...args].join(' ')}`);
        const exit = await exited;
        log.info(`Sweep ${pid ?? ''} in ${directory}: ${exitText(exit)}`);
        if ('notStarted' in exit) return await fail(errors.nodeMissing(node, exit.notStarted.message).message);
        if ('code' in exit && expected.includes(exit.code)) return true;
        const { text } = await readTail(file, 1 << 16);
        const why = text.trim() === '' ? exitText(exit) : lastLogLine(text);
        const message = vscode.l10n.t('The sweep {0} ended with an error: {1}', name, why);
        if (runLocally === undefined || (await isSubmitted(directory))) return await fail(message, file);
        const offer = { label: vscode.l10n.t('Run on This Machine'), accept: runLocally };
        return await fail(submissionFailure(name, text) ?? message, file, offer);
      } finally {
        working.set(directory, (working.get(directory) ?? 1) - 1);
      }
    },
  };
}

/** Exit codes: all trials have a result, some failed, which the page of the sweep shows, and interrupted. */
const expected = [0, 3, 130];

/** The workspace folder of a sweep, else the folder that contains `.earthmover`. */
const rootOf = (directory: string): string =>
  vscode.workspace.getWorkspaceFolder(vscode.Uri.file(directory))?.uri.fsPath ?? path.resolve(directory, '../../..');
