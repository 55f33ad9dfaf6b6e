// The page of the doctor: what works on this machine, what does not, and what to do about it.
import type { DoctorAction, DoctorCheck } from '../../src/protocol/doctor';
import type { ToPage } from '../../src/protocol/monitor';
import { t } from '../l10n';
import type { Page } from '../page';
import { createAnnouncer } from '../run/announcer';
import { h, icon, set, setText, svg } from '../ui/dom';
import { icons } from '../ui/icons';
import { createToolbar } from '../ui/toolbar';
import type { VsCodeApi } from '../vscodeApi';
import { type Advice, adviceFor, type CheckText, optionalChecks, requiredChecks } from './checkTexts';
import { overallState } from './overallState';

export type DoctorMessage = Extract<ToPage, { type: 'doctor' }>;

export function createDoctorPage(vscode: VsCodeApi): Page<DoctorMessage> {
  const post = (action: DoctorAction) => vscode.postMessage({ type: 'doctorAction', action });
  const button = (label: string, action: DoctorAction) =>
    h('vscode-button', { appearance: 'secondary', onclick: () => post(action) }, label);
  const badge = h('span', { class: 'badge' });
  const about = h('p', { class: 'facts' });
  const problem = h('p', { class: 'failure', role: 'alert', hidden: true });
  const again = button(t('Check again'), 'checkAgain');
  const rows = new Map<string, CheckRow>();
  const group = (title: string, checks: Readonly<Record<string, CheckText>>) => {
    const list = h('ul', { class: 'checks' });
    for (const [check, text] of Object.entries(checks)) {
      const row = createRow(text, (advice) => button(advice.label, advice.action));
      rows.set(check, row);
      list.append(row.element);
    }
    return h('section', {}, h('h2', {}, title), list);
  };
  const announcer = createAnnouncer();
  const element = h(
    'div',
    { class: 'page doctor' },
    h('header', {}, h('div', { class: 'title' }, h('h1', {}, t('Doctor')), badge), about),
    h(
      'main',
      {},
      createToolbar(
        t('Doctor actions'),
        { class: 'controls' },
        again,
        button(t('Copy report'), 'copyReport'),
        button(t('Show log'), 'showLog'),
      ),
      problem,
      group(t('Needed for training'), requiredChecks),
      group(t('Optional'), optionalChecks),
    ),
    announcer.element,
  );
  return {
    element,
    receive(report) {
      const { label, tone } = overallState(report);
      if (badge.textContent !== label) announcer.announce(label);
      setText(badge, label);
      badge.className = `badge ${tone}`;
      set(again, { 'aria-disabled': report.checking ? 'true' : null });
      about.replaceChildren(...report.about.split('\n').map((line) => h('span', {}, line)));
      problem.hidden = report.problem === null;
      setText(problem, report.problem ?? '');
      const found = new Map(report.checks.map((each) => [each.check, each]));
      for (const [check, row] of rows) row.show(found.get(check), adviceFor(found.get(check)), report.checking);
    },
    themeChanged: () => {},
    tick: () => {},
    dispose: () => {},
  };
}

interface CheckRow {
  readonly element: HTMLElement;
  show(found: DoctorCheck | undefined, advice: Advice | null, checking: boolean): void;
}

const marks = {
  ok: { path: icons.check, tone: 'good' },
  none: { path: icons.none, tone: 'neutral' },
  warn: { path: icons.warning, tone: 'warning' },
  fail: { path: icons.error, tone: 'bad' },
} as const;

function createRow({ title, text }: CheckText, buttonFor: (advice: Advice & { action: DoctorAction }) => HTMLElement) {
  const mark = h('span', { class: 'mark' });
  const state = h('span', { class: 'state' });
  const result = h('p', { class: 'result' });
  const todo = h('p', { class: 'todo' });
  const actions = h('div', { class: 'controls' });
  const element = h(
    'li',
    {},
    mark,
    h('div', { class: 'name' }, h('h3', {}, title), state),
    h('div', { class: 'found' }, h('p', { class: 'meaning' }, text), result, todo, actions),
  );
  return {
    element,
    show(found: DoctorCheck | undefined, advice: Advice | null, checking: boolean) {
      const shown = found && marks[found.level];
      set(element, { 'data-level': found?.level ?? 'open' });
      mark.className = `mark ${shown?.tone ?? 'neutral'}`;
      mark.replaceChildren(shown ? icon(shown.path) : svg('svg', { class: 'icon', width: 16, height: 16 }));
      setText(state, found ? stateText(found) : checking ? t('Checking') : t('Not checked'));
      setText(result, found?.text ?? '');
      setText(todo, advice?.text ?? '');
      todo.hidden = advice === null;
      const { action } = advice ?? {};
      actions.hidden = action === undefined;
      actions.replaceChildren(...(advice && action ? [buttonFor({ ...advice, action })] : []));
    },
  };
}

function stateText({ level }: DoctorCheck): string {
  switch (level) {
    case 'ok':
      return t('OK');
    case 'none':
      return t('Not available');
    case 'warn':
      return t('Limited');
    case 'fail':
      return t('Problem');
  }
}
