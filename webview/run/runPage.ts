// The page of one run: built from its state and updated by each message.
import type { ManualStep } from '../../src/protocol/control';
import type { FromPage, MonitorState, MonitorStatus, RequestKind, RunMessage } from '../../src/protocol/monitor';
import { type Board, createBoard } from '../charts/board';
import { planRunCharts, runSource } from './runCharts';
import { createChartTools } from '../charts/chartTools';
import { h, keepFocus, setText } from '../ui/dom';
import { formatCount } from '../format';
import type { VsCodeApi } from '../vscodeApi';
import { t } from '../l10n';
import { type RunViewState, restoreRunViewState, type ChartViewState } from '../viewState';
import { createAnnouncer } from './announcer';
import { createManualStepping } from './manualStepping';
import { createStatCards, statsOf } from './statCards';
import { createHeader } from './header';
import { createHistograms } from './histograms';
import { createLatentExplorer } from './latentExplorer';
import type { Page } from '../page';
import { createLogView } from './log';
import { createNoticeList } from './notices';
import { createSettingsTable } from './settings';
import { createPlotLegend } from './plotLegend';
import { arePlots } from './sampleImage';
import { createSampleViewer } from './sampleViewer';
import { createCurve, type Curve } from '../curve/curve';
import { windowFor } from '../curve/smoothing';
import { secondsPerStep } from './stepRate';
import { explanationOf, measuredOf } from './explanation';
import { trendOf } from './trend';
import { isActive, displayStateOf } from './displayState';
import { createNextSteps, nextStepsOf } from './nextSteps';

export type RunChange = Exclude<RunMessage, { type: 'state' | 'problem' | 'deleted' }>;

const isManual = (request: RequestKind): request is ManualStep | 'slow-motion' =>
  ['critic-step', 'generator-step', 'step', 'slow-motion'].includes(request);

export interface RunPage extends Page<RunChange> {
  /**
   * Replaces everything that the page shows by the state of another attempt. Returns false, and changes nothing, if its
   * charts or settings are others, which need another page.
   */
  replace(next: MonitorState): boolean;
}

/** What the elements of the page are made from; a resumed run may have another number of steps. */
const layoutOf = ({ id, name, parent, estimate, columns, settings }: MonitorState): string =>
  JSON.stringify([id, name, parent, estimate, columns, settings.filter(({ key }) => key !== 'steps')]);

