// The page of reproductions: every study of the catalog, run and shown in place.
import { studies } from '../../src/catalog';
import type { ToPage } from '../../src/protocol/monitor';
import { notRun, type Reproduction } from '../../src/protocol/reproductions';
import { formatCount } from '../format';
import { t } from '../l10n';
import type { Page } from '../page';
import { createAnnouncer } from '../run/announcer';
import { h, setText } from '../ui/dom';
import type { VsCodeApi } from '../vscodeApi';
import { createStudyCard } from './studyCard';
import { displayOf, isWorking, progressText } from './studyState';

type StateMessage = Extract<ToPage, { type: 'reproductions' }>;
export type ReproductionsMessage = StateMessage | Extract<ToPage, { type: 'studyAnswered' }>;

export function createReproductionsPage(first: StateMessage, vscode: VsCodeApi): Page<ReproductionsMessage> {
  // By which the extension finds the folder after a reload.
  vscode.setState({ root: first.root });
  const cards = new Map(
    Object.entries(studies).map(([id, study]) => [
      id,
      createStudyCard(id, study, (message) => vscode.postMessage(message)),
    ]),
  );
  const facts = h('p', { class: 'facts', role: 'status' });
  const announcer = createAnnouncer();
  let before = new Map<string, Reproduction>();
  const show = ({ reproductions }: StateMessage) => {
    const now = new Map(reproductions.map((each) => [each.study, each]));
    const working = reproductions.find(isWorking);
    for (const [id, card] of cards) card.show(now.get(id) ?? notRun(id), working !== undefined && working.study !== id);
    setText(facts, factsOf(reproductions, cards.size));
    const news = [...now].map(([id, each]) => announcementOf(before.get(id), each)).find((text) => text !== '');
    if (news !== undefined) announcer.announce(news);
    before = now;
  };
  show(first);
  return {
    element: h(
      'div',
      { class: 'page reproductions' },
      h(
        'header',
        {},
        h('div', { class: 'title' }, h('h1', { title: first.root }, t("The papers' claims, reproduced"))),
        facts,
      ),
      h('main', {}, ...[...cards.values()].map(({ element }) => element)),
      announcer.element,
    ),
    receive(message) {
      if (message.type === 'reproductions') show(message);
      else cards.get(message.study)?.answered();
    },
    themeChanged: () => {},
    tick: () => {},
    dispose: () => {},
  };
}

/** How many claims were reproduced, and which one is being reproduced. */
function factsOf(reproductions: readonly Reproduction[], studyCount: number): string {
  const finished = reproductions.filter(({ state, result }) => state === 'finished' && result !== null);
  const held = finished.filter(({ result }) => result?.holds).length;
  const counts = t(
    '{0} of {1} claims reproduced, {2} of them confirmed here.',
    formatCount(finished.length),
    formatCount(studyCount),
    formatCount(held),
  );
  const working = reproductions.find(isWorking);
  if (working === undefined)
    return finished.length === 0 ? t('No claim has been reproduced in this folder yet.') : counts;
  const now = t('Running: {0}.', titleOf(working));
  return finished.length === 0 ? now : `${counts} ${now}`;
}

const titleOf = ({ study }: Pick<Reproduction, 'study'>): string =>
  t(studies[study as keyof typeof studies]?.title ?? study);

/** What a screen reader says of a change: a new training, a new state, a verdict; '' if there is none. */
function announcementOf(before: Reproduction | undefined, now: Reproduction): string {
  if (before === undefined || (before.state === now.state && before.done === now.done)) return '';
  const { label } = displayOf(now);
  const text = now.state === 'training' ? progressText({ ...now, steps: 0 }) : `${label}. ${now.result?.verdict ?? ''}`;
  return `${titleOf(now)}: ${text}`.trim();
}
