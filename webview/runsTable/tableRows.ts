// The table element: a header that sorts, groups that fold, and a row for each run, updated in place.
import type { TableRun } from '../../src/protocol/runsTable';
import { formatMeasurement, writers } from '../format';
import { numberFormatOf } from '../charts/columns';
import { t } from '../l10n';
import { h, set, setText } from '../ui/dom';
import { stateDisplays } from '../run/displayState';
import { forkText } from '../run/forkText';
import type { RunGroup, Sort } from './arrange';
import { cellText, nameColumn, stateLabel, valueNameOf, type Column, type ColumnKey } from './columns';
import { differenceTo } from './difference';

/** What the table shows. */
export interface TableContent {
  readonly columns: readonly Column[];
  readonly groups: readonly RunGroup[];
  readonly sort: Sort;
  readonly collapsed: readonly string[];
  readonly selected: readonly string[];
  readonly baseline: TableRun | null;
}

export interface TableRows {
  readonly element: HTMLTableElement;
  show(content: TableContent): void;
  /** What can have the focus, in order: the rows of runs, and the buttons of groups. */
  stops(): readonly HTMLElement[];
}

export function createTableRows(sortBy: (key: ColumnKey) => void): TableRows {
  const head = h('thead', {});
  const element = h(
    'table',
    { role: 'grid', 'aria-multiselectable': 'true', 'aria-label': t('Runs') },
    head,
  ) as HTMLTableElement;
  const known = new Map<string, { readonly row: HTMLTableRowElement; key: string }>();
  let bodies = new Map<string, HTMLTableSectionElement>();
  let headKey = '';

  const showHead = (columns: readonly Column[], { key: sorted, descending }: Sort) => {
    const key = JSON.stringify([columns.map((column) => column.key), sorted, descending]);
    if (key === headKey) return;
    headKey = key;
    const focused = head.contains(document.activeElement) ? document.activeElement?.getAttribute('data-sort') : null;
    const tabStop = columns.some((column) => column.key === sorted) ? sorted : nameColumn.key;
    const cell = ({ key, label, title, kind }: Column) => {
      const direction = key !== sorted ? null : descending ? 'descending' : 'ascending';
      const button = h(
        'button',
        {
          class: 'sort',
          type: 'button',
          title: title || null,
          'data-sort': key,
          tabindex: key === tabStop ? 0 : -1,
          onclick: () => sortBy(key),
        },
        label,
        h('span', { class: 'arrow', 'aria-hidden': 'true' }, direction && (descending ? ' ↓' : ' ↑')),
      );
      return h('th', { scope: 'col', class: kind === 'value' ? 'number' : null, 'aria-sort': direction }, button);
    };
    const box = h('td', { class: 'box' }, h('span', { class: 'visually-hidden' }, t('Selected')));
    head.replaceChildren(h('tr', {}, box, cell(nameColumn), ...columns.map(cell)));
    if (focused) head.querySelector<HTMLElement>(`[data-sort="${CSS.escape(focused)}"]`)?.focus();
  };

  const rowOf = (run: TableRun, content: TableContent): HTMLTableRowElement => {
    const isSelected = content.selected.includes(run.id);
    const isBaseline = content.baseline?.id === run.id;
    const cells = content.columns.map((column) => cellOf(column, run, content.baseline));
    const key = JSON.stringify([
      run.name,
      run.folder,
      run.parent,
      isBaseline,
      cells,
      content.columns.map((column) => column.key),
    ]);
    let found = known.get(run.id);
    if (found === undefined) {
      found = { row: h('tr', { 'data-run': run.id, tabindex: -1 }) as HTMLTableRowElement, key: '' };
      known.set(run.id, found);
    }
    const { row } = found;
    if (found.key !== key) {
      found.key = key;
      const fork = forkText(run.parent);
      row.replaceChildren(
        h(
          'td',
          { class: 'box' },
          h('input', {
            type: 'checkbox',
            tabindex: -1,
            'aria-label': t('Select {0}', fork === '' ? run.name : `${run.name} (${fork})`),
          }),
        ),
        h(
          'th',
          { scope: 'row', title: run.folder },
          isBaseline ? h('span', { class: 'baseline-mark', title: t('Baseline') }, t('Baseline')) : null,
          h('span', { class: 'run-name' }, run.name),
          fork === '' ? null : h('div', { class: 'fork' }, fork),
        ),
        ...cells.map(elementOf),
      );
    }
    set(row, { 'aria-selected': String(isSelected) });
    row.querySelector('input')!.checked = isSelected;
    return row;
  };

  const groupRow = ({ experiment, runs }: RunGroup, isOpen: boolean, columns: number): HTMLTableRowElement => {
    const id = groupKey(experiment);
    let found = known.get(id);
    if (found === undefined) {
      const button = h('button', { class: 'group', type: 'button', tabindex: -1, 'data-group': experiment });
      found = { row: h('tr', {}, h('th', { scope: 'rowgroup' }, button)) as HTMLTableRowElement, key: '' };
      known.set(id, found);
    }
    const key = `${runs.length} ${columns} ${isOpen}`;
    if (found.key !== key) {
      found.key = key;
      const cell = found.row.querySelector('th')!;
      const button = cell.querySelector('button')!;
      cell.colSpan = columns + 2;
      set(button, { 'aria-expanded': String(isOpen) });
      setText(button, `${isOpen ? '▾' : '▸'} ${experiment} (${runs.length})`);
    }
    return found.row;
  };

  return {
    element,
    stops: () => [...element.querySelectorAll<HTMLElement>('tr[data-run], button.group')],
    show(content) {
      const { columns, groups, sort, collapsed } = content;
      showHead(columns, sort);
      const shown = new Set<string>();
      const next = new Map<string, HTMLTableSectionElement>();
      for (const group of groups) {
        const name = group.experiment ?? '';
        const body = bodies.get(name) ?? (h('tbody', {}) as HTMLTableSectionElement);
        const isOpen = group.experiment === null || !collapsed.includes(name);
        const rows = isOpen ? group.runs.map((run) => rowOf(run, content)) : [];
        if (isOpen) group.runs.forEach(({ id }) => shown.add(id));
        if (group.experiment !== null) shown.add(groupKey(group.experiment));
        replaceIfChanged(body, [
          ...(group.experiment === null ? [] : [groupRow(group, isOpen, columns.length)]),
          ...rows,
        ]);
        next.set(name, body);
      }
      bodies = next;
      replaceIfChanged(element, [head, ...next.values()]);
      for (const id of known.keys()) if (!shown.has(id)) known.delete(id);
    },
  };
}

