// The settings of the run, next to what the experiment file says.
import type { MonitorSetting } from '../../src/protocol/monitor';
import { breakable, h } from '../ui/dom';
import { t } from '../l10n';
import { createCollapsible } from '../ui/widgets';

/**
 * Each setting with its value in the experiment file. A different value comes from the command line; a missing one
 * from a preset or default.
 */
export function createSettingsTable(
  settings: readonly MonitorSetting[],
  open: boolean,
  onToggle: (open: boolean) => void,
): HTMLElement {
  const differsText = t('Differs from the experiment file; it was set when the run was started.');
  const rows = settings.map(({ key, value, written }) => {
    const fileCell =
      written === null
        ? h(
            'td',
            { class: 'muted', title: t('Not set in the experiment file; the preset or the default applies.') },
            '–',
          )
        : h('td', written === value ? {} : { class: 'differs', title: differsText }, written);
    return h('tr', {}, h('th', { scope: 'row' }, ...breakable(key)), h('td', {}, value), fileCell);
  });
  const heads = [t('Setting'), t('This run'), t('Experiment file')].map((text) => h('th', { scope: 'col' }, text));
  return createCollapsible(
    'settings',
    t('Settings'),
    open,
    onToggle,
    h('table', {}, h('thead', {}, h('tr', {}, ...heads)), h('tbody', {}, ...rows)),
  );
}
