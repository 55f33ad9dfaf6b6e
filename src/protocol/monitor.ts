// What crosses between the extension and the monitor's page: whole state when the page is ready, then what is new.
import type { CommandKind } from './control';
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

export interface MonitorNote {
  readonly step: number;
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
}

/** How the run is doing, for the head of the page. */
export interface MonitorStatus {
  readonly status: RunStatus | null;
  readonly liveness: Liveness | null;
}

/** Everything that the page shows of a run. */
export interface MonitorState extends MonitorStatus {
  /** Names the run to the page's own memory (chosen step, zoom), in this window and the next. */
  readonly id: string;
  readonly name: string;
  readonly directory: string;
  /** What is drawn as the main curve, with a line that theory singles out (log 2) where there is one. */
  readonly estimate: {
    readonly label: string;
    readonly text: string;
    readonly theory: { readonly label: string; readonly value: number } | null;
  };
  readonly columns: readonly MonitorColumn[];
  readonly rows: MonitorRows;
  readonly samples: readonly MonitorSample[];
  readonly notes: readonly MonitorNote[];
  /** The experiment's settings, flattened to `critic.width` = '128', for a table. */
  readonly settings: readonly (readonly [key: string, value: string])[];
}

/** From the extension to the page. */
export type ToPage =
  | { readonly type: 'state'; readonly state: MonitorState }
  /** Appended rows, in the order of the state's columns. */
  | { readonly type: 'rows'; readonly rows: MonitorRows }
  | ({ readonly type: 'status' } & MonitorStatus)
  | { readonly type: 'samples'; readonly samples: readonly MonitorSample[] }
  | { readonly type: 'notes'; readonly notes: readonly MonitorNote[] }
  /** The run cannot be shown, in a sentence that says what to do. */
  | { readonly type: 'problem'; readonly message: string };

/** From the page to the extension. */
export type FromPage =
  | { readonly type: 'ready' }
  | { readonly type: 'control'; readonly command: CommandKind }
  /** Go on with a run that has ended. */
  | { readonly type: 'goOn' }
  | { readonly type: 'openSample'; readonly step: number }
  | { readonly type: 'openLog' }
  | { readonly type: 'openExperiment' }
  | { readonly type: 'reveal' };
