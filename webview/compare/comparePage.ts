// The page of a comparison: the curves of several runs over each other, their last values and the settings that differ.
import type { ComparedRun, RunMessage, ToPage } from '../../src/protocol/monitor';
import { type Board, createBoard } from '../charts/board';
import { createTools } from '../charts/chartTools';
import { type Compared, groupsOf, type Group } from './groups';
import { columnsOf, planComparison, type CompareSource, compareSource } from './compareCharts';
import { h, icon, keepingFocus, setText } from '../ui/dom';
import { select } from '../ui/widgets';
import { count } from '../format';
import type { Host } from '../vscodeApi';
import { icons } from '../ui/icons';
import { t } from '../l10n';
import { type Band, type CompareMemory, readCompareMemory } from '../viewState';
import { createCompareTable } from './comparisonTable';
import { createCurve } from '../curve/curve';
import { isWorking, situationOf } from '../run/displayState';
import type { Page } from '../page';

type Of = Extract<ToPage, { type: 'of' }>;

const bandNames: { readonly [B in Band]: string } = {
  range: t('Seeds: min to max'),
  quartiles: t('Seeds: middle half'),
  runs: t('Seeds: each run'),
};
const tails: { readonly [B in Band]: number } = { range: 0, quartiles: 0.25, runs: 0 };

export function createComparePage(order: readonly ComparedRun[], host: Host): Page<Of> {
  let memory = readCompareMemory(
    host.recall(),
    order.map(({ id }) => id),
  );
  const remember = (change: Partial<CompareMemory>) => {
    memory = { ...memory, ...change };
    host.remember(memory);
  };
  remember({});
  const runs = new Map<string, Compared>();
  const problems = new Map<string, string>();
  let groups: readonly Group[] = [];
  let drawn: { readonly board: Board; readonly source: CompareSource } | null = null;

  const title = h('h1', {}, titleOf(order, []));
  const facts = h('p', { class: 'facts', role: 'status' });
  const alerts = h('div', { class: 'alerts' });
  const place = h('div', { class: 'charts' });
  const table = createCompareTable(
    (allSettings) => {
      remember({ allSettings });
      keepingFocus(showTable);
    },
    (id) => host.post({ type: 'openRun', id }),
  );
  const showTable = () => table.show(groups, memory.allSettings);

  const tools = () => {
    const several = groupsOf([...runs.values()], order, false).some(({ members }) => members.length > 1);
    const columns = columnsOf(groups).map(({ name, label }) => [name, label] as const);
    const band = Object.entries(bandNames) as [Band, string][];
    return [
      ...(columns.length > 1 ? [select(t('Curve'), columns, memory.column, (column) => rebuild({ column }))] : []),
      ...(several
        ? [select(t('Runs of several seeds'), band, memory.band, (chosen) => rebuild({ band: chosen }))]
        : []),
      ...createTools(memory, rebuild, () => host.post({ type: 'saveCsv' })),
    ];
  };
  const rebuild = (change: Partial<CompareMemory> = {}) => {
    remember(change);
    groups = groupsOf([...runs.values()], order, memory.band === 'runs');
    const source = compareSource(groups, memory.window, tails[memory.band]);
    const plans = planComparison(groups, memory.column, memory.window);
    const board = createBoard(plans, source, memory, remember, tools());
    board.say(runs.size === 0 ? t('Reading the runs.') : t('The curves begin with the first steps of the runs.'));
    keepingFocus(() => {
      place.replaceChildren(board.element, table.element);
      showTable();
    });
    drawn?.board.dispose();
    drawn = { board, source };
    showFacts();
  };
  const showFacts = () => {
    setText(title, titleOf(order, [...runs.values()]));
    const working = [...runs.values()].filter((run) => isWorking(situationOf(run))).length;
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
    drawn?.source.changed();
    drawn?.board.grown();
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
    notes: nothing,
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
function titleOf(order: readonly ComparedRun[], runs: readonly Compared[]): string {
  const [name, another] = new Set(runs.map(({ state }) => state.name));
  const number = count(order.length);
  return name === undefined || another !== undefined
    ? t('Comparison of {0} runs', number)
    : t('{0}: comparison of {1} runs', name, number);
}
