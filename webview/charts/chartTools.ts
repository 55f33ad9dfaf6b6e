// The toolbar of the main chart: x axis, smoothing, logarithmic axis and CSV export.
import { h, icon } from '../ui/dom';
import { createSelect, createToggleButton } from '../ui/widgets';
import { formatCount } from '../format';
import { icons } from '../ui/icons';
import { t } from '../l10n';
import { type SmoothingWindow, smoothingWindows } from '../curve/smoothing';
import type { ChartSettings, ChartViewState } from '../viewState';
import { axisNames, xAxes } from './xAxis';

export function createChartTools(
  { window, log, axis }: ChartSettings,
  onChange: (change: Partial<ChartViewState>) => void,
  saveCsv: () => void,
): HTMLElement[] {
  const options = smoothingWindows.map((each) => [String(each), smoothingName(each)] as const);
  return [
    // A zoom is in units of the axis.
    createSelect(
      t('X axis'),
      xAxes.map((each) => [each, axisNames[each]] as const),
      axis,
      (chosen) => onChange({ axis: chosen, zoom: null }),
    ),
    createSelect(t('Smoothing'), options, String(window), (value) =>
      onChange({ window: smoothingWindows.find((each) => String(each) === value) ?? 'auto' }),
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

const smoothingName = (window: SmoothingWindow): string =>
  window === 'auto' ? t('Smoothed') : window === 1 ? t('Raw') : t('Median {0}', formatCount(window));
