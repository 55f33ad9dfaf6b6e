// Messages between the extension and the monitor page: the full state when the page is ready, then changes.
import type { CommandKind, SimpleCommandKind } from './control';
import type { DoctorReport, FromDoctor } from './doctor';
import type { StepSummary } from './histograms';
import type { LatentAnswer, LatentRequest } from './latents';
import type { StepPosition } from './livePreview';
import type { Protocol } from './metricProtocol';
import type { Reproduction } from './reproductions';
import type { FromRunsTable, ToRunsTable } from './runsTable';
import type { Liveness, RunStatus } from './status';
import type { FromSweepPage, SweepMessage } from './sweep';

/** A column of the curve. */
export interface MonitorColumn {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  /** How a metric was measured that depends on more than the samples: only equal protocols can be compared. */
  readonly protocol?: Protocol;
}

/** Rows of the curve by column; NaN for missing values. `values` has the numbers of each column by name. */
export interface MonitorRows {
  readonly step: Float64Array;
  /** Unix seconds. */
  readonly wallTime: Float64Array;
  readonly values: Readonly<Record<string, Float32Array>>;
}

export interface MonitorSample {
  readonly step: number;
  /** A URI that the page may load; changes with the image. */
  readonly uri: string;
}

/** The sample images of a run. */
export interface MonitorSamples {
  readonly samples: readonly MonitorSample[];
  /** The URI of the image of real samples; null if the run has none. */
  readonly real: string | null;
}

export interface MonitorNotice {
  readonly step: number;
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
}

/** A resolved setting, such as `critic.width` = '128'. */
export interface MonitorSetting {
  readonly key: string;
  readonly value: string;
  /** The value in the experiment file; null if a preset or default applied. */
  readonly written: string | null;
}

/** The state of the run, for the header of the page. */
export interface MonitorStatus {
  readonly status: RunStatus | null;
  readonly liveness: Liveness | null;
  /** Whether its experiment has an earlier run to compare it with. */
  readonly hasPrevious?: boolean;
  /** The name that the user gave the run instead of that of its experiment. */
  readonly givenName?: string;
}

/** The main curve, and a reference value from theory, such as log 2, if there is one. */
export interface MonitorEstimate {
  readonly label: string;
  readonly text: string;
  readonly theory: { readonly label: string; readonly value: number } | null;
}

/** Everything the page shows of a run. */
export interface MonitorState extends MonitorStatus, MonitorSamples {
  /** The key under which the page persists its view state (selected step, zoom). */
  readonly id: string;
  readonly name: string;
  readonly directory: string;
  /** The run that it is a fork of, and the step of the checkpoint that it began with; null if it is none. */
  readonly parent: { readonly directory: string; readonly step: number } | null;
  /** Null before the trainer has written it. */
  readonly seed: number | null;
  readonly estimate: MonitorEstimate;
  readonly columns: readonly MonitorColumn[];
  readonly rows: MonitorRows;
  readonly notices: readonly MonitorNotice[];
  /** Weight and gradient histograms in ascending order of steps. */
  readonly histograms: readonly StepSummary[];
  /** The resolved experiment, one entry per setting. */
  readonly settings: readonly MonitorSetting[];
  /** The last lines of the log. */
  readonly log: readonly string[];
}

/** The live preview of a run during manual stepping or slow motion. */
export interface MonitorLive extends StepPosition {
  /** The losses of the previous update by column; null if not finite. */
  readonly values: Readonly<Record<string, number | null>>;
  /** A URI that the page may load; changes with the image. */
  readonly uri: string;
}

/** What a button of the page asks for: a command to the trainer, or to resume a run that has ended. */
export type RequestKind = CommandKind | 'resumeRun';

/** The folder of what is shown no longer exists; its whole state follows if it comes back. */
export interface Deleted {
  readonly type: 'deleted';
  readonly kind: 'run' | 'sweep';
  /** Its name, or that of its folder. */
  readonly name: string;
}

