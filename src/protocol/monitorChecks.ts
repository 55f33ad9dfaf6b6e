// Validates messages of the monitor on both sides, for all kinds of messages, field by field.
import { type Check, count, finite, listOf, object, oneOf, optional, orNull, record, text } from './check';
import { type Checked, commandKinds, isSlowMotionRate, simpleCommandKinds } from './control';
import { nextSteps } from './monitor';
import type {
  ComparedRun,
  FromPage,
  FromReproductionsPage,
  FromRunPage,
  MonitorColumn,
  MonitorEstimate,
  MonitorLive,
  MonitorNotice,
  MonitorRows,
  MonitorSample,
  MonitorSetting,
  MonitorState,
  RunMessage,
  ToPage,
} from './monitor';
import { doctorActions, type FromDoctor, isDoctorCheck } from './doctor';
import { isStepSummary } from './histograms';
import { isLatentRequest, type LatentAnswer } from './latents';
import { livePreviewFields } from './livePreview';
import { isProtocol } from './metricProtocol';
import { isReproduction, isRunName } from './reproductions';
import { type FromRunsTable, isTableRun } from './runsTable';
import { checkStatus } from './status';
import { fromSweepPage, type FromSweepPage, sweepMessages } from './sweep';

/** Validates a message to the page. Unknown fields are allowed: they are not read. */
export const checkToPage = (value: unknown): Checked<ToPage> => checked<ToPage>(value, toPage);

/** Validates a message to the extension and removes unknown fields. */
export function checkFromPage(value: unknown): Checked<FromPage> {
  const message = checked<FromPage>(value, fromPage);
  if ('problem' in message) return message;
  const known = ['type', ...Object.keys(fromPage[message.value.type])];
  return {
    value: Object.fromEntries(Object.entries(message.value).filter(([key]) => known.includes(key))) as FromPage,
  };
}

type Message = { readonly type: string };
/** The checks of each field for each kind of message. */
type Table<M extends Message> = {
  readonly [T in M['type']]: { readonly [F in Exclude<keyof Extract<M, { type: T }>, 'type'>]-?: Check };
};

function checked<M extends Message>(value: unknown, table: Table<M>): Checked<M> {
  if (!record(value)) return { problem: 'it is not an object' };
  const { type } = value as { type?: unknown };
  if (typeof type !== 'string' || !Object.hasOwn(table, type)) return { problem: 'its type is unknown' };
  const fields: Readonly<Record<string, Check>> = table[type as M['type']];
  const wrong = Object.keys(fields).find((field) => !fields[field]((value as Record<string, unknown>)[field]));
  return wrong === undefined
    ? { value: value as M }
    : { problem: `the '${wrong}' of a message '${type}' is not valid` };
}

const is =
  <M extends Message>(table: Table<M>): Check =>
  (value) =>
    !('problem' in checked(value, table));

const status: Check = orNull((value) => !('problem' in checkStatus(value)));
const liveness = orNull(oneOf('alive', 'stalled', 'dead', 'ended', 'elsewhere'));
const hasPrevious: Check = optional((value) => typeof value === 'boolean');
const givenName = optional(text);
const column = object<MonitorColumn>({ name: text, label: text, unit: text, protocol: optional(isProtocol) });
const estimate = object<MonitorEstimate>({
  label: text,
  text,
  theory: orNull(object<NonNullable<MonitorEstimate['theory']>>({ label: text, value: finite })),
});
const samples = listOf(object<MonitorSample>({ step: count, uri: text }));
const notices = listOf(object<MonitorNotice>({ step: count, level: oneOf('info', 'warning', 'error'), message: text }));
const settings = listOf(object<MonitorSetting>({ key: text, value: text, written: orNull(text) }));

/** Columns of equal length by name. */
const rows: Check = (value) => {
  const { step, wallTime, values } = (value ?? {}) as Partial<MonitorRows>;
  if (!(step instanceof Float64Array) || !(wallTime instanceof Float64Array) || !record(values)) return false;
  const columns = Object.values(values as Record<string, unknown>);
  return (
    wallTime.length === step.length &&
    columns.every((each) => each instanceof Float32Array && each.length === step.length)
  );
};

