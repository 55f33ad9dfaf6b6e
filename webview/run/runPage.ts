// The page of one run: built from its state, changed by each message that follows.
import type { FromPage, MonitorState, RunMessage } from '../../src/protocol/monitor';
import { type Board, createBoard } from '../charts/board';
import { planCharts, runSource } from './runCharts';
import { createTools } from '../charts/chartTools';
import { h, keepingFocus } from '../ui/dom';
import { count } from '../format';
import type { Host } from '../vscodeApi';
import { t } from '../l10n';
import { type Memory, readMemory, type Tools } from '../viewState';
import { createAnnouncer } from './announcer';
import { createByHand } from './manualStepping';
import { createFigures, figuresOf } from './statCards';
import { createHead } from './header';
import { createHistograms } from './histograms';
import type { Page } from '../page';
import { createLog } from './log';
import { createNotes } from './notices';
import { createSettings } from './settings';
import { createSamples } from './sampleViewer';
import { createCurve } from '../curve/curve';
import { secondsPerStep } from './stepRate';
import { isWorking, situationOf } from './displayState';

export type RunChange = Exclude<RunMessage, { type: 'state' | 'problem' }>;

export function createRunPage(state: MonitorState, host: Host): Page<RunChange> {
  let memory = readMemory(host.recall(), state.id);
  const remember = (change: Partial<Memory>) => {
    memory = { ...memory, ...change };
    host.remember(memory);
  };
  remember({});

  const post = (message: FromPage) => host.post(message);
  const curve = createCurve(state.columns);
  curve.append(state.rows);
  let { status, liveness, notes: happened } = state;
  const every = Number(state.settings.find(({ key }) => key === 'samples.every')?.value);
  const announcer = createAnnouncer();
  const head = createHead(state, post, (median) => secondsPerStep(curve.step, curve.wallTime, median));
  const figures = createFigures();
  const histograms = createHistograms(memory.sampleStep, memory.histogramsOpen, (histogramsOpen) =>
    remember({ histogramsOpen }),
  );
  const lookAt = (change: Partial<Memory>) => {
    remember(change);
    histograms.at(memory.sampleStep);
  };
  const samples = createSamples(memory, lookAt, post, announcer.say);
  const byHand = createByHand(state.columns, post, samples.followLive, announcer.say);
  head.element.append(byHand.element);
  const notes = createNotes((step) => board.pointAt(step));
  const settings = createSettings(state.settings, memory.settingsOpen, (settingsOpen) => remember({ settingsOpen }));
  const over = () => !isWorking(situationOf({ status, liveness }));
  const log = createLog(memory.logOpen, (logOpen) => remember({ logOpen }));

  const newBoard = (): Board => {
    const source = runSource(curve, memory.window);
    const made = createBoard(
      planCharts(state, memory.window),
      source,
      memory,
      remember,
      createTools(memory, retool, () => post({ type: 'saveCsv' })),
    );
    made.mark(happened.filter(({ step }) => step > 0));
    return made;
  };
  // Other smoothing is other lines: the charts are built anew, with the same zoom.
  const retool = (change: Partial<Tools>) => {
    remember(change);
    const old = board;
    board = newBoard();
    keepingFocus(() => old.element.replaceWith(board.element));
    old.dispose();
    sayWhyEmpty();
  };
  let board = newBoard();

  const sayWhyEmpty = () =>
    board.say(over() ? t('It ended before its first step.') : t('The curve begins with the first step.'));
  // The curve is written at every step, the status twice a second.
  const now = () => ({
    status: status && { ...status, step: Math.max(status.step, curve.step.at(-1) ?? 0) },
    liveness,
  });
  const showFigures = () => {
    const shown = figuresOf(state, curve, now());
    head.show(now());
    byHand.show(now());
    figures.show(shown);
    announcer.progress(now(), shown.length === 0 ? '' : `${shown[0].label} ${shown[0].value}.`);
  };
  const showStatus = () => {
    const neverBegan = over() && curve.length === 0;
    // What there is to know of it stands in its log.
    if (neverBegan && !element.classList.contains('unbegun')) log.unfold();
    element.classList.toggle('unbegun', neverBegan);
    sayWhyEmpty();
    samples.say(
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
    announcer.notes(happened);
    board.mark(happened.filter(({ step }) => step > 0));
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
      board.grown();
      showFigures();
    },
    status(change) {
      ({ status, liveness } = change);
      showStatus();
    },
    samples: samples.show,
    notes(change) {
      happened = change.notes;
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
