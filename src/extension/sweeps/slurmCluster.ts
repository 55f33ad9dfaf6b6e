// The Slurm cluster of this machine, in the editor's words: whether it answers, whether it has jobs of a sweep, and why
// a sweep was not submitted.
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { inside } from '../../run/diskAccess';
import { exists } from '../exists';

export type Where = 'local' | 'slurm';

/** A cluster that takes longer, in milliseconds, is shown as one that does not answer. */
const patienceMs = 2000;

/** Asks where a sweep is to run, if Slurm's programs are installed. Undefined if the user cancels. */
export async function askWhere(): Promise<Where | undefined> {
  if (!(await hasSlurm())) return 'local';
  return new Promise((resolve) => {
    const list = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly on: Where }>();
    const show = (description: string) => {
      const active = list.activeItems.at(0)?.on;
      list.items = [
        { label: vscode.l10n.t('On this machine'), on: 'local' },
        { label: vscode.l10n.t('On the Slurm cluster'), description, on: 'slurm' },
      ];
      list.activeItems = list.items.filter(({ on }) => on === (active ?? 'local'));
    };
    list.title = vscode.l10n.t('Run Sweep');
    list.placeholder = vscode.l10n.t('Select where the trials run');
    list.onDidAccept(() => {
      resolve(list.activeItems.at(0)?.on);
      list.dispose();
    });
    list.onDidHide(() => {
      resolve(undefined);
      list.dispose();
    });
    show(vscode.l10n.t('checking whether it answers…'));
    list.show();
    void slurmAnswers().then((answers) => show(answers ? '' : vscode.l10n.t('does not answer now')));
  });
}

/** Whether `sbatch` is on the path. */
async function hasSlurm(): Promise<boolean> {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return (await Promise.all(folders.map((folder) => exists(path.join(folder, 'sbatch'))))).includes(true);
}

const slurmAnswers = (): Promise<boolean> =>
  new Promise((resolve) => {
    const args = ['--noheader', `--user=${os.userInfo().username}`];
    execFile('squeue', args, { timeout: patienceMs, killSignal: 'SIGKILL', maxBuffer: 1 << 28 }, (error) =>
      resolve(error === null),
    );
  });

/** Whether a trial of a sweep has a run. */
export const isBegun = async (directory: string): Promise<boolean> =>
  (await readdir(inside(directory, 'runs')).catch(() => [])).length > 0;

/** Why a sweep was not submitted: the message of the command line, which names its options, for the editor. */
export function submissionFailure(name: string, output: string): string | undefined {
  // Of the last call in the log. What Slurm printed may have several lines.
  const text = (output.split(/^error\s/m).at(-1) ?? '').replace(/\s+/g, ' ');
  if (
    /finds no Slurm cluster|was not found\. Run this command on a login node|cannot reach the Slurm controller/.test(
      text,
    )
  )
    return vscode.l10n.t(
      'Slurm does not answer, so the sweep {0} was not started: run it on this machine, or open its folder on a login node of the cluster.',
      name,
    );
  const rejected = /Slurm rejected (.+?): (.+?)\. Change it, and run/.exec(text);
  if (rejected === null) return undefined;
  const [, setting, reason] = rejected;
  return vscode.l10n.t('Slurm rejected {0} of the sweep {1}: {2}.', setting, name, reason);
}
