// What the page remembers of how it was looked at: kept by VS Code while the page is hidden and over a reload.
import type { Steps } from './charts/chartPlan';

/** Lengths of the median filter, in steps. 101 is that of the curves of Arjovsky et al., Wasserstein GAN, 2017. */
export const windows = [1, 11, 101, 501] as const;

export type Window = (typeof windows)[number];

/** What the tools of the main chart change. */
export interface Tools {
  /** 1 for no smoothing. */
  readonly window: Window;
  /** Axes of values are logarithmic, as far as values are positive. */
  readonly log: boolean;
}

/** How charts are looked at. */
export interface ChartMemory extends Tools {
  /** The steps that the charts show; null for all. */
  readonly zoom: Steps | null;
  /** What hides lines. */
  readonly hidden: readonly string[];
}

export interface Memory extends ChartMemory {
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

export interface CompareMemory extends ChartMemory {
  /** The ids of the runs; the extension finds them by it after a reload. */
  readonly runs: readonly string[];
  /** The column of the main chart. */
  readonly column: string;
  readonly band: Band;
  readonly allSettings: boolean;
}

/** What is drawn of runs that differ in their seed alone: all there is, the middle half, or each run by itself. */
export const bands = ['range', 'quartiles', 'runs'] as const;

export type Band = (typeof bands)[number];

const freshCharts: ChartMemory = { zoom: null, hidden: [], window: 101, log: false };

export const freshMemory = (id: string): Memory => ({
  id,
  sampleStep: null,
  real: false,
  histogramsOpen: false,
  settingsOpen: false,
  logOpen: false,
  ...freshCharts,
});

export const freshCompareMemory = (runs: readonly string[]): CompareMemory => ({
  runs,
  column: 'estimate',
  band: 'range',
  allSettings: false,
  ...freshCharts,
});

/** What was remembered of the run `id`, part by part, as far as it is what a page wrote; fresh for another run. */
export function readMemory(value: unknown, id: string): Memory {
  const kept = fields<Memory>(value);
  if (kept.id !== id) return freshMemory(id);
  return {
    id,
    sampleStep: isStep(kept.sampleStep) ? kept.sampleStep : null,
    real: kept.real === true,
    histogramsOpen: kept.histogramsOpen === true,
    settingsOpen: kept.settingsOpen === true,
    logOpen: kept.logOpen === true,
    ...readCharts(kept),
  };
}

/** The same of the comparison of `runs`. */
export function readCompareMemory(value: unknown, runs: readonly string[]): CompareMemory {
  const kept = fields<CompareMemory>(value);
  if (
    !Array.isArray(kept.runs) ||
    kept.runs.length !== runs.length ||
    runs.some((id) => !(kept.runs as unknown[]).includes(id))
  )
    return freshCompareMemory(runs);
  return {
    runs,
    column: typeof kept.column === 'string' ? kept.column : 'estimate',
    band: bands.find((each) => each === kept.band) ?? 'range',
    allSettings: kept.allSettings === true,
    ...readCharts(kept),
  };
}

type Kept<T> = { readonly [K in keyof T]?: unknown };

const fields = <T>(value: unknown): Kept<T> => (typeof value === 'object' && value !== null ? value : {});

function readCharts({ zoom, hidden, window, log }: Kept<ChartMemory>): ChartMemory {
  return {
    zoom:
      Array.isArray(zoom) && zoom.length === 2 && zoom.every(isStep) && zoom[0] < zoom[1] ? [zoom[0], zoom[1]] : null,
    hidden: Array.isArray(hidden) ? hidden.filter((key) => typeof key === 'string') : [],
    window: windows.find((each) => each === window) ?? freshCharts.window,
    log: log === true,
  };
}

const isStep = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