const state = object<MonitorState>({
  id: text,
  name: text,
  directory: text,
  parent: orNull(object<NonNullable<MonitorState['parent']>>({ directory: text, step: count })),
  seed: orNull(finite),
  status,
  liveness,
  hasPrevious,
  givenName,
  estimate,
  columns: listOf(column),
  rows,
  samples,
  real: orNull(text),
  notices,
  histograms: listOf(isStepSummary),
  settings,
  log: listOf(text),
});

const live = object<MonitorLive>({ ...livePreviewFields, uri: text });

const ofRun: Table<RunMessage> = {
  state: { state },
  rows: { rows },
  curve: { rows, total: count },
  values: { rows },
  status: { status, liveness, hasPrevious, givenName },
  samples: { from: count, samples, real: orNull(text) },
  notices: { notices },
  histograms: { from: count, histograms: listOf(isStepSummary) },
  log: { log: listOf(text) },
  live: { live: orNull(live) },
  answered: { request: oneOf(...commandKinds, 'resumeRun'), id: orNull(text) },
  explored: {
    answer: object<LatentAnswer>({ uri: orNull(text), step: orNull(count), problem: orNull(text) }),
  },
  deleted: { kind: oneOf('run', 'sweep'), name: text },
  problem: { message: orNull(text) },
};

const toPage: Table<ToPage> = {
  ...ofRun,
  ...sweepMessages,
  comparison: { runs: listOf(object<ComparedRun>({ id: text, name: text })) },
  of: { id: text, message: is<RunMessage>(ofRun) },
  runsTable: { runs: listOf(isTableRun), baseline: orNull(text) },
  tableRuns: { runs: listOf(isTableRun) },
  reproductions: { root: text, reproductions: listOf(isReproduction) },
  studyAnswered: { study: text },
  distances: {},
  doctor: { about: text, checks: listOf(isDoctorCheck), checking: oneOf(true, false), problem: orNull(text) },
};

const sample: Check = (value) => value === 'real' || value === 'live' || count(value);

const fromReproductions: Table<FromReproductionsPage> = {
  runStudy: { study: text },
  runStudyAgain: { study: text },
  stopStudy: { study: text },
  openReport: { study: text },
  openFigure: { study: text },
  revealStudy: { study: text },
  openTraining: { study: text, run: isRunName },
};

/** Whether a message comes from the page of reproductions. */
export const isFromReproductions = (message: FromPage): message is FromReproductionsPage =>
  Object.hasOwn(fromReproductions, message.type);

const fromRunsTable: Table<FromRunsTable> = {
  openTableRun: { id: text },
  compareTableRuns: { ids: listOf(text) },
  pinBaseline: { id: orNull(text) },
  annotateRun: { id: text, name: text, tags: listOf(text), notes: text },
};

/** Whether a message comes from the runs table. */
export const isFromRunsTable = (message: FromPage): message is FromRunsTable =>
  Object.hasOwn(fromRunsTable, message.type);

const fromDoctor: Table<FromDoctor> = { doctorAction: { action: oneOf(...doctorActions) } };

/** Whether a message comes from the page of the doctor. */
export const isFromDoctor = (message: FromPage): message is FromDoctor => Object.hasOwn(fromDoctor, message.type);

/** Whether a message comes from the page of a sweep. */
export const isFromSweep = (message: FromPage): message is FromSweepPage => Object.hasOwn(fromSweepPage, message.type);

const fromRun: Table<FromRunPage> = {
  control: { command: oneOf(...simpleCommandKinds) },
  slowMotion: { rate: isSlowMotionRate },
  resumeRun: {},
  nextStep: { step: oneOf(...nextSteps) },
  openSample: { sample },
  saveSample: { sample },
  saveCsv: {},
  explore: { request: isLatentRequest },
  openLog: {},
  openExperiment: {},
  reveal: {},
  openRun: { id: text },
};

/** Whether a message comes from the page of a run or a comparison. */
export const isFromRun = (message: FromPage): message is FromRunPage => Object.hasOwn(fromRun, message.type);

const fromPage: Table<FromPage> = {
  ...fromRun,
  ...fromReproductions,
  ...fromRunsTable,
  ...fromSweepPage,
  ...fromDoctor,
  ready: {},
};
