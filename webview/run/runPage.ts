// The page of one run: built from its state, changed by each message that follows.
import type { FromPage, MonitorState, RunMessage } from '../../src/protocol/monitor';
import { type Board, createBoard } from '../charts/board';
import { planRunCharts, runSource } from './runCharts';
import { createChartTools } from '../charts/chartTools';
import { h, keepFocus } from '../ui/dom';
import { count } from '../format';
import type { VsCodeApi } from '../vscodeApi';
import { t } from '../l10n';
import { type RunViewState, restoreRunViewState, type ChartSettings } from '../viewState';
import { createAnnouncer } from './announcer';
import { createManualStepping } from './manualStepping';
import { createStatCards, statsOf } from './statCards';
import { createHeader } from './header';
import { createHistograms } from './histograms';
import type { Page } from '../page';
import { createLogView } from './log';
import { createNoticeList } from './notices';
import { createSettingsTable } from './settings';
import { createSampleViewer } from './sampleViewer';
import { createCurve } from '../curve/curve';
import { secondsPerStep } from './stepRate';
import { isActive, displayStateOf } from './displayState';

export type RunChange = Exclude<RunMessage, { type: 'state' | 'problem' }>;

export function createRunPage(state: MonitorState, host: VsCodeApi): Page<RunChange> {
  let memory = restoreRunViewState(host.getState(), state.id);
  const remember = (change: Partial<RunViewState>) => {
    memory = { ...memory, ...change };
    host.setState(memory);
  };
  remember({});

  const post = (message: FromPage) => host.postMessage(message);
  const curve = createCurve(state.columns);
  curve.append(state.rows);
  let { status, liveness, notices: happened } = state;
  const every = Number(state.settings.find(({ key }) => key === 'samples.every')?.value);
  const announcer = createAnnouncer();
  const head = createHeader(state, post, (median) => secondsPerStep(curve.step, curve.wallTime, median));
  const figures = createStatCards();
  const histograms = createHistograms(memory.sampleStep, memory.histogramsOpen, (histogramsOpen) =>
    remember({ histogramsOpen }),
  );
  const lookAt = (change: Partial<RunViewState>) => {
    remember(change);
    histograms.at(memory.sampleStep);
  };
  const samples = createSampleViewer(memory, lookAt, post, announcer.announce);
  const byHand = createManualStepping(state.columns, post, samples.followLive, announcer.announce);
  head.element.append(byHand.element);
  const notes = createNoticeList((step) => board.moveCursorTo(step));
  const settings = createSettingsTable(state.settings, memory.settingsOpen, (settingsOpen) =>
    remember({ settingsOpen }),
  );
  const over = () => !isActive(displayStateOf({ status, liveness }));
  const log = createLogView(memory.logOpen, (logOpen) => remember({ logOpen }));

  const newBoard = (): Board => {
    const source = runSource(curve, memory.window);
    const made = createBoard(
      planRunCharts(state, memory.window),
      source,
      memory,
      remember,
      createChartTools(memory, retool, () => post({ type: 'saveCsv' })),
    );
    made.setMarks(happened.filter(({ step }) => step > 0));
    return made;
  };
  // Other smoothing is other lines: the charts are built anew, with the same zoom.
  const retool = (change: Partial<ChartSettings>) => {
    remember(change);
    const old = board;
    board = newBoard();
    keepFocus(() => old.element.replaceWith(board.element));
    old.dispose();
    sayWhyEmpty();
  };
  let board = newBoard();

  const sayWhyEmpty = () =>
    board.showPlaceholder(over() ? t('It ended before its first step.') : t('The curve begins with the first step.'));
  // The curve is written at every step, the status twice a second.
  const now = () => ({
    status: status && { ...status, step: Math.max(status.step, curve.step.at(-1) ?? 0) },
    liveness,
  });
  const showFigures = () => {
    const shown = statsOf(state, curve, now());
    head.show(now());
    byHand.show(now());
    figures.show(shown);
    announcer.announceProgress(now(), shown.length === 0 ? '' : `${shown[0].label} ${shown[0].value}.`);
  };
  const showStatus = () => {
    const neverBegan = over() && curve.length === 0;
    // What there is to know of it stands in its log.
    if (neverBegan && !element.classList.contains('unbegun')) log.expand();
    element.classList.toggle('unbegun', neverBegan);
    sayWhyEmpty();
    samples.showPlaceholder(
      over()
        ? t('No samples were drawn.')
        : every > 0
          ? t('The first samples come at step {0}.', count(every))
          : t('No samples yet.'),
    );
    showFigures();
  };
  const showNotes = () => {
    notes.show(happened);
    announcer.announceNotices(happened);
    board.setMarks(happened.filter(({ step }) => step > 0));
  };
  const charts = h('div', { class: 'charts' }, figures.element, board.element);
  const side = h('div', { class: 'side' }, samples.element, notes.element, histograms.element, settings, log.element);
  const element = h('div', { class: 'page' }, head.element, h('main', {}, charts, side), announcer.element);
  samples.show(state);
  histograms.show(0, state.histograms);
  log.show(state.log);
  showNotes();
  showStatus();
  const receivers: { readonly [T in RunChange['type']]: (change: Extract<RunChange, { type: T }>) => void } = {
    rows(change) {
      curve.append(change.rows);
      board.curvesChanged();
      showFigures();
    },
    status(change) {
      ({ status, liveness } = change);
      showStatus();
    },
    samples: samples.show,
    notices(change) {
      happened = change.notices;
      showNotes();
    },
    histograms: ({ from, histograms: list }) => histograms.show(from, list),
    log: (change) => log.show(change.log),
    live({ live }) {
      byHand.live(live);
      samples.live(live);
    },
  };
  return {
    element,
    themeChanged: () => board.themeChanged(),
    tick: head.tick,
    dispose: () => board.dispose(),
    receive: <T extends RunChange['type']>(change: Extract<RunChange, { type: T }>) =>
      (receivers[change.type as T] as (change: Extract<RunChange, { type: T }>) => void)(change),
  };
}
