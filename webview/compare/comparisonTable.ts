// The table of a comparison, a column per group: state of the runs, last values, and the settings that differ.
import { secondsOf } from '../../src/protocol/status';
import { sharedByNetworks } from '../../src/shared/flatSettings';
import { type RunGroup } from './groups';
import { type LoadedRun, differingSettings, settingValue } from './loadedRun';
import { createLineSwatch } from '../charts/lineSwatch';
import { breakable, h } from '../ui/dom';
import { createToggleButton } from '../ui/widgets';
import { t } from '../l10n';
import { readTheme } from '../ui/theme';
import { rankedNumbers } from '../../src/catalog';
import { capitalized, isSmoothed, metricRank, numberFormatOf } from '../charts/columns';
import { formatCount, duration, writers } from '../format';
import { stateDisplays, displayStateOf } from '../run/displayState';
import { quantile } from './band';
import { type CompareViewState, isFactor } from '../viewState';
import type { SmoothingWindow } from '../curve/smoothing';
import { criticWarning, haveDifferentCritics, whyNotCalibrated } from './calibration';
import { columnsOfGroups, comparedLabel, hasColumn, seedList, lastValue } from './compareCharts';

export interface ComparisonTable {
  readonly element: HTMLElement;
  show(groups: readonly RunGroup[], view: Pick<CompareViewState, 'allSettings' | 'window'>): void;
}

export interface TableActions {
  showAll(all: boolean): void;
  openRun(id: string): void;
  /** Divides the estimates of a group. */
  calibrate(group: RunGroup, factor: number): void;
}

export function createComparisonTable({ showAll, openRun, calibrate }: TableActions): ComparisonTable {
  const element = h('div', {
    class: 'table',
    tabindex: 0,
    role: 'region',
    'aria-label': t('Runs, latest values and settings'),
  });
  let last = '';
  return {
    element,
    show(groups, { allSettings, window }) {
      element.hidden = groups.length === 0;
      const settings = settingRows(groups, allSettings);
      const parts: readonly (readonly [title: string, rows: readonly TableRow[]])[] = [
        [t('Runs'), stateRows(groups)],
        [t('Latest values'), valueRows(groups, window, allSettings)],
        [allSettings ? t('All settings') : t('Settings that differ'), settings],
      ];
      const theme = readTheme();
      const warning = criticWarning(groups);
      const key = JSON.stringify([
        parts,
        warning,
        groups.map(({ id, label, hue, dash, factor }) => [id, label, dash, factor, theme.lineColors[hue]]),
      ]);
      if (key === last) return;
      last = key;
      const head = h(
        'tr',
        {},
        h('td', {}),
        ...groups.map((group) => headOf(group, theme.lineColors[group.hue], openRun)),
      );
      const bodies = parts.map(([title, rows], i) => {
        const toggle =
          i === 2
            ? createToggleButton(t('All'), t('Also show identical values and settings'), allSettings, showAll)
            : null;
        const note = i === 1 ? warning : i === 2 && rows.length === 0 ? t('All runs have the same settings.') : '';
        const noteRow =
          note === '' ? null : h('tr', {}, h('td', { class: 'muted', colspan: groups.length + 1 }, h('p', {}, note)));
        const caption = h(
          'tr',
          { class: 'part' },
          h('th', { scope: 'rowgroup', colspan: groups.length + 1 }, h('span', {}, title), toggle),
        );
        const factors = i === 1 && groups.length > 1 ? factorRow(groups, calibrate) : null;
        return h('tbody', {}, caption, noteRow, factors, ...rows.map((row) => rowOf(row, i === 2)));
      });
      element.replaceChildren(h('table', {}, h('thead', {}, head), ...bodies));
    },
  };
}

function headOf({ label, members, dash }: RunGroup, color: string, openRun: (id: string) => void): HTMLElement {
  const swatch = createLineSwatch({ look: 'bold', dash });
  swatch.style.setProperty('--line', color);
  const link = (id: string, text: string, directory: string) =>
    h(
      'button',
      { class: 'link', type: 'button', title: t('Open the monitor for {0}', directory), onclick: () => openRun(id) },
      text,
    );
  const single = members.length === 1;
  const names = single
    ? [link(members[0].id, label, members[0].state.directory)]
    : [
        h('span', {}, label),
        h(
          'span',
          { class: 'seeds' },
          ...members.map(({ id, state }) => link(id, t('seed {0}', state.seed ?? '?'), state.directory)),
        ),
      ];
  return h('th', { scope: 'col' }, h('div', { class: 'run-label' }, swatch, h('div', {}, ...names)));
}

const rowOf = ({ head, cells }: TableRow, isSetting: boolean): HTMLElement =>
  h(
    'tr',
    { class: isSetting ? 'setting' : null },
    h('th', { scope: 'row' }, ...breakable(head)),
    ...cells.map((cell) => h('td', {}, cell === '' ? '–' : cell)),
  );

