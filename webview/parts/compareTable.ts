// The table of a comparison on the page: a column for each group, under the piece of line that it is drawn with.
import type { Row } from '../compare/table';
import { settingRows, stateRows, valueRows } from '../compare/table';
import type { Group } from '../compare/compared';
import { createSwatch } from '../charts/swatch';
import { breakable, h, toggleButton } from '../dom';
import { t } from '../l10n';
import { readTheme } from '../theme';

export interface CompareTable {
  readonly element: HTMLElement;
  show(groups: readonly Group[], allSettings: boolean): void;
}

export function createCompareTable(onAll: (all: boolean) => void, openRun: (id: string) => void): CompareTable {
  const element = h('div', {
    class: 'table',
    tabindex: 0,
    role: 'region',
    'aria-label': t('Runs, last values and settings'),
  });
  let last = '';
  return {
    element,
    show(groups, allSettings) {
      element.hidden = groups.length === 0;
      const settings = settingRows(groups, allSettings);
      const parts: readonly (readonly [title: string, rows: readonly Row[]])[] = [
        [t('Runs'), stateRows(groups)],
        [t('Last values'), valueRows(groups)],
        [allSettings ? t('All settings') : t('Settings that differ'), settings],
      ];
      const theme = readTheme();
      const key = JSON.stringify([parts, groups.map(({ id, label, hue, dash }) => [id, label, dash, theme.hues[hue]])]);
      if (key === last) return;
      last = key;
      const head = h('tr', {}, h('td', {}), ...groups.map((group) => headOf(group, theme.hues[group.hue], openRun)));
      const bodies = parts.map(([title, rows], i) => {
        const tool =
          i === 2 ? toggleButton(t('All'), t('Show settings that are the same, too'), allSettings, onAll) : null;
        const none =
          i === 2 && rows.length === 0
            ? h(
                'tr',
                {},
                h('td', { class: 'silent', colspan: groups.length + 1 }, t('The runs have the same settings.')),
              )
            : null;
        const caption = h(
          'tr',
          { class: 'part' },
          h('th', { scope: 'rowgroup', colspan: groups.length + 1 }, h('span', {}, title), tool),
        );
        return h('tbody', {}, caption, ...rows.map((row) => rowOf(row, i === 2)), none);
      });
      element.replaceChildren(h('table', {}, h('thead', {}, head), ...bodies));
    },
  };
}

function headOf({ label, members, hue: _, dash }: Group, colour: string, openRun: (id: string) => void): HTMLElement {
  const swatch = createSwatch({ look: 'bold', dash });
  swatch.style.setProperty('--line', colour);
  const link = (id: string, text: string, directory: string) =>
    h(
      'button',
      { class: 'link', type: 'button', title: t('Open the monitor of {0}', directory), onclick: () => openRun(id) },
      text,
    );
  const single = members.length === 1;
  const names = single
    ? [link(members[0].id, label, members[0].state.directory)]
    : [
        h('span', {}, label),
        h(
          'span',
          { class: 'seeds' },
          ...members.map(({ id, state }) => link(id, t('seed {0}', state.seed ?? '?'), state.directory)),
        ),
      ];
  return h('th', { scope: 'col' }, h('div', { class: 'who' }, swatch, h('div', {}, ...names)));
}

const rowOf = ({ head, cells }: Row, isSetting: boolean): HTMLElement =>
  h(
    'tr',
    { class: isSetting ? 'setting' : null },
    h('th', { scope: 'row' }, ...breakable(head)),
    ...cells.map((cell) => h('td', {}, cell === '' ? '–' : cell)),
  );
