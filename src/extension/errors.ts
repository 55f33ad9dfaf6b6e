// What goes wrong, told to the user: our own errors as their message, defects with the log at hand.
import * as vscode from 'vscode';
import type { Role } from '../catalog';
import { UserError } from '../shared/userError';

/** An error that is shown as its message: where, what is wrong, and what to do. */
export const userError = (message: string): UserError => new UserError('extension', message);

export const errors = {
  noExperiment: () =>
    userError(
      vscode.l10n.t(
        'There is no experiment to train: open a *.gan.json file, or make one with "Earthmover: New Experiment".',
      ),
    ),
  notOnDisk: (name: string) =>
    userError(
      vscode.l10n.t('{0} is not a file on disk, and only such files can be trained. Save it in a folder first.', name),
    ),
  nodeMissing: (node: string, why: string) =>
    userError(
      vscode.l10n.t(
        'Cannot start "{0}" ({1}). Set "earthmover.nodePath" to a Node of version 20.9 or later, or leave it empty to use the editor\'s own.',
        node,
        why,
      ),
    ),
  modelNotFound: (name: string, file: string) =>
    userError(
      vscode.l10n.t(
        '{0} has no exported model "{1}" any more. Save the file and use the lens above the model.',
        file,
        name,
      ),
    ),
  noMatchingData: (name: string, role: Role, why: string) => {
    const toDo =
      role === 'critic'
        ? vscode.l10n.t(
            'Change its inputShape, or leave the shape open: a training calls the function with { inputShape, outputShape }.',
          )
        : vscode.l10n.t(
            'Change its last layer, or leave the shape open: a training calls the function with { inputShape, outputShape }.',
          );
    return userError(`${vscode.l10n.t('No data set fits "{0}" as {1}: {2}.', name, role, why)} ${toDo}`);
  },
};
