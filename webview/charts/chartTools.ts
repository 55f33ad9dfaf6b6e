// The toolbar of the main chart: smoothing, logarithmic axis and CSV export.
import { h, icon } from '../ui/dom';
import { createSelect, createToggleButton } from '../ui/widgets';
import { formatCount } from '../format';
import { icons } from '../ui/icons';
import { t } from '../l10n';
import { type ChartSettings, type SmoothingWindow, smoothingWindows } from '../viewState';

export function createChartTools(
  { window, log }: ChartSettings,
  onChange: (change: Partial<ChartSettings>) => void,
  saveCsv: () => void,
): HTMLElement[] {
  const options = smoothingWindows.map(
    (each) => [String(each), each === 1 ? t('Raw') : t('Median {0}', formatCount(each))] as const,
  );
  return [
    createSelect(t('Smoothing'), options, String(window), (value) =>
      onChange({ window: Number(value) as SmoothingWindow }),
    ),
    createToggleButton(t('Log scale'), t('Logarithmic axis for charts with positive values'), log, (on) =>
      onChange({ log: on }),
    ),
    h(
      'vscode-button',
      { appearance: 'icon', 'aria-label': t('Save curves as CSV'), title: t('Save curves as CSV'), onclick: saveCsv },
      icon(icons.table),
    ),
  ];
}
