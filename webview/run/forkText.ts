// How a fork is told from its parent, which has the same name.
import type { MonitorState } from '../../src/protocol/monitor';
import { formatCount } from '../format';
import { t } from '../l10n';

/** `fork at 400`: the step of the checkpoint that a fork began with; '' for other runs. */
export const forkText = (parent: { readonly step: number } | null): string =>
  parent === null ? '' : t('fork at {0}', formatCount(parent.step));

/** Where a fork comes from, with the name of its parent's folder; '' for other runs. */
export const forkTooltip = (parent: MonitorState['parent']): string =>
  parent === null
    ? ''
    : t('Forked from {0} at step {1}', parent.directory.split(/[\\/]/).at(-1)!, formatCount(parent.step));
