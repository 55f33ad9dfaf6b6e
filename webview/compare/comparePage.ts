// The comparison page: the curves of several runs in common charts, their last values and the settings that differ.
import type { ComparedRun, MonitorSample, RunMessage, ToPage } from '../../src/protocol/monitor';
import { type Board, createBoard } from '../charts/board';
import { createChartTools } from '../charts/chartTools';
import { calibrated } from './calibration';
import { groupRuns, type RunGroup } from './groups';
import { type LoadedRun } from './loadedRun';
import {
  columnsOfGroups,
  comparedLabel,
  incomparableMetrics,
  mainColumn,
  planCompareCharts,
  type CompareSource,
  compareSource,
} from './compareCharts';
import { createDeletedNote } from '../ui/deletedNote';
import { h, icon, keepFocus, setText } from '../ui/dom';
import { lineStyleOf } from '../ui/palette';
import { createSelect } from '../ui/widgets';
import { formatCount } from '../format';
import type { VsCodeApi } from '../vscodeApi';
import { icons } from '../ui/icons';
import { t } from '../l10n';
import { type BandMode, type CompareViewState, restoreCompareViewState } from '../viewState';
import { createComparisonTable } from './comparisonTable';
import { createSampleComparison } from './sampleComparison';
import { createCurve, type Curve } from '../curve/curve';
import { isActive, displayStateOf } from '../run/displayState';
import type { Page } from '../page';

type ComparedRunMessage = Extract<ToPage, { type: 'of' }>;

/** Small charts of one column have legends for as many; the page would get too long with more. */
const fewGroups = 3;

const bandNames: { readonly [B in BandMode]: string } = {
  range: t('Seeds: min to max'),
  quartiles: t('Seeds: interquartile range'),
  runs: t('Seeds: individual runs'),
};
const bandTails: { readonly [B in BandMode]: number } = { range: 0, quartiles: 0.25, runs: 0 };

