// The view state of the page (zoom, hidden lines, open sections). VS Code keeps it while the page is hidden and across
// reloads.
import type { XRange } from './charts/chartPlan';
import { type XAxis, xAxes } from './charts/xAxis';
import { type SmoothingWindow, smoothingWindows } from './curve/smoothing';
import { savedFields, type Unchecked } from './savedFields';

/** Settings in the toolbar of the main chart. */
export interface ChartSettings {
  /** 1 for no smoothing. */
  readonly window: SmoothingWindow;
  /** Logarithmic value axes, for charts with positive values. */
  readonly log: boolean;
  readonly axis: XAxis;
}

export interface ChartViewState extends ChartSettings {
  /** The range of the x axis that the charts show, in its units; null for all. */
  readonly zoom: XRange | null;
  /** Keys of hidden lines (`LinePlan.toggle` or column names). */
  readonly hidden: readonly string[];
  /** Whether a narrow page shows the tools of the charts. */
  readonly toolsOpen: boolean;
}

export interface RunViewState extends ChartViewState {
  /** The run's id, by which the extension finds the run after a reload. */
  readonly id: string;
  /** The step whose samples are shown; null to follow the latest. */
  readonly sampleStep: number | null;
  /** Show real samples next to the generated ones. */
  readonly real: boolean;
  readonly histogramsOpen: boolean;
  readonly settingsOpen: boolean;
  readonly logOpen: boolean;
}

export interface CompareViewState extends ChartViewState {
  /** The ids of the runs, by which the extension finds them after a reload. */
  readonly runs: readonly string[];
  /** The column of the main chart; null for one by which the runs can be compared. */
  readonly column: string | null;
  readonly band: BandMode;
  readonly allSettings: boolean;
  /** The step whose samples are shown; null for the latest. */
  readonly sampleStep: number | null;
  /** By which the estimates of runs are divided, by id. */
  readonly factors: Readonly<Record<string, number>>;
}

/** How runs that differ only in their seed are drawn: as a min-max band, as an interquartile band, or one by one. */
export const bandModes = ['range', 'quartiles', 'runs'] as const;

export type BandMode = (typeof bandModes)[number];

const defaultChartViewState: ChartViewState = {
  zoom: null,
  hidden: [],
  window: 'auto',
  log: false,
  axis: 'step',
  toolsOpen: false,
};

export const defaultRunViewState = (id: string): RunViewState => ({
  id,
  sampleStep: null,
  real: false,
  histogramsOpen: false,
  settingsOpen: false,
  logOpen: false,
  ...defaultChartViewState,
});

export const defaultCompareViewState = (runs: readonly string[]): CompareViewState => ({
  runs,
  column: null,
  band: 'range',
  allSettings: false,
  sampleStep: null,
  factors: {},
  ...defaultChartViewState,
});

/** The saved state of the run `id`, with defaults for invalid parts; all defaults if the state is another run's. */
export function restoreRunViewState(value: unknown, id: string): RunViewState {
  const saved = savedFields<RunViewState>(value);
  if (saved.id !== id) return defaultRunViewState(id);
  return {
    id,
    sampleStep: isStep(saved.sampleStep) ? saved.sampleStep : null,
    real: saved.real === true,
    histogramsOpen: saved.histogramsOpen === true,
    settingsOpen: saved.settingsOpen === true,
    logOpen: saved.logOpen === true,
    ...restoreChartViewState(saved),
  };
}

/** The same for the comparison of `runs`. */
export function restoreCompareViewState(value: unknown, runs: readonly string[]): CompareViewState {
  const saved = savedFields<CompareViewState>(value);
  if (
    !Array.isArray(saved.runs) ||
    saved.runs.length !== runs.length ||
    runs.some((id) => !(saved.runs as unknown[]).includes(id))
  )
    return defaultCompareViewState(runs);
  return {
    runs,
    column: typeof saved.column === 'string' ? saved.column : null,
    band: bandModes.find((each) => each === saved.band) ?? 'range',
    allSettings: saved.allSettings === true,
    sampleStep: isStep(saved.sampleStep) ? saved.sampleStep : null,
    factors: Object.fromEntries(
      Object.entries(savedFields<Record<string, number>>(saved.factors)).filter(
        (entry): entry is [string, number] => runs.includes(entry[0]) && isFactor(entry[1]),
      ),
    ),
    ...restoreChartViewState(saved),
  };
}

/** Whether estimates can be divided by it. */
export const isFactor = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0;

function restoreChartViewState(saved: Unchecked<ChartViewState>): ChartViewState {
  const { zoom, hidden, window, log, axis, toolsOpen } = saved;
  return {
    zoom:
      Array.isArray(zoom) && zoom.length === 2 && zoom.every(isStep) && zoom[0] < zoom[1] ? [zoom[0], zoom[1]] : null,
    hidden: Array.isArray(hidden) ? hidden.filter((key) => typeof key === 'string') : [],
    window: smoothingWindows.find((each) => each === window) ?? defaultChartViewState.window,
    log: log === true,
    axis: xAxes.find((each) => each === axis) ?? 'step',
    toolsOpen: toolsOpen === true,
  };
}

const isStep = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
