// The settings of the run, next to what the experiment file says.
import type { MonitorSetting } from '../../src/protocol/monitor';
import { breakable, h } from '../ui/dom';
import { t } from '../l10n';
import { createCollapsible } from '../ui/widgets';

/** Each setting with what the experiment file says of it: what differs was decided on the command line, what is not said by a preset or a default. */
export function createSettingsTable(
  settings: readonly MonitorSetting[],
  open: boolean,
  onToggle: (open: boolean) => void,
): HTMLElement {
  const differs = t('The file says something else: it was set when the run was started.');
  const rows = settings.map(({ key, value, written }) => {
    const from =
      written === null
        ? h('td', { class: 'silent', title: t('The file says nothing of it: the preset or the default decides.') }, '–')
        : h('td', written === value ? {} : { class: 'differs', title: differs }, written);
    return h('tr', {}, h('th', { scope: 'row' }, ...breakable(key)), h('td', {}, value), from);
  });
  const heads = [t('Setting'), t('This run'), t('The file')].map((text) => h('th', { scope: 'col' }, text));
  return createCollapsible(
    'settings',
    t('Settings'),
    open,
    onToggle,
    h('table', {}, h('thead', {}, h('tr', {}, ...heads)), h('tbody', {}, ...rows)),
  );
}