export function createRunPage(first: MonitorState, vscode: VsCodeApi): RunPage {
  let state = first;
  let viewState = restoreRunViewState(vscode.getState(), state.id);
  const saveViewState = (change: Partial<RunViewState>) => {
    viewState = { ...viewState, ...change };
    vscode.setState(viewState);
  };
  saveViewState({});

  const post = (message: FromPage) => vscode.postMessage(message);
  let curve = createCurve(state.columns);
  curve.append(state.rows);
  /** A long curve until all of its rows are there. */
  let whole: Curve | null = null;
  let { notices } = state;
  let shown: MonitorStatus = state;
  const samplesEvery = Number(state.settings.find(({ key }) => key === 'samples.every')?.value);
  const announcer = createAnnouncer();
  const header = createHeader(state, post, (median) => secondsPerStep(curve.step, curve.wallTime, median));
  const nextSteps = createNextSteps(post);
  const statCards = createStatCards();
  const explanation = h('p', { class: 'explanation', hidden: true });
  const histograms = createHistograms(viewState.sampleStep, viewState.histogramsOpen, (histogramsOpen) =>
    saveViewState({ histogramsOpen }),
  );
  const changeSampleView = (change: Partial<RunViewState>) => {
    saveViewState(change);
    histograms.showStep(viewState.sampleStep);
  };
  const legend = arePlots(state.settings) ? createPlotLegend(state.settings) : null;
  const samples = createSampleViewer(viewState, changeSampleView, post, announcer.announce, legend);
  samples.element.classList.toggle('plots', legend !== null);
  const manualStepping = createManualStepping(state.columns, post, samples.followLive, announcer.announce);
  const noticeList = createNoticeList((step) => board.moveCursorTo(step));
  const newSettings = () =>
    createSettingsTable(state.settings, viewState.settingsOpen, (settingsOpen) => saveViewState({ settingsOpen }));
  let settings = newSettings();
  const latents = createLatentExplorer(state.settings, post, announcer.announce);
  const hasEnded = () => !isActive(displayStateOf(shown));
  const log = createLogView(viewState.logOpen, (logOpen) => saveViewState({ logOpen }));

  const newBoard = (): Board => {
    const source = runSource(() => curve, viewState.window, viewState.axis);
    const created = createBoard(
      planRunCharts(state, viewState.window),
      source,
      viewState,
      saveViewState,
      createChartTools(viewState, changeChartSettings, () => post({ type: 'saveCsv' })),
    );
    created.setMarks(notices.filter(({ step }) => step > 0));
    return created;
  };
  // Smoothing changes the lines, so the charts are rebuilt with the same zoom.
  const changeChartSettings = (change: Partial<ChartViewState>) => {
    saveViewState(change);
    const old = board;
    board = newBoard();
    keepFocus(() => old.element.replaceWith(board.element));
    old.dispose();
    showPlaceholder();
    showProgress();
  };
  let board = newBoard();

  const showPlaceholder = () =>
    board.showPlaceholder(
      hasEnded() ? t('The run ended before its first step.') : t('Curves appear after the first step.'),
    );
  // The curve is written at every step, the status twice per second.
  const currentStatus = (): MonitorStatus => {
    const { status, liveness, hasPrevious, givenName } = shown;
    const step = Math.max(status?.step ?? 0, curve.step.at(-1) ?? 0);
    return { status: status && { ...status, step }, liveness, hasPrevious, givenName };
  };
  const showProgress = () => {
    const stats = statsOf(state, curve, currentStatus(), viewState.window);
    header.show(currentStatus());
    nextSteps.show(currentStatus());
    manualStepping.show(currentStatus());
    statCards.show(stats);
    explanation.hidden = curve.length === 0;
    if (curve.length > 0) {
      const trend = trendOf(curve.step, curve.raw('estimate'));
      const offersMore = nextStepsOf(currentStatus()).includes('trainLonger');
      setText(explanation, explanationOf(trend, { ended: hasEnded(), offersMore }, measuredOf(curve, trend)));
    }
    announcer.announceProgress(currentStatus(), stats.length === 0 ? '' : `${stats[0].label} ${stats[0].value}.`);
  };
  const showStatus = () => {
    const neverStarted = hasEnded() && curve.length === 0;
    // The log has the reason.
    if (neverStarted && !element.classList.contains('never-started')) log.expand();
    element.classList.toggle('never-started', neverStarted);
    showPlaceholder();
    samples.showPlaceholder(
      hasEnded()
        ? t('No samples were generated.')
        : samplesEvery > 0
          ? t('The first samples appear at step {0}.', formatCount(samplesEvery))
          : t('No samples yet.'),
    );
    showProgress();
  };
  const showNotices = () => {
    noticeList.show(notices);
    announcer.announceNotices(notices);
    board.setMarks(notices.filter(({ step }) => step > 0));
  };
  const charts = h('div', { class: 'charts' }, statCards.element, explanation, board.element);
  const side = h(
    'div',
    { class: 'side' },
    samples.element,
    noticeList.element,
    latents.element,
    histograms.element,
    settings,
    log.element,
  );
  const element = h(
    'div',
    { class: 'page run' },
    header.element,
    manualStepping.element,
    nextSteps.element,
    h('main', {}, charts, side),
    announcer.element,
  );
  const showAll = () => {
    samples.show(0, state);
    histograms.show(0, state.histograms);
    log.show(state.log);
    showNotices();
    showStatus();
  };
  showAll();
  const receivers: { readonly [T in RunChange['type']]: (change: Extract<RunChange, { type: T }>) => void } = {
    rows(change) {
      curve.append(change.rows);
      board.curvesChanged();
      showProgress();
    },
    curve({ rows, total }) {
      whole ??= createCurve(state.columns);
      whole.append(rows);
      // Smoothed part by part, so that the page does not stop at the last one.
      const lines = planRunCharts(state, viewState.window).flatMap((chart) => chart.lines);
      for (const { column, smooth } of lines) if (smooth) whole.smooth(column, windowFor(total, viewState.window));
      if (whole.length < total) return;
      curve = whole;
      whole = null;
      board.curvesChanged();
      showProgress();
    },
    values(change) {
      curve.fill(change.rows);
      board.curvesChanged();
      showProgress();
    },
    status(change) {
      shown = change;
      showStatus();
    },
    samples: ({ from, ...list }) => samples.show(from, list),
    notices(change) {
      notices = change.notices;
      showNotices();
    },
    histograms: ({ from, histograms: list }) => histograms.show(from, list),
    log: (change) => log.show(change.log),
    answered({ request, id }) {
      if (isManual(request)) {
        if (id === null) manualStepping.refused();
      } else header.answered(request, id);
    },
    explored: ({ answer }) => latents.show(answer),
    live({ live }) {
      manualStepping.live(live);
      samples.live(live);
    },
  };
  return {
    element,
    replace(next) {
      if (layoutOf(next) !== layoutOf(state)) return false;
      const before = state;
      state = next;
      ({ notices } = state);
      shown = state;
      whole = null;
      curve = createCurve(state.columns);
      curve.append(state.rows);
      if (JSON.stringify(before.settings) !== JSON.stringify(state.settings)) {
        const old = settings;
        settings = newSettings();
        keepFocus(() => old.replaceWith(settings));
      }
      board.curvesChanged();
      // The feed sends the live preview again after the state.
      manualStepping.live(null);
      samples.live(null);
      showAll();
      return true;
    },
    themeChanged: () => board.themeChanged(),
    tick: header.tick,
    dispose: () => board.dispose(),
    receive: <T extends RunChange['type']>(change: Extract<RunChange, { type: T }>) =>
      (receivers[change.type as T] as (change: Extract<RunChange, { type: T }>) => void)(change),
  };
}
