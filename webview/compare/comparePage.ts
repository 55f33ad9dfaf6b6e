// The page of a comparison: the curves of several runs over each other, their last values and the settings that differ.
import type { ComparedRun, RunMessage, ToPage } from '../../src/protocol/monitor';
import { type Board, createBoard } from '../charts/board';
import { createChartTools } from '../charts/chartTools';
import { type LoadedRun, groupRuns, type RunGroup } from './groups';
import { columnsOfGroups, planCompareCharts, type CompareSource, compareSource } from './compareCharts';
import { h, icon, keepFocus, setText } from '../ui/dom';
import { createSelect } from '../ui/widgets';
import { count } from '../format';
import type { VsCodeApi } from '../vscodeApi';
import { icons } from '../ui/icons';
import { t } from '../l10n';
import { type BandMode, type CompareViewState, restoreCompareViewState } from '../viewState';
import { createComparisonTable } from './comparisonTable';
import { createCurve } from '../curve/curve';
import { isActive, displayStateOf } from '../run/displayState';
import type { Page } from '../page';

type Of = Extract<ToPage, { type: 'of' }>;

const bandNames: { readonly [B in BandMode]: string } = {
  range: t('Seeds: min to max'),
  quartiles: t('Seeds: middle half'),
  runs: t('Seeds: each run'),
};
const tails: { readonly [B in BandMode]: number } = { range: 0, quartiles: 0.25, runs: 0 };

export function createComparePage(order: readonly ComparedRun[], host: VsCodeApi): Page<Of> {
  let memory = restoreCompareViewState(
    host.getState(),
    order.map(({ id }) => id),
  );
  const remember = (change: Partial<CompareViewState>) => {
    memory = { ...memory, ...change };
    host.setState(memory);
  };
  remember({});
  const runs = new Map<string, LoadedRun>();
  const problems = new Map<string, string>();
  let groups: readonly RunGroup[] = [];
  let drawn: { readonly board: Board; readonly source: CompareSource } | null = null;

  const title = h('h1', {}, titleOf(order, []));
  const facts = h('p', { class: 'facts', role: 'status' });
  const alerts = h('div', { class: 'alerts' });
  const place = h('div', { class: 'charts' });
  const table = createComparisonTable(
    (allSettings) => {
      remember({ allSettings });
      keepFocus(showTable);
    },
    (id) => host.postMessage({ type: 'openRun', id }),
  );
  const showTable = () => table.show(groups, memory.allSettings);

  const tools = () => {
    const several = groupRuns([...runs.values()], order, false).some(({ members }) => members.length > 1);
    const columns = columnsOfGroups(groups).map(({ name, label }) => [name, label] as const);
    const band = Object.entries(bandNames) as [BandMode, string][];
    return [
      ...(columns.length > 1
        ? [createSelect(t('Curve'), columns, memory.column, (column) => rebuild({ column }))]
        : []),
      ...(several
        ? [createSelect(t('Runs of several seeds'), band, memory.band, (chosen) => rebuild({ band: chosen }))]
        : []),
      ...createChartTools(memory, rebuild, () => host.postMessage({ type: 'saveCsv' })),
    ];
  };
  const rebuild = (change: Partial<CompareViewState> = {}) => {
    remember(change);
    groups = groupRuns([...runs.values()], order, memory.band === 'runs');
    const source = compareSource(groups, memory.window, tails[memory.band]);
    const plans = planCompareCharts(groups, memory.column, memory.window);
    const board = createBoard(plans, source, memory, remember, tools());
    board.showPlaceholder(
      runs.size === 0 ? t('Reading the runs.') : t('The curves begin with the first steps of the runs.'),
    );
    keepFocus(() => {
      place.replaceChildren(board.element, table.element);
      showTable();
    });
    drawn?.board.dispose();
    drawn = { board, source };
    showFacts();
  };
  const showFacts = () => {
    setText(title, titleOf(order, [...runs.values()]));
    const working = [...runs.values()].filter((run) => isActive(displayStateOf(run))).length;
    const reading = order.length - runs.size - problems.size;
    const parts = [
      reading > 0 ? t('Reading {0} of {1}', count(reading), count(order.length)) : '',
      working > 0 ? t('{0} still training', count(working)) : reading > 0 ? '' : t('All have ended'),
    ];
    setText(facts, parts.filter((part) => part !== '').join(' · '));
    alerts.replaceChildren(
      ...[...problems].map(([, message]) =>
        h('div', { class: 'problem', role: 'alert' }, icon(icons.error), h('p', {}, message)),
      ),
    );
  };

  // The states of many runs come one behind the other, rows of many at once: what follows from them is done once a frame.
  let due: 'rebuild' | 'refresh' | null = null;
  const schedule = (what: 'rebuild' | 'refresh') => {
    if (due === null) requestAnimationFrame(work);
    due = due === 'rebuild' ? due : what;
  };
  const work = () => {
    const all = due === 'rebuild';
    due = null;
    if (all) return rebuild();
    drawn?.source.invalidate();
    drawn?.board.curvesChanged();
    showTable();
    showFacts();
  };

  const nothing = () => {};
  const receivers: {
    readonly [T in RunMessage['type']]: (id: string, message: Extract<RunMessage, { type: T }>) => void;
  } = {
    state(id, { state }) {
      const curve = createCurve(state.columns);
      curve.append(state.rows);
      problems.delete(id);
      runs.set(id, { id, state, curve, status: state.status, liveness: state.liveness });
      schedule('rebuild');
    },
    rows(id, { rows }) {
      runs.get(id)?.curve.append(rows);
      schedule('refresh');
    },
    status(id, { status, liveness }) {
      const run = runs.get(id);
      if (run === undefined) return;
      const now = { ...run, status, liveness };
      runs.set(id, now);
      groups = groups.map((group) => ({
        ...group,
        members: group.members.map((member) => (member.id === id ? now : member)),
      }));
      schedule('refresh');
    },
    problem(id, { message }) {
      problems.set(id, message);
      schedule('refresh');
    },
    samples: nothing,
    notices: nothing,
    log: nothing,
    histograms: nothing,
    live: nothing,
  };
  rebuild();
  return {
    element: h(
      'div',
      { class: 'page compare' },
      h('header', {}, h('div', { class: 'title' }, title), facts),
      alerts,
      h('main', {}, place),
    ),
    themeChanged() {
      drawn?.board.themeChanged();
      showTable();
    },
    tick: nothing,
    dispose: () => drawn?.board.dispose(),
    receive: <T extends RunMessage['type']>({ id, message }: Of) => {
      if (order.some((run) => run.id === id))
        (receivers[message.type as T] as (id: string, message: RunMessage) => void)(id, message);
    },
  };
}

/** With the name of the experiment, where all that have come are of one. */
function titleOf(order: readonly ComparedRun[], runs: readonly LoadedRun[]): string {
  const [name, another] = new Set(runs.map(({ state }) => state.name));
  const number = count(order.length);
  return name === undefined || another !== undefined
    ? t('Comparison of {0} runs', number)
    : t('{0}: comparison of {1} runs', name, number);
}
