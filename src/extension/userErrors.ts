// The extension's own errors: where, what is wrong, and what to do.
import * as vscode from 'vscode';
import type { Role } from '../catalog';
import { UserError } from '../shared/userError';
import { commandIds } from './ids';
import { roleName } from './models/roleName';

/** An error that is shown as its message: where, what is wrong, and what to do. */
export const userError = (message: string): UserError => new UserError('extension', message);

/** What to do about an error, as a button: a command and its title. */
export interface Remedy {
  readonly label: string;
  readonly command: string;
  readonly args?: readonly unknown[];
}

/** Why a command has nothing to do. Nothing failed, so it is shown as information, with a button for the remedy. */
interface Notice {
  readonly notice: { readonly remedy?: Remedy };
}

export const notice = (message: string, remedy?: Remedy): UserError & Notice =>
  Object.assign(userError(message), { notice: { remedy } });

/** By its form, not its class: the extension has two bundles. */
export const noticeOf = (error: unknown): Notice['notice'] | undefined => (error as Partial<Notice>).notice;

export const errors = {
  noSweep: () =>
    notice(vscode.l10n.t('No sweep found. Create a *.sweep.json file that names an experiment.'), {
      label: vscode.l10n.t('New Sweep'),
      command: commandIds.newSweep,
    }),
  noExperiment: () =>
    notice(
      vscode.l10n.t('No experiment found. Open a *.gan.json file, or create one with "Earthmover: New Experiment…".'),
      { label: vscode.l10n.t('New Experiment'), command: commandIds.newExperiment },
    ),
  noFolder: () =>
    notice(vscode.l10n.t('Open a folder first: reproductions are kept in its .earthmover folder.'), {
      label: vscode.l10n.t('Open Folder'),
      command: 'vscode.openFolder',
    }),
  notOnDisk: (name: string) =>
    userError(vscode.l10n.t('{0} is not a file on disk. Save it to a folder to train it.', name)),
  nodeMissing: (node: string, why: string) =>
    userError(
      vscode.l10n.t(
        'Cannot start "{0}" ({1}). Set "earthmover.nodePath" to Node.js 20.9 or later, or leave it empty to use the Node.js bundled with VS Code.',
        node,
        why,
      ),
    ),
  modelNotFound: (name: string, file: string) =>
    userError(
      vscode.l10n.t(
        '{0} no longer exports a model named "{1}". Save the file and use the CodeLens above the model.',
        file,
        name,
      ),
    ),
  noMatchingData: (name: string, role: Role, why: string) => {
    const toDo =
      role === 'critic'
        ? vscode.l10n.t(
            'Change its inputShape, or use the { inputShape, outputShape } argument that is passed to the function.',
          )
        : vscode.l10n.t(
            'Change its last layer, or use the { inputShape, outputShape } argument that is passed to the function.',
          );
    return userError(`${vscode.l10n.t('No data set matches "{0}" as a {1}: {2}.', name, roleName(role), why)} ${toDo}`);
  },
};
