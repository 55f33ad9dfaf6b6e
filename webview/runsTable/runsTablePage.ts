// The runs table: all runs of the workspace, sorted, filtered, grouped and compared with a baseline.
import type { TableRun, ToRunsTable } from '../../src/protocol/runsTable';
import { formatCount } from '../format';
import { t } from '../l10n';
import type { Page } from '../page';
import { h, set, setText } from '../ui/dom';
import { createToolbar } from '../ui/toolbar';
import { createToggleButton } from '../ui/widgets';
import type { VsCodeApi } from '../vscodeApi';
import { filterRuns, groupRuns, keepOrder, sortRuns } from './arrange';
import { createColumnChooser } from './columnChooser';
import { columnsOf, nameColumn, shownColumns } from './columns';
import { createEditDialog } from './editDialog';
import { select, selectBy, type Selection } from './selection';
import { createTableRows } from './tableRows';
import { restoreTableViewState, type TableViewState } from './tableState';

export type RunsTableMessage = ToRunsTable;

export function createRunsTablePage(vscode: VsCodeApi): Page<RunsTableMessage> {
  let view = restoreTableViewState(vscode.getState());
  let runs: readonly TableRun[] = [];
  let baselineId: string | null = null;
  let anchor: string | null = null;
  /** Ids of the shown runs, in order. */
  let order: readonly string[] = [];
  const change = (part: Partial<TableViewState>, rearrange = true) => {
    view = { ...view, ...part };
    vscode.setState(view);
    show(rearrange);
  };

  const search = h('input', {
    type: 'search',
    class: 'filter',
    placeholder: t('Filter'),
    'aria-label': t('Filter by name, experiment, tags, notes or state'),
    oninput: () => change({ filter: search.value }),
  });
  search.value = view.filter;
  const tool = (label: string, title: string, onclick: () => void) =>
    h('button', { class: 'toggle', type: 'button', title, onclick }, label);
  const compare = tool(t('Compare'), t('Compare the curves of the selected runs'), () =>
    vscode.postMessage({ type: 'compareTableRuns', ids: view.selected }),
  );
  const pin = tool(t('Pin baseline'), t('Show the metrics of all runs as differences to this run'), () => {
    const run = target();
    if (run) vscode.postMessage({ type: 'pinBaseline', id: run.id === baselineId ? null : run.id });
  });
  const edit = tool(t('Edit…'), t('Name, tags and notes of the run (F2)'), () => openEditor());
  const open = tool(t('Open monitor'), t('Open the monitor of the run (Enter)'), () => {
    const run = target();
    if (run) openRun(run.id);
  });
  const grouped = createToggleButton(t('Group'), t('Group the runs by experiment'), view.grouped, (on) =>
    change({ grouped: on }),
  );
  const chooser = createColumnChooser({
    choose: (key, on) => change({ columns: { ...view.columns, [key]: on } }),
    reset: () => change({ columns: {} }),
  });
  const facts = h('p', { class: 'facts', role: 'status' });
  const empty = h('p', { class: 'placeholder' });
  const dialog = createEditDialog();
  const table = createTableRows((key) => {
    const { sort } = view;
    // The first click on a metric shows the lowest value first, on anything else it depends on nothing: ascending.
    change({ sort: { key, descending: sort.key === key ? !sort.descending : false } });
  });
  const scroller = h('div', { class: 'table' }, table.element);

  const find = (id: string | undefined) => runs.find((run) => run.id === id);
  const focusedId = (): string | undefined =>
    table.element.querySelector<HTMLElement>('tbody [tabindex="0"]')?.dataset.run;
  /** The run that "Edit" and others act on: the selected one, or the one with the focus if none is selected. */
  const target = (): TableRun | undefined =>
    view.selected.length > 1 ? undefined : find(view.selected[0] ?? focusedId());
  const openRun = (id: string) => vscode.postMessage({ type: 'openTableRun', id });
  const openEditor = () => {
    const run = target();
    if (run) dialog.open(run, (entered) => vscode.postMessage({ type: 'annotateRun', id: run.id, ...entered }));
  };

  const show = (rearrange: boolean) => {
    const filtered = filterRuns(runs, view.filter);
    const all = columnsOf(runs);
    const columns = shownColumns(all, filtered, view.columns, view.grouped);
    const by = [nameColumn, ...all].find(({ key }) => key === view.sort.key) ?? nameColumn;
    const sorted = rearrange
      ? sortRuns(filtered, by, view.sort.descending)
      : keepOrder(sortRuns(filtered, by, view.sort.descending), order);
    const groups = groupRuns(sorted, view.grouped);
    const isOpen = (experiment: string | null) => experiment === null || !view.collapsed.includes(experiment);
    order = groups.flatMap((group) => (isOpen(group.experiment) ? group.runs.map(({ id }) => id) : []));
    const selected = view.selected.filter((id) => runs.some((run) => run.id === id));
    if (selected.length !== view.selected.length && runs.length > 0) view = { ...view, selected };
    const { sort, collapsed } = view;
    const baseline = find(baselineId ?? undefined) ?? null;
    table.show({ columns, groups, sort, collapsed, selected: view.selected, baseline });
    chooser.show(all, columns);
    showTools();
    setText(facts, factsOf(filtered.length, runs.length, view.selected.length));
    setText(empty, runs.length === 0 ? t('This workspace has no runs yet.') : t('No run matches the filter.'));
    empty.hidden = filtered.length > 0;
    scroller.hidden = filtered.length === 0;
    ensureTabStop();
  };
  const showTools = () => {
    const run = target();
    const enable = (button: HTMLElement, on: boolean) => set(button, { disabled: !on });
    setText(compare, view.selected.length > 1 ? t('Compare ({0})', view.selected.length) : t('Compare'));
    enable(compare, view.selected.length > 1);
    for (const button of [pin, edit, open]) enable(button, run !== undefined);
    setText(pin, run !== undefined && run.id === baselineId ? t('Unpin baseline') : t('Pin baseline'));
  };

  /** Exactly one row is a Tab stop. */
  const ensureTabStop = () => {
    const stops = table.stops();
    const current = stops.filter(({ tabIndex }) => tabIndex === 0);
    if (current.length === 1) return;
    current.forEach((stop) => set(stop, { tabindex: -1 }));
    const selected = stops.find(({ dataset }) => dataset.run !== undefined && view.selected.includes(dataset.run));
    const [first = undefined] = selected ? [selected] : stops;
    if (first) set(first, { tabindex: 0 });
  };
  const moveTo = (stop: HTMLElement | undefined) => {
    if (stop === undefined) return;
    for (const other of table.element.querySelectorAll('tbody [tabindex="0"]')) set(other, { tabindex: -1 });
    set(stop, { tabindex: 0 });
    stop.focus();
    stop.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  const choose = (id: string, by: Parameters<typeof select>[2]) => {
    const next: Selection = select({ selected: view.selected, anchor }, id, by, order);
    anchor = next.anchor;
    change({ selected: next.selected }, false);
  };
  const toggleGroup = (experiment: string, open = view.collapsed.includes(experiment)) => {
    const others = view.collapsed.filter((each) => each !== experiment);
    change({ collapsed: open ? others : [...others, experiment] }, false);
  };

  table.element.addEventListener('click', (event) => {
    const element = event.target as HTMLElement;
    const { group } = element.closest<HTMLElement>('button.group')?.dataset ?? {};
    if (group !== undefined) toggleGroup(group);
    const row = element.closest<HTMLElement>('tr[data-run]');
    if (row?.dataset.run === undefined) return;
    choose(row.dataset.run, element.closest('.box') && !event.shiftKey ? 'toggle' : selectBy(event));
    moveTo(row);
  });
  table.element.addEventListener('dblclick', ({ target }) => {
    const { run } = (target as HTMLElement).closest<HTMLElement>('tr[data-run]')?.dataset ?? {};
    if (run !== undefined && !(target as HTMLElement).closest('.box')) openRun(run);
  });
  table.element.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement && table.stops().includes(target)) showTools();
  });
  table.element.addEventListener('keydown', (event) => {
    const focused = event.target as HTMLElement;
    if (focused.closest('thead')) moveInHead(event, focused);
    else if (onKey(event, focused)) event.preventDefault();
  });
  /** Handles a key in the rows; returns whether it has. */
  const onKey = (event: KeyboardEvent, focused: HTMLElement): boolean => {
    const stops = table.stops();
    const at = stops.indexOf(focused);
    const { run: id, group } = focused.dataset;
    const { key, shiftKey } = event;
    if (at < 0 || event.altKey) return false;
    if ((event.ctrlKey || event.metaKey) && key === 'a') {
      change({ selected: order }, false);
      return true;
    }
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: Math.min(stops.length - 1, at + 20),
      PageUp: Math.max(0, at - 20),
      Home: 0,
      End: stops.length - 1,
    };
    if (Object.hasOwn(moves, key)) {
      const to = stops[moves[key]];
      if (to === undefined) return true;
      const next = to.dataset.run ?? null;
      if (shiftKey && id !== undefined && next !== null) {
        anchor ??= id;
        choose(next, 'range');
      } else anchor = next;
      moveTo(table.stops().find((stop) => stop === to) ?? to);
      return true;
    }
    if (group !== undefined) {
      if (key !== 'ArrowLeft' && key !== 'ArrowRight') return false;
      toggleGroup(group, key === 'ArrowRight');
      return true;
    }
    if (id === undefined) return false;
    if (key === ' ') choose(id, shiftKey ? 'range' : 'toggle');
    else if (key === 'Enter') openRun(id);
    else if (key === 'F2') openEditor();
    else if (key === 'Escape') {
      anchor = id;
      change({ selected: [] }, false);
    } else return false;
    return true;
  };
  /** The header is one Tab stop; arrow keys move between its columns. */
  const moveInHead = (event: KeyboardEvent, focused: HTMLElement) => {
    const buttons = [...table.element.querySelectorAll<HTMLElement>('button.sort')];
    const at = buttons.indexOf(focused);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || buttons[to] === undefined) return;
    event.preventDefault();
    buttons.forEach((button) => set(button, { tabindex: button === buttons[to] ? 0 : -1 }));
    buttons[to].focus();
  };

  // While the user works with the rows, they keep their places: values change, but nothing moves away.
  const isInUse = () => scroller.matches(':hover') || scroller.contains(document.activeElement);
  let isOutOfOrder = false;
  const settle = () => {
    if (!isOutOfOrder || isInUse()) return;
    isOutOfOrder = false;
    show(true);
  };
  scroller.addEventListener('pointerleave', settle);
  scroller.addEventListener('focusout', () => setTimeout(settle));

  vscode.setState(view);
  return {
    element: h(
      'div',
      { class: 'page runs-table' },
      h(
        'header',
        {},
        h('div', { class: 'title' }, h('h1', {}, t('Runs')), facts),
        h(
          'div',
          { class: 'tools' },
          search,
          createToolbar(t('Runs'), { class: 'actions' }, grouped, chooser.button, compare, open, pin, edit),
        ),
        chooser.element,
      ),
      h('main', {}, empty, scroller),
      dialog.element,
    ),
    receive(message) {
      const isFirst = runs.length === 0;
      if (message.type === 'runsTable') {
        runs = message.runs;
        baselineId = message.baseline;
      } else {
        const changed = new Map(message.runs.map((run) => [run.id, run]));
        runs = runs.map((run) => changed.get(run.id) ?? run);
      }
      isOutOfOrder = !isFirst && isInUse();
      show(!isOutOfOrder);
    },
    themeChanged: () => {},
    tick: () => {},
    dispose: () => {},
  };
}

function factsOf(shown: number, all: number, selected: number): string {
  const counts = all === 1 ? t('1 run') : t('{0} runs', formatCount(all));
  const counted = shown === all ? counts : t('{0} of {1} runs', formatCount(shown), formatCount(all));
  return selected === 0 ? counted : t('{0}, {1} selected', counted, formatCount(selected));
}