/** No path of a run directory. */
const groupKey = (experiment: string | null): string => `:${experiment}`;

interface Cell {
  readonly text: string;
  readonly class: string | null;
  readonly title: string | null;
  /** The difference to the baseline. */
  readonly delta?: { readonly text: string; readonly tone: 'better' | 'worse' | 'same' };
}

function cellOf(column: Column, run: TableRun, baseline: TableRun | null): Cell {
  const text = cellText(column, run);
  if (column.key === 'state') return { text: stateLabel(run.state), class: `state ${toneOf(run)}`, title: null };
  const name = valueNameOf(column);
  if (name === undefined) return { text, class: column.kind, title: column.key === 'notes' ? run.notes || null : null };
  const difference = baseline === null ? null : differenceTo(baseline, run, name);
  if (difference === null) return { text, class: 'number', title: null };
  const { value, better } = difference;
  const size = (numberFormatOf(name) === 'measured' ? formatMeasurement : writers[numberFormatOf(name)])(
    Math.abs(value),
  );
  return {
    text,
    class: 'number',
    title: null,
    delta: {
      text: value === 0 ? '±0' : `${value > 0 ? '+' : '−'}${size}`,
      tone: better === null ? 'same' : better ? 'better' : 'worse',
    },
  };
}

const toneOf = ({ state }: TableRun): string => (state === 'damaged' ? 'bad' : stateDisplays[state].tone);

const elementOf = ({ text, class: name, title, delta }: Cell): HTMLElement =>
  h(
    'td',
    { class: name, title },
    h('span', { class: 'value' }, text),
    delta === undefined
      ? null
      : h('span', { class: `delta ${delta.tone}`, title: deltaTitles[delta.tone] }, ` ${delta.text}`),
  );

const deltaTitles = {
  better: t('Better than the baseline'),
  worse: t('Worse than the baseline'),
  same: t('Difference to the baseline'),
} as const;

/** Replaces the children only if they differ, because that takes the focus and the scroll position. */
function replaceIfChanged(parent: Element, children: readonly Element[]): void {
  const isSame =
    parent.children.length === children.length && children.every((child, i) => child === parent.children[i]);
  if (isSame) return;
  const { activeElement } = document;
  parent.replaceChildren(...children);
  if (activeElement instanceof HTMLElement && activeElement.isConnected && parent.contains(activeElement))
    activeElement.focus({ preventScroll: true });
}
