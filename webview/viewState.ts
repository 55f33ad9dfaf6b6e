// What the page remembers of how it was looked at: kept by VS Code while the page is hidden and over a reload.
import type { StepRange } from './charts/chartPlan';

/** Lengths of the median filter, in steps. 101 is that of the curves of Arjovsky et al., Wasserstein GAN, 2017. */
export const smoothingWindows = [1, 11, 101, 501] as const;

export type SmoothingWindow = (typeof smoothingWindows)[number];

/** What the tools of the main chart change. */
export interface ChartSettings {
  /** 1 for no smoothing. */
  readonly window: SmoothingWindow;
  /** Axes of values are logarithmic, as far as values are positive. */
  readonly log: boolean;
}

/** How charts are looked at. */
export interface ChartViewState extends ChartSettings {
  /** The steps that the charts show; null for all. */
  readonly zoom: StepRange | null;
  /** What hides lines. */
  readonly hidden: readonly string[];
}

export interface RunViewState extends ChartViewState {
  /** The run's id; the extension finds the run by it after a reload. */
  readonly id: string;
  /** The step whose samples are shown; null where they follow the latest. */
  readonly sampleStep: number | null;
  /** Real samples are laid beside the generated ones. */
  readonly real: boolean;
  readonly histogramsOpen: boolean;
  readonly settingsOpen: boolean;
  readonly logOpen: boolean;
}

export interface CompareViewState extends ChartViewState {
  /** The ids of the runs; the extension finds them by it after a reload. */
  readonly runs: readonly string[];
  /** The column of the main chart. */
  readonly column: string;
  readonly band: BandMode;
  readonly allSettings: boolean;
}

/** What is drawn of runs that differ in their seed alone: all there is, the middle half, or each run by itself. */
export const bandModes = ['range', 'quartiles', 'runs'] as const;

export type BandMode = (typeof bandModes)[number];

const defaultChartViewState: ChartViewState = { zoom: null, hidden: [], window: 101, log: false };

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
  column: 'estimate',
  band: 'range',
  allSettings: false,
  ...defaultChartViewState,
});

/** What was remembered of the run `id`, part by part, as far as it is what a page wrote; fresh for another run. */
export function restoreRunViewState(value: unknown, id: string): RunViewState {
  const kept = fields<RunViewState>(value);
  if (kept.id !== id) return defaultRunViewState(id);
  return {
    id,
    sampleStep: isStep(kept.sampleStep) ? kept.sampleStep : null,
    real: kept.real === true,
    histogramsOpen: kept.histogramsOpen === true,
    settingsOpen: kept.settingsOpen === true,
    logOpen: kept.logOpen === true,
    ...restoreChartViewState(kept),
  };
}

/** The same of the comparison of `runs`. */
export function restoreCompareViewState(value: unknown, runs: readonly string[]): CompareViewState {
  const kept = fields<CompareViewState>(value);
  if (
    !Array.isArray(kept.runs) ||
    kept.runs.length !== runs.length ||
    runs.some((id) => !(kept.runs as unknown[]).includes(id))
  )
    return defaultCompareViewState(runs);
  return {
    runs,
    column: typeof kept.column === 'string' ? kept.column : 'estimate',
    band: bandModes.find((each) => each === kept.band) ?? 'range',
    allSettings: kept.allSettings === true,
    ...restoreChartViewState(kept),
  };
}

type Kept<T> = { readonly [K in keyof T]?: unknown };

const fields = <T>(value: unknown): Kept<T> => (typeof value === 'object' && value !== null ? value : {});

function restoreChartViewState({ zoom, hidden, window, log }: Kept<ChartViewState>): ChartViewState {
  return {
    zoom:
      Array.isArray(zoom) && zoom.length === 2 && zoom.every(isStep) && zoom[0] < zoom[1] ? [zoom[0], zoom[1]] : null,
    hidden: Array.isArray(hidden) ? hidden.filter((key) => typeof key === 'string') : [],
    window: smoothingWindows.find((each) => each === window) ?? defaultChartViewState.window,
    log: log === true,
  };
}

const isStep = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
