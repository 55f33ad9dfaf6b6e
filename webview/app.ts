// The page: shows a run, a comparison, the runs table, a sweep, reproductions, distances or the doctor, or the
// problem that prevents it.
import type { ToPage } from '../src/protocol/monitor';
import type { SweepMessage } from '../src/protocol/sweep';
import { createComparePage } from './compare/comparePage';
import { createDistancesPage } from './distances/distancesPage';
import { createDoctorPage, type DoctorMessage } from './doctor/doctorPage';
import { createReproductionsPage, type ReproductionsMessage } from './reproductions/reproductionsPage';
import { createRunsTablePage, type RunsTableMessage } from './runsTable/runsTablePage';
import { createDeletedNote } from './ui/deletedNote';
import { h, icon, keepFocus, set } from './ui/dom';
import type { VsCodeApi } from './vscodeApi';
import { icons } from './ui/icons';
import { t } from './l10n';
import type { Page } from './page';
import { createRunPage, type RunChange, type RunPage } from './run/runPage';
import { createSweepPage } from './sweep/sweepPage';

export interface App {
  receive(message: ToPage): void;
  themeChanged(): void;
}

type ComparedRunMessage = Extract<ToPage, { type: 'of' }>;

export function createApp(root: HTMLElement, vscode: VsCodeApi): App {
  let page: Page<never> | null = null;
  let runPage: RunPage | null = null;
  let comparePage: Page<ComparedRunMessage> | null = null;
  let runsTable: Page<RunsTableMessage> | null = null;
  let sweepPage: Page<SweepMessage> | null = null;
  let reproductionsPage: Page<ReproductionsMessage> | null = null;
  let doctorPage: Page<DoctorMessage> | null = null;
  const problem = h('div', { class: 'problem', role: 'alert', hidden: true });
  const title = h('h1', { class: 'visually-hidden' }, t('Monitor'));
  // The document has it from the start.
  const loading = root.querySelector<HTMLElement>('.loading');
  const content = h('div', { class: 'content' }, h('main', {}, title, loading));
  if (loading) set(loading, { role: 'progressbar', 'aria-label': t('Loading') });
  root.append(problem, content);

  const show = <P extends Page<never>>(next: P): P => {
    loading?.remove();
    problem.hidden = true;
    page?.dispose();
    page = next;
    keepFocus(() => content.replaceChildren(next.element));
    return next;
  };
  const forwardToRun = (message: RunChange) => runPage?.receive(message);
  const handlers: { readonly [T in ToPage['type']]: (message: Extract<ToPage, { type: T }>) => void } = {
    state({ state }) {
      problem.hidden = true;
      // A resumed run stays where it is: its image, the scroll position and what is open.
      if (runPage?.replace(state) !== true) runPage = show(createRunPage(state, vscode));
    },
    rows: forwardToRun,
    curve: forwardToRun,
    values: forwardToRun,
    status: forwardToRun,
    samples: forwardToRun,
    notices: forwardToRun,
    histograms: forwardToRun,
    log: forwardToRun,
    live: forwardToRun,
    answered: forwardToRun,
    explored: forwardToRun,
    comparison: ({ runs }) => (comparePage = show(createComparePage(runs, vscode))),
    of: (message) => comparePage?.receive(message),
    runsTable(message) {
      problem.hidden = true;
      runsTable ??= show(createRunsTablePage(vscode));
      runsTable.receive(message);
    },
    tableRuns: (message) => runsTable?.receive(message),
    sweep: ({ plan }) => (sweepPage = show(createSweepPage(plan, vscode))),
    sweepAnswered: (message) => sweepPage?.receive(message),
    trials(message) {
      problem.hidden = true;
      sweepPage?.receive(message);
    },
    reproductions(message) {
      if (reproductionsPage === null) reproductionsPage = show(createReproductionsPage(message, vscode));
      else {
        problem.hidden = true;
        reproductionsPage.receive(message);
      }
    },
    studyAnswered: (message) => reproductionsPage?.receive(message),
    deleted({ kind, name }) {
      loading?.remove();
      problem.hidden = true;
      page?.dispose();
      page = runPage = sweepPage = null;
      content.replaceChildren(h('main', {}, title, createDeletedNote(kind, name)));
    },
    distances: () => show(createDistancesPage(vscode)),
    doctor(message) {
      doctorPage ??= show(createDoctorPage(vscode));
      doctorPage.receive(message);
    },
    problem({ message }) {
      problem.hidden = true;
      if (message === null) return;
      loading?.remove();
      problem.replaceChildren(icon(icons.error), h('p', {}, message));
      problem.hidden = false;
      if (page === null) content.replaceChildren(h('main', {}, title));
    },
  };
  setInterval(() => page?.tick(), 1000);
  return {
    receive: <T extends ToPage['type']>(message: Extract<ToPage, { type: T }>) =>
      (handlers[message.type as T] as (message: Extract<ToPage, { type: T }>) => void)(message),
    themeChanged: () => page?.themeChanged(),
  };
}
