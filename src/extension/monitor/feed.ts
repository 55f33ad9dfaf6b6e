// Feeds the monitor's page from a run directory: whole state first, then what is new, for as long as somebody looks.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type {
  MonitorColumn,
  MonitorNote,
  MonitorRows,
  MonitorSample,
  MonitorStatus,
  ToPage,
} from '../../protocol/monitor';
import { readManifest, runPaths } from '../../run/directory';
import { errno, isRunError } from '../../run/errors';
import { followMetrics } from '../../run/metricsReader';
import { readNotes } from '../../run/notes';
import { poll } from '../../run/polling';
import { liveness, readStatus } from '../../run/status';
import { type MonitorHead, monitorHead, monitorRows, noRows } from './state';

export interface FeedOptions {
  readonly directory: string;
  /** What is known of a run whose trainer has not written anything yet. */
  readonly starting?: () => unknown;
  readonly post: (message: ToPage) => void;
  /** The URI under which the page may load a picture; `version` changes when the picture does. */
  readonly pictureUri: (file: string, version: string) => string;
  /** In milliseconds: how often the curve, and everything else, is looked at. */
  readonly everyMs?: { readonly curve: number; readonly rest: number };
}

export interface Feed {
  /** Settles after `stop()`, when nothing more will be posted. */
  readonly stopped: Promise<void>;
  stop(): void;
}

/** Starts feeding. The first message is the whole state, or the problem that stands in its way until it is gone. */
export function feedMonitor(options: FeedOptions): Feed {
  const { directory, post, everyMs = { curve: 250, rest: 500 } } = options;
  const paths = runPaths(directory);
  let head: MonitorHead | undefined;
  let columns: readonly MonitorColumn[] = [];
  let sent = false;
  let problem = '';
  let curve: MonitorRows | undefined;
  let rest: Rest = { status: { status: null, liveness: null }, samples: noSamples, notes: noNotes };

  const report = (error: unknown) => {
    const message = isRunError(error) ? error.message : `The run cannot be shown: ${String(error)}`;
    if (message === problem) return;
    problem = message;
    post({ type: 'problem', message });
  };
  const sendState = (rows: MonitorRows, { name, estimate, settings }: MonitorHead) => {
    const { status, samples, notes } = rest;
    const lists = { samples: samples.list, notes: notes.list };
    post({ type: 'state', state: { id: directory, name, directory, estimate, settings, columns, rows, ...status, ...lists } }); // prettier-ignore
    sent = true;
    problem = '';
    curve = undefined;
  };
  const look = async () => {
    head ??= readHead(directory, options.starting);
    const before = rest;
    rest = {
      status: statusOf(directory),
      samples: await samplesOf(paths.samples, before.samples, options.pictureUri),
      notes: await notesOf(directory, paths.notes, before.notes),
    };
    if (!sent) {
      const none = (await stampOf(paths.metrics)) === 'ENOENT';
      // From here on nothing is awaited: the curve may come at any moment.
      if (curve || none) sendState(curve ?? noRows, head);
      return;
    }
    if (rest.samples !== before.samples) post({ type: 'samples', samples: rest.samples.list });
    if (rest.notes !== before.notes) post({ type: 'notes', notes: rest.notes.list });
    if (differs(rest.status, before.status)) post({ type: 'status', ...rest.status });
  };
  const following = followMetrics(
    paths.metrics,
    (change) => {
      const rows = monitorRows(change.rows);
      if (change.kind === 'appended' && sent) return post({ type: 'rows', rows });
      ({ columns } = change);
      // The first look has not ended yet: it sends the state, with these rows.
      if (!sent || head === undefined) {
        curve = curve && change.kind === 'appended' ? joined(curve, rows) : rows;
        looking.nudge();
      } else {
        head = readHead(directory, options.starting);
        sendState(rows, head);
      }
    },
    { everyMs: everyMs.curve, onError: report },
  );
  const looking = poll(look, everyMs.rest, report);
  return {
    stopped: Promise.all([following.stopped, looking.stopped]).then(() => {}),
    stop() {
      following.stop();
      looking.stop();
    },
  };
}

interface Rest {
  readonly status: MonitorStatus;
  readonly samples: Listed<MonitorSample>;
  readonly notes: Listed<MonitorNote>;
}

/** A list and the stamp of the file or folder that it was read from; the same object until that changes. */
interface Listed<T> {
  readonly list: readonly T[];
  readonly stamp: string;
}

const noSamples: Listed<MonitorSample> = { list: [], stamp: 'ENOENT' };
const noNotes: Listed<MonitorNote> = { list: [], stamp: 'ENOENT' };

function readHead(directory: string, starting?: () => unknown): MonitorHead {
  const name = path.basename(directory);
  try {
    return monitorHead(readManifest(directory).experiment, name);
  } catch (error) {
    const experiment = starting?.();
    if (experiment === undefined || !isRunError(error) || error.code !== 'not-a-run') throw error;
    return monitorHead(experiment, name);
  }
}

function statusOf(directory: string): MonitorStatus {
  const status = readStatus(directory);
  return { status, liveness: status && liveness(status) };
}

const differs = (a: MonitorStatus, b: MonitorStatus): boolean =>
  a.liveness !== b.liveness || a.status?.updatedAt !== b.status?.updatedAt;

async function samplesOf(
  folder: string,
  before: Listed<MonitorSample>,
  uriOf: FeedOptions['pictureUri'],
): Promise<Listed<MonitorSample>> {
  // A picture is renamed into place, which changes the folder's time.
  const stamp = await stampOf(folder);
  if (stamp === before.stamp) return before;
  const names = stamp === 'ENOENT' ? [] : await readdir(folder);
  const steps = names.flatMap((name) => /^step-(\d{1,15})\.png$/.exec(name)?.[1] ?? []).map(Number);
  const list = await Promise.all(
    steps
      .sort((a, b) => a - b)
      .map(async (step) => {
        const file = samplePath(folder, step);
        return { step, uri: uriOf(file, await stampOf(file)) };
      }),
  );
  return { list, stamp };
}

/** The picture of a step in a run's folder of samples. */
export const samplePath = (folder: string, step: number): string => path.join(folder, `step-${step}.png`);

async function notesOf(directory: string, file: string, before: Listed<MonitorNote>): Promise<Listed<MonitorNote>> {
  const stamp = await stampOf(file);
  if (stamp === before.stamp) return before;
  const list = readNotes(directory).map(({ step, level, message }) => ({ step, level, message }));
  return { list, stamp };
}

async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return `${mtimeMs}-${size}-${ino}`;
  } catch (error) {
    const code = errno(error);
    if (code === 'ENOENT') return code;
    throw error;
  }
}

/** Rows `a`, then rows `b`, of the same columns. */
function joined(a: MonitorRows, b: MonitorRows): MonitorRows {
  return {
    step: concat(Float64Array, a.step, b.step),
    wallTime: concat(Float64Array, a.wallTime, b.wallTime),
    values: Object.fromEntries(Object.keys(a.values).map((name) => [name, concat(Float32Array, a.values[name], b.values[name])])), // prettier-ignore
  };
}

function concat<A extends Float64Array | Float32Array>(Type: new (length: number) => A, a: A, b: A): A {
  const all = new Type(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
