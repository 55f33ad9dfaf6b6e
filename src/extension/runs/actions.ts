// The actions on a run, shared by the Command Palette, the Runs view and the monitor.
import path from 'node:path';
import * as vscode from 'vscode';
import type { CommandKind } from '../../protocol/control';
import { hasEnded, type Liveness } from '../../protocol/status';
import { sendCommand } from '../../run/control';
import { readManifestAsync, runPaths } from '../../run/directory';
import { findLiveness, inspectStatusAsync, readStatusAsync } from '../../run/status';
import { moveToTrash } from '../moveToTrash';
import { confirm } from '../notify';
import { reveal } from '../reveal';
import { notice, userError } from '../userErrors';
import type { Launcher } from '../launch/launcherInterface';
import type { Monitors } from '../monitor/panels';
import { countText, startTime, titleOf } from './describe';
import { isLive, type Run, seedsOf, withPrevious } from './readRuns';
import type { RunActions } from './runActions';
import type { Runs } from './runRegistry';

interface RunActionsOptions {
  readonly runs: Runs;
  readonly launcher: Launcher;
  readonly monitors: () => Monitors;
}

export function createRunActions({ runs, launcher, monitors }: RunActionsOptions): RunActions {
  const nameOf = (directory: string) => {
    const run = runs.find(directory);
    return run ? titleOf(run) : path.basename(directory);
  };
  const openComparison = (compared: readonly Run[]) =>
    monitors().openCompare(compared.map((run) => ({ directory: run.directory, name: titleOf(run) })));
  return {
    async control(directory, asked) {
      const state = await stateOf(directory);
      if (state !== null && (state === 'dead' || state === 'ended')) {
        throw userError(
          vscode.l10n.t(
            'Cannot {0} {1}: it is not running. Use "Earthmover: Resume" to continue it.',
            kindName(typeof asked === 'string' ? asked : asked.kind),
            nameOf(directory),
          ),
        );
      }
      const id = await sendCommand(directory, asked);
      await runs.refresh();
      return id;
    },
    async toggleSlow(directory) {
      const isSlow = ((await readStatusAsync(directory))?.slowMotionRate ?? null) !== null;
      await this.control(directory, { kind: 'slow-motion', rate: isSlow ? null : 2 });
    },
    async resume(directory) {
      // A damaged status does not prevent a resume, which writes it again.
      const { status } = await inspectStatusAsync(directory);
      const state = status && (await findLiveness(status));
      if (state !== null && state !== 'dead' && state !== 'ended') {
        await this.control(directory, 'resume');
        return true;
      }
      const done = status !== null && status.state === 'finished';
      const steps = done
        ? await (
            await import('../lazy')
          ).askTotalSteps({
            title: vscode.l10n.t('Train {0} longer', nameOf(directory)),
            prompt: vscode.l10n.t('All {0} steps are done. Enter a new total number of steps.', countText(status.step)),
            value: 2 * status.step,
            done: status.step,
          })
        : undefined;
      if (done && typeof steps !== 'number') return false;
      return launcher.resume(directory, typeof steps === 'number' ? steps : undefined);
    },
    openMonitor: (directory) => monitors().open(directory, nameOf(directory)),
    async openExperiment(directory) {
      const { path: file } = (await readManifestAsync(directory)).source;
      await openText(vscode.Uri.file(file)).catch(() => {
        throw userError(
          vscode.l10n.t(
            'The experiment file {0} no longer exists. A copy of its text is in {1}.',
            file,
            runPaths(directory).experiment,
          ),
        );
      });
    },
    async openLog(directory) {
      const { log } = runPaths(directory);
      await openText(vscode.Uri.file(log)).catch(() => {
        throw userError(vscode.l10n.t('The log {0} does not exist yet. It is created when the trainer starts.', log));
      });
    },
    async openFile(file) {
      await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
    },
    reveal: (directory) => reveal(vscode.Uri.file(runPaths(directory).experiment)),
    async remove(directories) {
      const live = directories
        .map((directory) => runs.find(directory))
        .find((run) => run && isLive(run) && !hasEnded(run.status?.state ?? 'starting'));
      if (live)
        throw userError(
          vscode.l10n.t('{0} is running. Stop it (Earthmover: Stop) before you delete it.', titleOf(live)),
        );
      const yes = vscode.l10n.t('Move to Trash');
      const [directory] = directories;
      const message =
        directories.length === 1
          ? vscode.l10n.t('Delete the run {0} from {1}?', nameOf(directory), startTime(directory))
          : vscode.l10n.t('Delete {0} runs?', directories.length);
      const listed = [...directories.slice(0, 8), ...(directories.length > 8 ? ['…'] : [])].join('\n');
      const detail = `${listed}\n\n${vscode.l10n.t('Curves, samples and checkpoints are deleted as well.')}`;
      if (!(await confirm(message, detail, yes))) return;
      directories.forEach((each) => monitors().close(each));
      await moveToTrash(directories);
      await runs.refresh();
    },
    compareWithPrevious(directory) {
      const pair = withPrevious(directory, runs.all);
      if (pair === undefined)
        throw notice(
          vscode.l10n.t(
            '{0} is the first run of its experiment, so there is none to compare it with. Train the experiment again, or select two runs.',
            nameOf(directory),
          ),
        );
      openComparison(pair);
    },
    compare(directories) {
      if (runs.all.length === 1)
        throw notice(
          vscode.l10n.t('There is only one run. Train again, for example with another setting, to compare runs.'),
        );
      const chosen = directories.flatMap((directory) => runs.find(directory) ?? []);
      openComparison(chosen.length === 1 ? seedsOf(chosen[0], runs.all) : chosen);
    },
  };
}

async function stateOf(directory: string): Promise<Liveness | null> {
  const status = await readStatusAsync(directory);
  return status && findLiveness(status);
}

/** The localized verb for "Cannot ...". */
function kindName(kind: CommandKind): string {
  const names: Readonly<Record<CommandKind, string>> = {
    pause: vscode.l10n.t('pause'),
    resume: vscode.l10n.t('resume'),
    stop: vscode.l10n.t('stop'),
    checkpoint: vscode.l10n.t('save a checkpoint of'),
    sample: vscode.l10n.t('generate samples of'),
    'critic-step': vscode.l10n.t('step'),
    'generator-step': vscode.l10n.t('step'),
    step: vscode.l10n.t('step'),
    'slow-motion': vscode.l10n.t('slow down'),
  };
  return names[kind];
}

async function openText(file: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file));
}
