// The page of a sweep: its progress, parallel coordinates, and a table of its results.
import {
  isOutcome,
  trialStates,
  type SweepMessage,
  type SweepPlan,
  type TrialProgress,
} from '../../src/protocol/sweep';
import { formatCount } from '../format';
import { t } from '../l10n';
import type { Page } from '../page';
import { createAnnouncer } from '../run/announcer';
import { h, icon, keepFocus, set, setText } from '../ui/dom';
import { icons } from '../ui/icons';
import { createToolbar } from '../ui/toolbar';
import { createSelect, createToggleButton } from '../ui/widgets';
import type { VsCodeApi } from '../vscodeApi';
import { textOf } from './axes';
import { isOpen } from './brushes';
import { createFailureList } from './failureList';
import {
  bestOf,
  bestSettings,
  foldTrials,
  settingKeys,
  type GroupKey,
  type Trial,
  type TrialGroup,
} from '../../src/protocol/foldTrials';
import { isKept, type PlotInput, type PlotModel, plotModel } from './lines';
import { createParallelPlot } from './parallelPlot';
import { nextSorting } from './sorting';
import { createSweepHeader, type SweepActivity } from './sweepHeader';
import { countStates, endedCount, failuresOf } from './sweepProgress';
import { createSweepTable, type RowParts } from './sweepTable';
import { restoreSweepViewState, type SweepViewState } from './sweepViewState';
import { groupColumns, keyLabel, resultLabel, resultText, trialColumns } from './tableColumns';
import { createTrialLinks } from './trialLinks';

/** As many as a comparison shows. */
const maxCompared = 32;
/** Links to single trials in a row. */
const maxLinks = 8;