export function createComparePage(compared: readonly ComparedRun[], vscode: VsCodeApi): Page<ComparedRunMessage> {
  /** Those that have not been deleted. */
  let order = compared;
  let viewState = restoreCompareViewState(
    vscode.getState(),
    compared.map(({ id }) => id),
  );
  const saveViewState = (change: Partial<CompareViewState>) => {
    viewState = { ...viewState, ...change };
    vscode.setState(viewState);
  };
  saveViewState({});
  const runs = new Map<string, LoadedRun>();
  /** Long curves until all of their rows are there. */
  const arriving = new Map<string, Curve>();
  const samples = new Map<string, readonly MonitorSample[]>();
  const problems = new Map<string, string>();
  /** The names of deleted runs. */
  const deleted = new Map<string, string>();
  let groups: readonly RunGroup[] = [];
  let current: { readonly board: Board; readonly source: CompareSource } | null = null;

  const title = h('h1', {}, titleOf(order, []));
  const facts = h('p', { class: 'facts', role: 'status' });
  const alerts = h('div', { class: 'alerts' });
  const chartsElement = h('div', { class: 'charts' });
  const reading = h('div', { class: 'loading', role: 'progressbar', 'aria-label': t('Reading the runs.') });
  const openRun = (id: string) => vscode.postMessage({ type: 'openRun', id });
  const sampleComparison = createSampleComparison(
    viewState.sampleStep,
    (sampleStep) => saveViewState({ sampleStep }),
    openRun,
  );
  /** The line style of the group that a run is drawn in. */
  const drawnAs = (id: string) => {
    const { hue, dash } = groups.find(({ members }) => members.some((member) => member.id === id)) ?? lineStyleOf(0);
    return { hue, dash };
  };
  const showSamples = () =>
    sampleComparison.show(
      groupRuns([...runs.values()], order, true).map((group) => ({
        group: { ...group, ...drawnAs(group.id) },
        samples: samples.get(group.members[0].id) ?? [],
      })),
    );
  const table = createComparisonTable({
    showAll(allSettings) {
      saveViewState({ allSettings });
      keepFocus(showTable);
    },
    openRun,
    calibrate({ members }, factor) {
      rebuild({ factors: { ...viewState.factors, ...Object.fromEntries(members.map(({ id }) => [id, factor])) } });
    },
  });
  const showTable = () => table.show(groups, viewState);

  const tools = () => {
    const hasSeeds = groupRuns([...runs.values()], order, false).some(({ members }) => members.length > 1);
    const columns = columnsOfGroups(groups).map((column) => [column.id, comparedLabel(column, groups)] as const);
    const band = Object.entries(bandNames) as [BandMode, string][];
    return [
      ...(columns.length > 1
        ? [
            createSelect(t('Curve'), columns, mainColumn(groups, viewState.column)?.id ?? '', (column) =>
              rebuild({ column }),
            ),
          ]
        : []),
      ...(hasSeeds
        ? [createSelect(t('Runs with multiple seeds'), band, viewState.band, (chosen) => rebuild({ band: chosen }))]
        : []),
      ...createChartTools(viewState, rebuild, () => vscode.postMessage({ type: 'saveCsv' })),
    ];
  };
  const rebuild = (change: Partial<CompareViewState> = {}) => {
    saveViewState(change);
    groups = groupRuns([...runs.values()], order, viewState.band === 'runs').map((group) =>
      calibrated(group, viewState.factors),
    );
    const source = compareSource(groups, viewState.window, bandTails[viewState.band], viewState.axis);
    const plans = planCompareCharts(groups, viewState.column, viewState.window);
    const board = createBoard(plans, source, viewState, saveViewState, tools());
    board.showPlaceholder(t('Curves appear after the first step.'));
    chartsElement.classList.toggle('few', groups.length <= fewGroups);
    keepFocus(() => {
      chartsElement.replaceChildren(sampleComparison.element, board.element, table.element);
      showTable();
      showSamples();
    });
    current?.board.dispose();
    current = { board, source };
    showFacts();
  };
  const showFacts = () => {
    setText(title, titleOf(order, [...runs.values()]));
    const states = [...runs.values()].map(displayStateOf).filter(isActive);
    const paused = states.filter((state) => state === 'paused').length;
    const training = states.length - paused;
    const loading = order.filter(({ id }) => !runs.has(id) && !problems.has(id)).length;
    reading.hidden = loading === 0;
    // Nothing moves when the first run has been read.
    chartsElement.hidden = order.length === 0 || (loading > 0 && runs.size === 0);
    const parts = [
      loading > 0 ? t('Reading {0} of {1}', formatCount(loading), formatCount(order.length)) : '',
      training > 0 ? t('{0} still training', formatCount(training)) : '',
      paused > 0 ? t('{0} paused', formatCount(paused)) : '',
      loading > 0 || states.length > 0 || order.length === 0 ? '' : t('All runs have ended'),
    ];
    setText(facts, parts.filter((part) => part !== '').join(' · '));
    alerts.replaceChildren(
      ...[...deleted.values()].map((name) => createDeletedNote('run', name)),
      ...[...problems].map(([, message]) =>
        h('div', { class: 'problem', role: 'alert' }, icon(icons.error), h('p', {}, message)),
      ),
      ...incomparableMetrics(groups).map((text) => h('p', { class: 'muted', role: 'note' }, text)),
    );
  };

  // Messages of many runs arrive at once; the page is updated at most once per frame.
  let pending: 'rebuild' | 'refresh' | null = null;
  const schedule = (what: 'rebuild' | 'refresh') => {
    if (pending === null) requestAnimationFrame(update);
    pending = pending === 'rebuild' ? pending : what;
  };
  const update = () => {
    const all = pending === 'rebuild';
    pending = null;
    if (all) return rebuild();
    current?.source.invalidate();
    current?.board.curvesChanged();
    showTable();
    showFacts();
    showSamples();
  };

  const ignore = () => {};
  const receivers: {
    readonly [T in RunMessage['type']]: (id: string, message: Extract<RunMessage, { type: T }>) => void;
  } = {
    state(id, { state }) {
      const curve = createCurve(state.columns);
      curve.append(state.rows);
      problems.delete(id);
      deleted.delete(id);
      order = compared.filter((run) => !deleted.has(run.id));
      arriving.delete(id);
      samples.set(id, state.samples);
      runs.set(id, { id, state, curve, status: state.status, liveness: state.liveness });
      schedule('rebuild');
    },
    rows(id, { rows }) {
      runs.get(id)?.curve.append(rows);
      schedule('refresh');
    },
    curve(id, { rows, total }) {
      const run = runs.get(id);
      if (run === undefined) return;
      const whole = arriving.get(id) ?? createCurve(run.state.columns);
      whole.append(rows);
      arriving.set(id, whole);
      if (whole.length < total) return;
      arriving.delete(id);
      runs.set(id, { ...run, curve: whole });
      schedule('rebuild');
    },
    values(id, { rows }) {
      runs.get(id)?.curve.fill(rows);
      schedule('refresh');
    },
    status(id, { status, liveness }) {
      const run = runs.get(id);
      if (run === undefined) return;
      runs.set(id, { ...run, status, liveness });
      groups = groups.map((group) => ({
        ...group,
        members: group.members.map((member) => (member.id === id ? { ...member, status, liveness } : member)),
      }));
      schedule('refresh');
    },
    deleted(id, { name }) {
      deleted.set(id, name);
      order = compared.filter((run) => !deleted.has(run.id));
      for (const known of [runs, problems, arriving, samples]) known.delete(id);
      schedule('rebuild');
    },
    problem(id, { message }) {
      if (message === null) problems.delete(id);
      else problems.set(id, message);
      schedule('refresh');
    },
    samples(id, change) {
      samples.set(id, [...(samples.get(id) ?? []).slice(0, change.from), ...change.samples]);
      schedule('refresh');
    },
    notices: ignore,
    log: ignore,
    histograms: ignore,
    live: ignore,
    answered: ignore,
    explored: ignore,
  };
  rebuild();
  return {
    element: h(
      'div',
      { class: 'page compare' },
      h('header', {}, h('div', { class: 'title' }, title), facts),
      alerts,
      h('main', {}, reading, chartsElement),
    ),
    themeChanged() {
      current?.board.themeChanged();
      showTable();
      showSamples();
    },
    tick: ignore,
    dispose: () => current?.board.dispose(),
    receive: <T extends RunMessage['type']>({ id, message }: ComparedRunMessage) => {
      if (compared.some((run) => run.id === id))
        (receivers[message.type as T] as (id: string, message: RunMessage) => void)(id, message);
    },
  };
}

/** The title, with the experiment's name if all loaded runs share it. */
function titleOf(order: readonly ComparedRun[], runs: readonly LoadedRun[]): string {
  const [name, another] = new Set(runs.map(({ state }) => state.name));
  if (order.length < 2) return name ?? t('Comparison');
  const number = formatCount(order.length);
  return name === undefined || another !== undefined
    ? t('Comparison of {0} runs', number)
    : t('{0}: comparison of {1} runs', name, number);
}
