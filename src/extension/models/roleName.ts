import * as vscode from 'vscode';
import type { Role } from '../../catalog';

/** The localized name of a role, for sentences. */
export const roleName = (role: Role): string =>
  role === 'critic' ? vscode.l10n.t('critic') : vscode.l10n.t('generator');
