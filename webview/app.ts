// The page as a whole: built from the run's state, changed by each message that follows.
import type { MonitorState, ToPage } from '../src/protocol/monitor';
import { type Board, createBoard } from './charts/board';
import { planCharts } from './charts/plan';
import { h, icon } from './dom';
import { count } from './format';
import type { Host } from './host';
import { icons } from './icons';
import { type Memory, readMemory } from './memory';
import { createFigures } from './parts/figures';
import { createHead } from './parts/head';
import { createNotes, createSettings } from './parts/lists';
import { createSamples } from './parts/samples';
import { createCurve } from './run/curve';
import { figuresOf } from './run/figures';
import { secondsPerStep } from './run/pace';
import { isWorking, situationOf } from './run/situation';

export interface App {
  receive(message: ToPage): void;
  themeChanged(): void;
}

export function createApp(root: HTMLElement, host: Host): App {
  let page: Page | null = null;
  const problem = h('div', { class: 'problem', role: 'alert', hidden: true });
  const content = h('div', { class: 'content' }, h('p', { class: 'opening', role: 'status' }, 'Opening the run'));
  root.replaceChildren(problem, content);

  const show = (state: MonitorState) => {
    problem.hidden = true;
    const focus = page === null ? null : focusPath();
    page?.dispose();
    page = createPage(state, host);
    content.replaceChildren(page.element);
    if (focus !== null) (root.querySelector(focus) as HTMLElement | null)?.focus();
  };
  const handlers: { readonly [T in ToPage['type']]: (message: Extract<ToPage, { type: T }>) => void } = {
    state: ({ state }) => show(state),
    rows: (message) => page?.receive(message),
    status: (message) => page?.receive(message),
    samples: (message) => page?.receive(message),
    notes: (message) => page?.receive(message),
    problem({ message }) {
      problem.replaceChildren(icon(icons.error), h('p', {}, message));
      problem.hidden = false;
      if (page === null) content.replaceChildren();
    },
  };
  setInterval(() => page?.tick(), 1000);
  return {
    receive: <T extends ToPage['type']>(message: Extract<ToPage, { type: T }>) =>
      (handlers[message.type as T] as (message: Extract<ToPage, { type: T }>) => void)(message),
    themeChanged: () => page?.board.themeChanged(),
  };
}

type Change = Exclude<ToPage, { type: 'state' | 'problem' }>;

interface Page {
  readonly element: HTMLElement;
  readonly board: Board;
  receive(change: Change): void;
  tick(): void;
  dispose(): void;
}

function createPage(state: MonitorState, host: Host): Page {
  let memory = readMemory(host.recall(), state.id);
  const remember = (change: Partial<Memory>) => {
    memory = { ...memory, ...change };
    host.remember(memory);
  };
  remember({});

  const curve = createCurve(state.columns);
  curve.append(state.rows);
  let { status, liveness } = state;
  const every = Number(new Map(state.settings).get('samples.every'));
  const head = createHead(state, host.post, (median) => secondsPerStep(curve.step, curve.wallTime, median));
  const figures = createFigures();
  const board = createBoard(planCharts(state), curve, memory, remember);
  const samples = createSamples(
    memory.sampleStep,
    (sampleStep) => remember({ sampleStep }),
    (step) => host.post({ type: 'openSample', step }),
  );
  const notes = createNotes();
  const settings = createSettings(state.settings, memory.settingsOpen, (settingsOpen) => remember({ settingsOpen }));
  const showFigures = () => figures.show(figuresOf(state, curve, { status, liveness }));

  const showStatus = () => {
    head.show({ status, liveness });
    const over = !isWorking(situationOf({ status, liveness }));
    board.say(over ? 'It ended before its first step.' : 'The curve begins with the first step.');
    samples.say(over ? 'No samples were drawn.' : every > 0 ? `The first samples come at step ${count(every)}.` : 'No samples yet.'); // prettier-ignore
    showFigures();
  };
  samples.show(state.samples);
  notes.show(state.notes);
  showStatus();
  const receivers: { readonly [T in Change['type']]: (change: Extract<Change, { type: T }>) => void } = {
    rows(change) {
      curve.append(change.rows);
      board.grown();
      showFigures();
    },
    status(change) {
      ({ status, liveness } = change);
      showStatus();
    },
    samples: (change) => samples.show(change.samples),
    notes: (change) => notes.show(change.notes),
  };
  const charts = h('div', { class: 'charts' }, figures.element, board.element);
  const side = h('div', { class: 'side' }, samples.element, notes.element, settings);
  return {
    element: h('div', { class: 'page' }, head.element, h('main', {}, charts, side)),
    board,
    tick: head.tick,
    dispose: board.dispose,
    receive: <T extends Change['type']>(change: Extract<Change, { type: T }>) =>
      (receivers[change.type as T] as (change: Extract<Change, { type: T }>) => void)(change),
  };
}

/** Where the focus is, as far as it can be found again on a page that was built anew. */
function focusPath(): string | null {
  const label = document.activeElement?.getAttribute('aria-label');
  return label ? `[aria-label="${CSS.escape(label)}"]` : null;
}
