// A sortable table with a checkbox for each row. Rows that have not changed keep their elements, and their focus.
import { formatCount } from '../format';
import { t } from '../l10n';
import { breakable, type Child, h, keepFocus } from '../ui/dom';
import { sortRows } from '../sortRows';
import type { Sorting } from './sorting';
import type { TableColumn } from './tableColumns';

export interface RowParts {
  /** Distinguishes the rows of a table. */
  readonly id: string;
  /** The name of the row, for its checkbox. */
  readonly name: string;
  /** Whether it can be selected; one without a run cannot. */
  readonly selectable: boolean;
  /** The first cell, and what is after the columns; they are made again when `key` changes. */
  readonly key: string;
  readonly first: () => Child[];
  readonly last?: () => Child[];
  readonly tone?: string;
  /** Whether its result is the best of the table. */
  readonly best: boolean;
}

export interface TableContent<Row> {
  readonly columns: readonly TableColumn<Row>[];
  readonly firstHead: string;
  readonly lastHead?: string;
  readonly rows: readonly Row[];
  readonly partsOf: (row: Row) => RowParts;
}

export interface SweepTable {
  readonly element: HTMLElement;
  show<Row>(content: TableContent<Row>, sorting: Sorting | null, selected: ReadonlySet<string>): void;
}

/** More rows are drawn when they are asked for: a table of thousands takes long to lay out. */
const pageOfRows = 200;

export interface TableActions {
  sort(column: string): void;
  select(id: string, selected: boolean): void;
}

export function createSweepTable({ sort, select }: TableActions): SweepTable {
  const table = h('table');
  const scroller = h('div', { class: 'table', tabindex: 0, role: 'region', 'aria-label': t('Results') }, table);
  const more = h('button', { class: 'link more', type: 'button', hidden: true, onclick: () => showMore() });
  const element = h('div', { class: 'results' }, scroller, more);
  let limit = pageOfRows;
  let again = () => {};
  let headKey = '';
  let drawn = new Map<string, { readonly key: string; readonly row: HTMLTableRowElement }>();
  const head = h('thead');
  const body = h('tbody');
  table.append(head, body);
  const showMore = () => {
    limit = Infinity;
    again();
  };

  const drawHead = <Row>({ columns, firstHead, lastHead }: TableContent<Row>, sorting: Sorting | null) => {
    const key = JSON.stringify([columns.map(({ id, head }) => [id, head]), firstHead, lastHead, sorting]);
    if (key === headKey) return;
    headKey = key;
    const heads = columns.map((column) => {
      const direction = sorting?.column === column.id ? (sorting.descending ? 'descending' : 'ascending') : null;
      const button = h(
        'button',
        { class: 'sort', type: 'button', 'data-name': `sort:${column.id}`, onclick: () => sort(column.id) },
        ...(column.kind === 'text' ? breakable(column.head) : [column.head]),
        h(
          'span',
          { 'aria-hidden': 'true', class: 'arrow' },
          direction === null ? '' : direction === 'ascending' ? ' ↑' : ' ↓',
        ),
      );
      return h('th', { scope: 'col', class: column.kind, 'aria-sort': direction }, button);
    });
    keepFocus(() =>
      head.replaceChildren(
        h(
          'tr',
          {},
          h('td', { class: 'select' }),
          h('th', { scope: 'col' }, firstHead),
          ...heads,
          lastHead === undefined ? null : h('th', { scope: 'col' }, lastHead),
        ),
      ),
    );
  };
  const rowOf = <Row>(content: TableContent<Row>, row: Row, parts: RowParts, isSelected: boolean) => {
    const texts = content.columns.map((column) => column.text(row));
    const key = JSON.stringify([parts.key, parts.name, parts.selectable, parts.tone, parts.best, isSelected, texts]);
    const before = drawn.get(parts.id);
    if (before?.key === key) return { id: parts.id, key, row: before.row };
    const box = h('input', {
      type: 'checkbox',
      checked: isSelected,
      disabled: !parts.selectable,
      'aria-label': t('Select {0}', parts.name),
      'data-name': `select:${parts.id}`,
      onchange: () => select(parts.id, box.checked),
    });
    const element = h(
      'tr',
      { class: [isSelected ? 'selected' : '', parts.tone ?? ''].join(' ').trim() || null },
      h('td', { class: 'select' }, box),
      h('th', { scope: 'row' }, ...parts.first(), parts.best ? h('span', { class: 'best-mark' }, t('best')) : null),
      ...content.columns.map(({ kind }, i) => h('td', { class: kind }, texts[i])),
      parts.last === undefined ? null : h('td', {}, ...parts.last()),
    );
    return { id: parts.id, key, row: element };
  };
  const show: SweepTable['show'] = (content, sorting, selected) => {
    again = () => show(content, sorting, selected);
    drawHead(content, sorting);
    const column = content.columns.find(({ id }) => id === sorting?.column);
    const sorted =
      column === undefined ? content.rows : sortRows(content.rows, column.value, sorting?.descending ?? false);
    const rows = sorted.slice(0, limit).map((row) => {
      const parts = content.partsOf(row);
      return rowOf(content, row, parts, selected.has(parts.id));
    });
    const isSame = rows.length === drawn.size && rows.every(({ row }, i) => body.children[i] === row);
    drawn = new Map(rows.map(({ id, key, row }) => [id, { key, row }]));
    if (!isSame) keepFocus(() => body.replaceChildren(...rows.map(({ row }) => row)));
    const left = sorted.length - rows.length;
    more.hidden = left === 0;
    more.textContent = t('Show {0} more rows', formatCount(left));
    element.hidden = false;
  };
  return { element, show };
}
