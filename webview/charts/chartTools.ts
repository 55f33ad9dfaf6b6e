// The tools of the main chart: smoothing, logarithmic axis, and the curves as a table.
import { h, icon } from '../ui/dom';
import { select, toggleButton } from '../ui/widgets';
import { count } from '../format';
import { icons } from '../ui/icons';
import { t } from '../l10n';
import { type Tools, type Window, windows } from '../viewState';

export function createTools(
  { window, log }: Tools,
  onChange: (change: Partial<Tools>) => void,
  saveCsv: () => void,
): HTMLElement[] {
  const options = windows.map((each) => [String(each), each === 1 ? t('Raw') : t('Median {0}', count(each))] as const);
  return [
    select(t('Smoothing'), options, String(window), (value) => onChange({ window: Number(value) as Window })),
    toggleButton(t('Log'), t('Logarithmic axis, for curves above zero'), log, (on) => onChange({ log: on })),
    h(
      'vscode-button',
      { appearance: 'icon', 'aria-label': t('Save curves as CSV'), title: t('Save curves as CSV'), onclick: saveCsv },
      icon(icons.table),
    ),
  ];
}