export function createSweepPage(plan: SweepPlan, vscode: VsCodeApi): Page<SweepMessage> {
  const { settings, comparison, directory } = plan;
  let viewState = restoreSweepViewState(vscode.getState(), directory);
  const saveViewState = (change: Partial<SweepViewState>) => {
    viewState = { ...viewState, ...change };
    vscode.setState(viewState);
  };
  saveViewState({});
  const trials: Trial[] = plan.trials.map((trial) => ({ ...trial, progress: waiting(trial.trial) }));
  let activity: SweepActivity = { active: false, canceled: false, submitted: false, problem: null };
  /** Trials whose runs the user has selected for a comparison. */
  const selected = new Set<number>();
  const hasSamples = plan.trials.some(({ sample }) => sample !== null);
  /** Without other settings, seeds are what trials differ in. */
  const plotKeys = settingKeys(settings);
  const allKeys: readonly GroupKey[] = [...settings.map((_, i) => i), ...(hasSamples ? (['sample'] as const) : [])];

  const header = createSweepHeader(plan, vscode.postMessage);
  const announcer = createAnnouncer();
  const failures = createFailureList(
    {
      openTrial: (trial) => vscode.postMessage({ type: 'openTrial', trial }),
      openLog: (trial) => vscode.postMessage({ type: 'openTrialLog', trial }),
      toggled: (failuresOpen) => saveViewState({ failuresOpen }),
    },
    viewState.failuresOpen,
  );
  /** A brush moves faster than the table can be laid out, which follows when it rests. */
  let resting: ReturnType<typeof setTimeout> | undefined;
  const setBrushes = (brushes: SweepViewState['brushes']) => {
    saveViewState({ brushes });
    clearTimeout(resting);
    resting = setTimeout(refresh, 100);
    requestAnimationFrame(drawPlot);
  };
  const plot = createParallelPlot({
    brush(label, brush) {
      const { [label]: _, ...others } = viewState.brushes;
      setBrushes(isOpen(brush) ? others : { ...others, [label]: brush });
    },
    toggle: ({ group }) => select(group.trials, !group.trials.some(({ trial }) => selected.has(trial))),
    describe: ({ group }) => describe(group),
  });
  const table = createSweepTable({
    sort(column) {
      saveViewState({ sorting: nextSorting(viewState.sorting, column) });
      refresh();
    },
    select: (id, on) => select(rowTrials.get(id) ?? [], on),
  });
  /** The trials of the rows of the table, by the rows' ids. */
  let rowTrials = new Map<string, readonly Trial[]>();
  const select = (chosen: readonly Trial[], on: boolean) => {
    for (const { trial, progress } of chosen) {
      if (on && progress.steps > 0) selected.add(trial);
      else selected.delete(trial);
    }
    refresh();
  };

  const filtered = h('p', { class: 'filtered', role: 'status' });
  const compare = h(
    'vscode-button',
    {
      appearance: 'secondary',
      class: 'compare-selected',
      'data-name': 'compare',
      onclick: () => {
        if (whyNotCompared() === '')
          vscode.postMessage({ type: 'compareTrials', trials: [...selected].sort((a, b) => a - b) });
      },
    },
    h('div', { class: 'text' }, t('Compare')),
  );
  const whyNotCompared = (): string => {
    if (selected.size < 2) return t('Select at least two trials to compare them.');
    return selected.size > maxCompared
      ? t('At most {0} trials can be compared; {1} are selected.', maxCompared, selected.size)
      : '';
  };
  const clear = h(
    'button',
    { class: 'toggle', type: 'button', 'data-name': 'clear', onclick: () => setBrushes({}) },
    t('Clear filters'),
  );
  const groupings = [
    ['', t('Every setting')] as const,
    ...(settings.length > 1 ? settings.map((name) => [name, name] as const) : []),
    ...(hasSamples ? [['sample', t('Sample')] as const] : []),
  ];
  const groupBy = createSelect(t('Group by'), groupings, viewState.groupBy ?? '', (name) => {
    saveViewState({ groupBy: name === '' ? null : name });
    refresh();
  });
  const groupLabel = h('label', { class: 'group-by' }, h('span', { 'aria-hidden': 'true' }, t('Group by')), groupBy);
  const every = createToggleButton(
    t('Every trial'),
    t('Show a row for each trial'),
    viewState.everyTrial,
    (everyTrial) => {
      saveViewState({ everyTrial });
      refresh();
    },
  );
  const toolbar = createToolbar(t('Table'), { class: 'controls table-tools' }, groupLabel, every, clear, compare);

  const describe = (group: TrialGroup): string => {
    const values = settings.map((name, i) => `${name} ${textOf(group.trials[0].values[i])}`);
    const seeds = settings.length > 0 ? [] : [`${t('Seed')} ${group.trials[0].seed}`];
    const result =
      comparison === null ? [] : [`${resultLabel(comparison)} ${rangeText(group, resultText(comparison))}`];
    const count = group.trials.length;
    const trials = count === 1 ? t('1 trial') : t('{0} trials', formatCount(count));
    return [...values, ...seeds, ...result, trials].join(' · ');
  };
  const { linkTo, logOf, copyOf } = createTrialLinks(vscode.postMessage);
  const isSelectable = (members: readonly Trial[]) => members.some(({ progress }) => progress.steps > 0);
  const isBegun = ({ progress }: Trial) => `${progress.steps > 0} ${progress.state}`;

  const showTrials = (rows: readonly Trial[], selectedRows: ReadonlySet<string>) => {
    const best = bestOf(rows, ({ progress }) => progress.value, comparison);
    table.show(
      {
        columns: trialColumns(settings, comparison, hasSamples),
        firstHead: t('Trial'),
        lastHead: t('Actions'),
        rows,
        partsOf: (trial): RowParts => ({
          id: String(trial.trial),
          name: t('trial {0}', trial.trial),
          selectable: isSelectable([trial]),
          key: isBegun(trial),
          first: () => [linkTo(trial, String(trial.trial))],
          last: () => [h('span', { class: 'links' }, logOf(trial), copyOf(trial, true))],
          tone: trial.progress.state,
          best: trial === best,
        }),
      },
      viewState.sorting,
      selectedRows,
    );
  };
  const showGroups = (rows: readonly TrialGroup[], keys: readonly GroupKey[], selectedRows: ReadonlySet<string>) => {
    const best = bestOf(rows, ({ median }) => median, comparison);
    table.show(
      {
        columns: groupColumns(
          keys,
          settings,
          comparison,
          (['diverged', 'failed'] as const).filter((state) => rows.some((group) => group[state] > 0)),
          trialStates.filter((state) => !isOutcome(state) && rows.some(({ states }) => states[state] !== undefined)),
        ),
        firstHead: t('Trials'),
        rows,
        partsOf: ({ id, trials: members, values }): RowParts => ({
          id,
          best: id === best?.id,
          name: keys.map((key, i) => `${keyLabel(key, settings)} ${textOf(values[i])}`).join(', ') || t('all trials'),
          selectable: isSelectable(members),
          key: members.map(isBegun).join(),
          first: () => [
            h(
              'span',
              { class: 'links' },
              ...members.slice(0, maxLinks).map((trial, i) => {
                const link = linkTo(trial, String(trial.trial));
                return i < members.length - 1 ? h('span', {}, link, ', ') : link;
              }),
              members.length > maxLinks
                ? h('span', { class: 'muted' }, `+${formatCount(members.length - maxLinks)}`)
                : null,
            ),
          ],
        }),
      },
      viewState.sorting,
      selectedRows,
    );
  };
  const bestLine = h('p', { class: 'best-result', hidden: true });
  /** The settings with the best result, and a link to their best trial. */
  const showBest = (groups: readonly TrialGroup[]) => {
    const best = bestSettings(groups, comparison);
    bestLine.hidden = best === undefined;
    if (best === undefined) return;
    const { group, trial } = best;
    bestLine.replaceChildren(
      h('span', {}, t('Best: {0}', describe(group))),
      ' ',
      linkTo(trial, t('Open trial {0}', trial.trial), `best:${trial.trial}`),
      ' · ',
      copyOf(trial, false),
    );
  };

  const keysShown = (): readonly GroupKey[] => {
    const { groupBy: name } = viewState;
    if (name === 'sample' && hasSamples) return ['sample'];
    const index = name === null ? -1 : settings.indexOf(name);
    return index === -1 ? allKeys : [index];
  };
  const chosenIds = (groups: readonly { readonly id: string; readonly trials: readonly Trial[] }[]) =>
    new Set(groups.filter((group) => group.trials.some(({ trial }) => selected.has(trial))).map(({ id }) => id));
  const drawPlot = () => {
    const input: PlotInput = {
      plan,
      groups: foldTrials(trials, plotKeys, comparison),
      labels: plotKeys.map((key) => keyLabel(key, settings)),
      resultLabel: comparison === null ? '' : resultLabel(comparison),
      noResult: t('none'),
    };
    const model: PlotModel = plotModel(input, viewState.brushes);
    plot.show(model, viewState.brushes, chosenIds(input.groups));
    return { groups: input.groups, model };
  };
  const draw = () => {
    const { groups: all, model } = drawPlot();
    const isChosen = (group: TrialGroup) => isKept(group, model.axes, model.hasResult, viewState.brushes);
    const kept = all.filter(isChosen).flatMap((group) => group.trials);
    const keptTrials = kept.length === trials.length ? trials : kept.sort((a, b) => a.trial - b.trial);
    header.show(
      trials.map(({ progress }) => progress),
      activity,
    );
    showBest(all);
    failures.show(failuresOf(trials.map(({ progress }) => progress)));
    if (viewState.everyTrial) {
      const rows = keptTrials.map((trial) => ({ id: String(trial.trial), trials: [trial] }));
      rowTrials = new Map(rows.map((row) => [row.id, row.trials]));
      showTrials(keptTrials, chosenIds(rows));
    } else {
      const groups = foldTrials(keptTrials, keysShown(), comparison);
      rowTrials = new Map(groups.map((group) => [group.id, group.trials]));
      showGroups(groups, keysShown(), chosenIds(groups));
    }
    clear.hidden = keptTrials.length === trials.length;
    setText(
      filtered,
      keptTrials.length === trials.length
        ? ''
        : t('{0} of {1} trials pass the filters', formatCount(keptTrials.length), formatCount(trials.length)),
    );
    setText(
      compare.querySelector('.text')!,
      selected.size < 2 ? t('Compare') : t('Compare {0} trials', formatCount(selected.size)),
    );
    set(compare, { 'aria-disabled': whyNotCompared() === '' ? null : 'true', title: whyNotCompared() || null });
    groupLabel.hidden = viewState.everyTrial || groupings.length === 1;
  };
  // Messages of many trials arrive at once, and a brush moves faster than frames are drawn.
  let pending = false;
  const refresh = () => {
    if (pending) return;
    pending = true;
    requestAnimationFrame(() => {
      pending = false;
      keepFocus(draw);
    });
  };
  draw();

  let tenth = -1;
  const announce = () => {
    const ended = endedCount(countStates(trials.map(({ progress }) => progress)));
    const now = Math.floor((10 * ended) / Math.max(1, trials.length));
    if (tenth !== -1 && now > tenth)
      announcer.announce(t('{0} of {1} trials ended', formatCount(ended), formatCount(trials.length)));
    tenth = now;
  };
  return {
    element: h(
      'div',
      { class: 'page sweep' },
      header.element,
      h(
        'main',
        {},
        comparison === null
          ? h(
              'p',
              { class: 'muted', role: 'note' },
              icon(icons.info),
              t(
                'No metric of the samples is measured, so that trials cannot be compared. Set "metrics" in the experiment and "result" in the sweep file.',
              ),
            )
          : null,
        plot.element,
        failures.element,
        h('div', { class: 'results-section' }, h('h2', {}, t('Results')), bestLine, toolbar, filtered, table.element),
      ),
      announcer.element,
    ),
    receive(message) {
      if (message.type === 'sweepAnswered') return header.answered(message.request);
      if (message.type !== 'trials') return;
      for (const progress of message.trials) {
        const known = trials[progress.trial - 1] as Trial | undefined;
        if (known) trials[progress.trial - 1] = { ...known, progress };
      }
      const { active, canceled, submitted, problem } = message;
      activity = { active, canceled, submitted, problem };
      announce();
      refresh();
    },
    themeChanged: refresh,
    tick: () => {},
    dispose() {
      clearTimeout(resting);
      plot.dispose();
    },
  };
}

/** The median of a group's results, and their range. */
function rangeText({ count, median, least, most }: TrialGroup, write: (value: number) => string): string {
  if (median === null || least === null || most === null) return t('no result');
  return count < 2 ? write(median) : t('{0} ({1} to {2})', write(median), write(least), write(most));
}

const waiting = (trial: number): TrialProgress => ({
  ...{ trial, state: 'waiting', step: 0, steps: 0, seconds: 0, value: null, message: null },
});