/** Inputs for the factors by which estimates are divided; null if no critic can be calibrated. */
function factorRow(groups: readonly RunGroup[], calibrate: TableActions['calibrate']): HTMLElement | null {
  if (groups.every((group) => whyNotCalibrated(group) !== null)) return null;
  const hint = t(
    'Critics of different shape estimate K·W with different K. Divide by the ratio of their estimates on the same samples, as earthmover reproduce calibration measures it.',
  );
  const cells = groups.map((group) => {
    const reason = whyNotCalibrated(group);
    if (reason !== null) return h('td', { class: 'muted', title: reason }, '–');
    const label = t('Divide the estimate of {0} by', group.label);
    const input = h('input', {
      type: 'number',
      min: 0,
      step: 'any',
      value: String(group.factor),
      title: hint,
      'aria-label': label,
      'data-name': label,
      onchange() {
        if (isFactor(input.valueAsNumber)) calibrate(group, input.valueAsNumber);
        else input.value = String(group.factor);
      },
    });
    return h('td', {}, input);
  });
  return h('tr', {}, h('th', { scope: 'row', title: hint }, t('Estimate divided by')), ...cells);
}

export interface TableRow {
  readonly head: string;
  /** One per group. */
  readonly cells: readonly string[];
}

/** Whether the cells of a row differ; those of a single column are always shown. */
const differ = (cells: readonly string[]): boolean => cells.length === 1 || new Set(cells).size > 1;

/** State and progress of the runs. */
export function stateRows(groups: readonly RunGroup[]): TableRow[] {
  const each = (head: string, text: (run: LoadedRun) => string): TableRow => ({
    head,
    cells: groups.map(({ members }) => summarize(members.map(text))),
  });
  return [
    each(t('State'), (run) => stateDisplays[displayStateOf(run)].label),
    { head: t('Seed'), cells: groups.map(({ members }) => seedList(members)) },
    each(t('Steps'), ({ status, curve }) =>
      status === null
        ? formatCount(curve.step.at(-1) ?? 0)
        : t('{0} of {1}', formatCount(status.step), formatCount(status.steps)),
    ),
    {
      head: t('Time'),
      cells: groups.map(({ members }) =>
        durationRange(members.flatMap(({ status }) => (status === null ? [] : [secondsOf(status)]))),
      ),
    },
  ];
}

/**
 * The last value of every column, as the charts show it; for a group the median, minimum and maximum. The metrics lead
 * if the critics differ, since their estimates do not rank the runs. Without `all`, equal values are omitted, except
 * those of metrics.
 */
export function valueRows(groups: readonly RunGroup[], smoothing: SmoothingWindow, all = true): TableRow[] {
  const columns = columnsOfGroups(groups);
  const sorted = haveDifferentCritics(groups)
    ? columns.toSorted((a, b) => metricRank(a.name) - metricRank(b.name))
    : columns;
  const isMixed = new Set(groups.map(({ members: [run] }) => run.state.estimate.label)).size > 1;
  return sorted.flatMap((column) => {
    const { name } = column;
    const write = writers[numberFormatOf(name)];
    const cells = groups.map((group) => {
      if (!hasColumn(group, column)) return '';
      const { members } = group;
      const values = members
        .map((run) => lastValue(run, name, isSmoothed(name) ? smoothing : 1))
        .filter((value) => !Number.isNaN(value))
        .sort((a, b) => a - b);
      if (values.length === 0) return '';
      const ofSeveral = isMixed && name === 'estimate' ? `${t(members[0].state.estimate.label)} ` : '';
      const middle = `${ofSeveral}${write(quantile(values, 0.5))}`;
      return values.length === 1
        ? middle
        : t('{0} ({1} to {2})', middle, write(values[0]), write(values[values.length - 1]));
    });
    const isShown = all || Object.hasOwn(rankedNumbers, name) || differ(cells);
    return isShown ? [{ head: capitalized(comparedLabel(column, groups)), cells }] : [];
  });
}

/** Settings, all or only those that differ between groups. Seeds have their own row in `stateRows`. */
export function settingRows(groups: readonly RunGroup[], all: boolean): TableRow[] {
  const runs = groups.map(({ members }) => members[0]);
  const keys = all
    ? [...new Set(runs.flatMap(({ state }) => state.settings.map(({ key }) => key)))]
    : differingSettings(runs);
  // Settings that only some runs have are sorted into their section.
  const sections = keys.map(sectionOf);
  const cellsOf = (key: string) => runs.map((run) => settingValue(run, key));
  const rows = keys
    .toSorted((a, b) => sections.indexOf(sectionOf(a)) - sections.indexOf(sectionOf(b)))
    .filter((key) => key !== 'seed' && key !== 'seeds' && (all || key !== 'name'));
  // In a file too, the networks can share the settings of an optimizer, but not their own.
  const isMerged = (key: string) => !all && sectionOf(key) === 'optimizer';
  const merged = sharedByNetworks(rows.filter(isMerged), (key) => JSON.stringify(cellsOf(key)));
  const names = new Map(merged.map(({ key, name }) => [key, name]));
  return rows
    .filter((key) => !isMerged(key) || names.has(key))
    .map((key) => ({ head: names.get(key) ?? key, cells: cellsOf(key) }));
}

const sectionOf = (key: string): string => key.split('.', 1)[0];

/** The range of durations in seconds. */
function durationRange(seconds: readonly number[]): string {
  const [least, most] = [Math.min(...seconds), Math.max(...seconds)].map(duration);
  return seconds.length === 0 ? '' : least === most ? least : t('{0} to {1}', least, most);
}

/** The text if all are equal, else the number of each: "2 × Finished, Running". */
function summarize(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  if (counts.size === 1) return texts[0];
  const distinct = [...counts].map(([text, n]) => (n === 1 ? text : `${n} × ${text}`));
  return distinct.join(', ');
}