/** A message about one run. */
export type RunMessage =
  | { readonly type: 'state'; readonly state: MonitorState }
  /** Appended rows, in the order of the state's columns. */
  | { readonly type: 'rows'; readonly rows: MonitorRows }
  /** The next part of a long curve, of which the state had a thinned one: all `total` rows replace that. */
  | { readonly type: 'curve'; readonly rows: MonitorRows; readonly total: number }
  /** Values of rows that were sent before: of metrics that took longer than the step. */
  | { readonly type: 'values'; readonly rows: MonitorRows }
  | ({ readonly type: 'status' } & MonitorStatus)
  /** Replaces the sample images from index `from` of the list. */
  | ({ readonly type: 'samples'; readonly from: number } & MonitorSamples)
  | { readonly type: 'notices'; readonly notices: readonly MonitorNotice[] }
  /** Replaces the histograms from index `from` of the list. */
  | { readonly type: 'histograms'; readonly from: number; readonly histograms: readonly StepSummary[] }
  | { readonly type: 'log'; readonly log: readonly string[] }
  /** Null when manual stepping or slow motion ends. */
  | { readonly type: 'live'; readonly live: MonitorLive | null }
  /**
   * What has become of a button: the trainer acknowledges its command by `id`; '' for a resume, which begins an
   * attempt. Null if it has no effect, of which the user has been told.
   */
  | { readonly type: 'answered'; readonly request: RequestKind; readonly id: string | null }
  /** The answer to the last request of the latent explorer. */
  | { readonly type: 'explored'; readonly answer: LatentAnswer }
  | Deleted
  /** The run cannot be shown; `message` explains what to do. Null when the problem is solved. */
  | { readonly type: 'problem'; readonly message: string | null };

/** A run of a comparison, before any of its files is read. */
export interface ComparedRun {
  readonly id: string;
  readonly name: string;
}

/**
 * From the extension to the page. A page shows a run, a comparison, whose runs' messages are wrapped in `of`, the table
 * of all runs, a sweep, the reproductions of a workspace folder, the doctor, or distances between distributions, for
 * which it needs nothing.
 */
export type ToPage =
  | RunMessage
  | ToRunsTable
  | SweepMessage
  | { readonly type: 'comparison'; readonly runs: readonly ComparedRun[] }
  | { readonly type: 'of'; readonly id: string; readonly message: RunMessage }
  | { readonly type: 'reproductions'; readonly root: string; readonly reproductions: readonly Reproduction[] }
  /** A request to start or stop a study has had its effect, or has none. */
  | { readonly type: 'studyAnswered'; readonly study: string }
  | { readonly type: 'distances' }
  | ({ readonly type: 'doctor' } & DoctorReport);

/** An image of a run: the samples of a step, real samples, or the live preview. */
export type SampleName = number | 'real' | 'live';

/** From the page to the extension. */
export type FromPage =
  | FromRunPage
  | FromRunsTable
  | FromSweepPage
  | FromReproductionsPage
  | FromDoctor
  | { readonly type: 'ready' };

/** From the page of reproductions, about a study of the catalog. */
export type FromReproductionsPage =
  /** Runs the study, or continues it. */
  | { readonly type: 'runStudy'; readonly study: string }
  /** Deletes its trainings and result first. */
  | { readonly type: 'runStudyAgain'; readonly study: string }
  | { readonly type: 'stopStudy'; readonly study: string }
  | { readonly type: 'openReport'; readonly study: string }
  | { readonly type: 'openFigure'; readonly study: string }
  | { readonly type: 'revealStudy'; readonly study: string }
  /** Opens the monitor of one of its trainings. */
  | { readonly type: 'openTraining'; readonly study: string; readonly run: string };

/** What a run that has ended offers. */
export const nextSteps = [
  'trainLonger',
  'copyExperiment',
  'fork',
  'comparePrevious',
  'exportGenerator',
  'exportSamples',
] as const;

export type NextStep = (typeof nextSteps)[number];

/** From the page of a run or a comparison. */
export type FromRunPage =
  | { readonly type: 'control'; readonly command: SimpleCommandKind }
  /** Slow motion in updates per second; null to end it. */
  | { readonly type: 'slowMotion'; readonly rate: number | null }
  /** Resume a run that has ended. */
  | { readonly type: 'resumeRun' }
  /** What to do with a run that has ended. */
  | { readonly type: 'nextStep'; readonly step: NextStep }
  | { readonly type: 'openSample'; readonly sample: SampleName }
  | { readonly type: 'saveSample'; readonly sample: SampleName }
  /** Save the curves, of all runs of a comparison, as CSV. */
  | { readonly type: 'saveCsv' }
  | { readonly type: 'explore'; readonly request: LatentRequest }
  | { readonly type: 'openLog' }
  | { readonly type: 'openExperiment' }
  | { readonly type: 'reveal' }
  /** Open the monitor of a run of a comparison. */
  | { readonly type: 'openRun'; readonly id: string };
