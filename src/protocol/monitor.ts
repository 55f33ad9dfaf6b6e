// What crosses between the extension and the monitor's page: whole state when the page is ready, then what is new.
import type { SimpleCommandKind } from './control';
import type { StepSummary } from './histograms';
import type { StepPosition } from './livePreview';
import type { Liveness, RunStatus } from './status';

/** A column of the curve. */
export interface MonitorColumn {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
}

/** Rows of the curve by column; NaN where nothing was measured. `values` has a column's numbers under its name. */
export interface MonitorRows {
  readonly step: Float64Array;
  /** Unix seconds. */
  readonly wallTime: Float64Array;
  readonly values: Readonly<Record<string, Float32Array>>;
}

export interface MonitorSample {
  readonly step: number;
  /** A URI that the page may load, changed when the picture changes. */
  readonly uri: string;
}

/** The pictures of a run. */
export interface MonitorSamples {
  readonly samples: readonly MonitorSample[];
  /** The URI of real samples, to be laid beside; null where the run has none. */
  readonly real: string | null;
}

export interface MonitorNotice {
  readonly step: number;
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
}

/** A setting as the run has it: `critic.width` = '128'. */
export interface MonitorSetting {
  readonly key: string;
  readonly value: string;
  /** What the experiment file says of it; null where it says nothing, and a preset or a default decided. */
  readonly written: string | null;
}

/** How the run is doing, for the head of the page. */
export interface MonitorStatus {
  readonly status: RunStatus | null;
  readonly liveness: Liveness | null;
}

/** What is drawn as the main curve, with a line that theory singles out (log 2) where there is one. */
export interface MonitorEstimate {
  readonly label: string;
  readonly text: string;
  readonly theory: { readonly label: string; readonly value: number } | null;
}

/** Everything that the page shows of a run. */
export interface MonitorState extends MonitorStatus, MonitorSamples {
  /** Names the run to the page's own memory (chosen step, zoom), in this window and the next. */
  readonly id: string;
  readonly name: string;
  readonly directory: string;
  /** Null before the trainer has written it. */
  readonly seed: number | null;
  readonly estimate: MonitorEstimate;
  readonly columns: readonly MonitorColumn[];
  readonly rows: MonitorRows;
  readonly notices: readonly MonitorNotice[];
  /** Weights and gradients by rising step. */
  readonly histograms: readonly StepSummary[];
  /** The experiment, resolved, one setting a line. */
  readonly settings: readonly MonitorSetting[];
  /** The last lines of the log. */
  readonly log: readonly string[];
}

/** The run as it is at this moment, while it is stepped by hand or in slow motion. */
export interface MonitorLive extends StepPosition {
  /** What the update before measured, by column; null where that is not finite. */
  readonly values: Readonly<Record<string, number | null>>;
  /** A URI that the page may load, changed with each picture. */
  readonly uri: string;
}

/** What is said of one run. */
export type RunMessage =
  | { readonly type: 'state'; readonly state: MonitorState }
  /** Appended rows, in the order of the state's columns. */
  | { readonly type: 'rows'; readonly rows: MonitorRows }
  | ({ readonly type: 'status' } & MonitorStatus)
  | ({ readonly type: 'samples' } & MonitorSamples)
  | { readonly type: 'notices'; readonly notices: readonly MonitorNotice[] }
  /** The histograms from place `from` of the list on; what is there is replaced. */
  | { readonly type: 'histograms'; readonly from: number; readonly histograms: readonly StepSummary[] }
  | { readonly type: 'log'; readonly log: readonly string[] }
  /** Null when each update is not looked at any more. */
  | { readonly type: 'live'; readonly live: MonitorLive | null }
  /** The run cannot be shown, in a sentence that says what to do. */
  | { readonly type: 'problem'; readonly message: string };

/** A run of a comparison, before anything of it has been read. */
export interface ComparedRun {
  readonly id: string;
  readonly name: string;
}

/** From the extension to the page. A page shows a run, or a comparison: each run's messages come in `of`. */
export type ToPage =
  | RunMessage
  | { readonly type: 'comparison'; readonly runs: readonly ComparedRun[] }
  | { readonly type: 'of'; readonly id: string; readonly message: RunMessage };

/** A picture of a run: the samples of a step, the real ones, or how it is at this moment. */
export type SampleName = number | 'real' | 'live';

/** From the page to the extension. */
export type FromPage =
  | { readonly type: 'ready' }
  | { readonly type: 'control'; readonly command: SimpleCommandKind }
  /** Slow motion, in updates a second; null to end it. */
  | { readonly type: 'slowMotion'; readonly rate: number | null }
  /** Go on with a run that has ended. */
  | { readonly type: 'resumeRun' }
  | { readonly type: 'openSample'; readonly sample: SampleName }
  | { readonly type: 'saveSample'; readonly sample: SampleName }
  /** The curves, of all runs of a comparison, as a table. */
  | { readonly type: 'saveCsv' }
  | { readonly type: 'openLog' }
  | { readonly type: 'openExperiment' }
  | { readonly type: 'reveal' }
  /** Of a comparison: the monitor of one of its runs. */
  | { readonly type: 'openRun'; readonly id: string };
