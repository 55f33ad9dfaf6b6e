// Sends the monitor's page the state of a run, or of several, from their run directories; then what changes.
import path from 'node:path';
import type {
  MonitorColumn,
  MonitorNotice,
  MonitorRows,
  MonitorSamples,
  MonitorStatus,
  RunMessage,
  ToPage,
} from '../../protocol/monitor';
import { readAnnotations } from '../../run/annotations';
import { readManifestAsync, runPaths } from '../../run/directory';
import { inside } from '../../run/diskAccess';
import { isUserError } from '../../shared/userError';
import { followMetrics } from '../../run/metricsReader';
import { poll } from '../../run/polling';
import { columnsAt, type SampleMetrics } from '../../run/runMetrics';
import { findLiveness, readStatusAsync } from '../../run/status';
import { readHistograms, noHistograms, type ReadHistograms } from './histogramReader';
import {
  changeOf,
  empty,
  noNotices,
  type PictureUri,
  type ReadNotices,
  readLogTail,
  readNewNotices,
  readSamples,
  type Stamped,
  stampOf,
} from './runFiles';
import { followLivePreview } from './livePreview';
import { createProblemReport } from './problemReport';
import { type MonitorHead, monitorHead, monitorRows, noRows, partsOf, thinnedRows } from './monitorState';

interface FeedOptions {
  readonly directory: string;
  /** The experiment of a run whose trainer has not written it yet. */
  readonly starting?: () => unknown;
  /** Whether its experiment has an earlier run; asked with every reading of the status. */
  readonly hasPrevious?: () => boolean;
  readonly post: (message: RunMessage) => void;
  readonly pictureUri: PictureUri;
  /** False if the page does not show histograms. */
  readonly histograms?: boolean;
  /** Polling intervals of the curve and of everything else, in milliseconds. */
  readonly everyMs?: { readonly curve: number; readonly rest: number };
}

export interface Feed {
  /** Settles after `stop()`, once nothing more will be posted. */
  readonly stopped: Promise<void>;
  stop(): void;
}

/** Longer curves are sent thinned first, then whole, in parts: the numbers of rows of these. */
const atOnce = 20_000;
const thinned = 5000;

/** Starts the feed. The first message is the whole state, or what prevents it until it can be read. */
export function feedMonitor(options: FeedOptions): Feed {
  const { directory, post, histograms: withHistograms = true, everyMs = { curve: 250, rest: 500 } } = options;
  const paths = runPaths(directory);
  // A link is found when it is listed.
  const samples = inside(directory, 'samples');
  let head: MonitorHead | undefined;
  let columns: readonly MonitorColumn[] = [];
  // Metrics that are computed after the row of their step; null while there are none.
  let later: SampleMetrics | null = null;
  let isLaterUnreadable = false;
  let sent = false;
  let deleted = false;
  let curve: MonitorRows | undefined;
  let damagedRows = 0;
  let rest: Rest = {
    status: { status: null, liveness: null },
    samples: empty({ samples: [], real: null }),
    notices: noNotices,
    histograms: noHistograms,
    log: empty([]),
  };

  const problems = createProblemReport('Cannot show the run', post);
  const notices = (): readonly MonitorNotice[] =>
    damagedRows === 0 ? rest.notices.content : [...rest.notices.content, damageNotice(damagedRows)];
  /** One file that cannot be read does not hide the others. */
  const orBefore = async <K extends keyof Rest>(part: K, read: Promise<Rest[K]>, before: Rest): Promise<Rest[K]> => {
    try {
      const now = await read;
      problems.solved(part);
      return now;
    } catch (error) {
      problems.report(part, error);
      return before[part];
    }
  };
  const sendState = (rows: MonitorRows, run: MonitorHead) => {
    const { status, samples, histograms, log } = rest;
    const lists = { ...samples.content, notices: notices(), histograms: histograms.content, log: log.content };
    const all = [...columns, ...(later?.columns ?? [])];
    const whole = withLater(rows);
    const isLong = whole.step.length > atOnce;
    const first = isLong ? thinnedRows(whole, thinned) : whole;
    post({
      type: 'state',
      state: { id: directory, directory, ...run, columns: all, rows: first, ...status, ...lists },
    });
    // Tens of megabytes, which may come over a network, delay neither the state nor other messages of the editor.
    if (isLong) for (const rows of partsOf(whole, atOnce)) post({ type: 'curve', rows, total: whole.step.length });
    sent = true;
    live.resend();
    problems.reset();
    curve = undefined;
  };
  const withLater = (rows: MonitorRows): MonitorRows =>
    later === null ? rows : { ...rows, values: { ...rows.values, ...columnsAt(rows.step, later) } };
  /** Whether its folder was deleted, of which the page is told once. */
  const isDeleted = async (): Promise<boolean> => {
    const isMissing = (await stampOf(directory)) === 'ENOENT' && options.starting?.() === undefined;
    if (isMissing && !deleted) {
      post({ type: 'deleted', kind: 'run', name: path.basename(directory) });
      problems.reset();
      [sent, head, curve] = [false, undefined, undefined];
    }
    return (deleted = isMissing);
  };
  const update = async () => {
    if (await isDeleted()) return;
    const before = rest;
    const status = await orBefore('status', statusOf(options), before);
    // Images are drawn again by another attempt only.
    const version = String(status.status?.startedAt ?? 0);
    rest = {
      status,
      samples: await orBefore('samples', readSamples(samples, before.samples, version, options.pictureUri), before),
      notices: await orBefore('notices', readNewNotices(paths.notices, before.notices), before),
      histograms: withHistograms
        ? await orBefore('histograms', readHistograms(paths.histograms, before.histograms), before)
        : noHistograms,
      log: await orBefore('log', readLogTail(paths.log, before.log), before),
    };
    live.update(rest.status);
    if (!sent) {
      const none = (await stampOf(paths.metrics)) === 'ENOENT';
      const hasLater = !isLaterUnreadable && (await stampOf(paths.sampleMetrics)) !== 'ENOENT';
      const run = (head ??= await readHead(directory, options.starting));
      // No await from here on: rows of the curve may arrive at any time.
      if ((curve || none) && (later !== null || !hasLater)) sendState(curve ?? noRows, run);
      return;
    }
    if (rest.samples !== before.samples) {
      const { from, items } = changeOf(before.samples.content.samples, rest.samples.content.samples);
      post({ type: 'samples', from, samples: items, real: rest.samples.content.real });
    }
    if (rest.notices !== before.notices) post({ type: 'notices', notices: notices() });
    if (rest.histograms !== before.histograms) {
      const { from, items } = changeOf(before.histograms.content, rest.histograms.content);
      post({ type: 'histograms', from, histograms: items });
    }
    if (rest.log !== before.log) post({ type: 'log', log: rest.log.content });
    if (differs(rest.status, before.status)) post({ type: 'status', ...rest.status });
  };
  const live = followLivePreview({
    directory,
    pictureUri: options.pictureUri,
    onError: (error) => problems.report('live', error),
    onRead: () => problems.solved('live'),
    post: (message) => sent && post(message),
  });
  const following = followMetrics(
    paths.metrics,
    (change) => {
      problems.solved('curve');
      const rows = monitorRows(change.rows);
      damagedRows = change.rows.damaged + (change.kind === 'appended' ? damagedRows : 0);
      if (change.kind === 'appended' && change.rows.damaged > 0 && sent) post({ type: 'notices', notices: notices() });
      if (change.kind === 'appended' && sent) return post({ type: 'rows', rows: withLater(rows) });
      ({ columns } = change);
      // The next poll sends the state with these rows.
      curve = curve && change.kind === 'appended' ? joined(curve, rows) : rows;
      if (sent) head = undefined;
      sent = false;
      polling.nudge();
    },
    { everyMs: everyMs.curve, onError: (error) => problems.report('curve', error) },
  );
  const followingLater = followMetrics(
    paths.sampleMetrics,
    (change) => {
      problems.solved('later');
      later = { columns: change.columns, rows: joinedLater(change.kind === 'appended' ? later : null, change.rows) };
      if (sent && change.rows.count > 0) post({ type: 'values', rows: monitorRows(change.rows) });
      else polling.nudge();
    },
    {
      everyMs: everyMs.curve,
      onError: (error) => {
        isLaterUnreadable = true;
        problems.report('later', error);
      },
    },
  );
  const checkedUpdate = async () => {
    await update();
    problems.solved('run');
  };
  const polling = poll(checkedUpdate, everyMs.rest, (error) => problems.report('run', error));
  return {
    stopped: Promise.all([following.stopped, followingLater.stopped, polling.stopped]).then(() => live.stop()),
    stop() {
      following.stop();
      followingLater.stop();
      polling.stop();
      void live.stop();
    },
  };
}

const damageNotice = (rows: number): MonitorNotice => ({
  step: 0,
  level: 'warning',
  message: `metrics.bin has ${rows === 1 ? 'a damaged row, which is' : `${rows} damaged rows, which are`} left out.`,
});

interface Rest {
  readonly status: MonitorStatus;
  readonly samples: Stamped<MonitorSamples>;
  readonly notices: ReadNotices;
  readonly histograms: ReadHistograms;
  readonly log: Stamped<readonly string[]>;
}

async function readHead(directory: string, starting?: () => unknown): Promise<MonitorHead> {
  const name = path.basename(directory);
  try {
    const { experiment, source, parent } = await readManifestAsync(directory);
    return monitorHead(experiment, source.text, name, parent);
  } catch (error) {
    const experiment = starting?.();
    if (experiment === undefined || !isUserError(error) || error.code !== 'not-a-run') throw error;
    return monitorHead(experiment, '', name);
  }
}

async function statusOf({ directory, hasPrevious }: FeedOptions): Promise<MonitorStatus> {
  const status = await readStatusAsync(directory);
  const { name } = await readAnnotations(directory);
  return {
    ...{ status, liveness: status && (await findLiveness(status)) },
    ...(hasPrevious?.() && { hasPrevious: true }),
    ...(name !== '' && { givenName: name }),
  };
}

const differs = (a: MonitorStatus, b: MonitorStatus): boolean =>
  a.liveness !== b.liveness ||
  a.hasPrevious !== b.hasPrevious ||
  a.givenName !== b.givenName ||
  a.status?.updatedAt !== b.status?.updatedAt;

/** Rows `a`, then rows `b`, of the same columns. */
function joined(a: MonitorRows, b: MonitorRows): MonitorRows {
  return {
    step: concat(Float64Array, a.step, b.step),
    wallTime: concat(Float64Array, a.wallTime, b.wallTime),
    values: Object.fromEntries(
      Object.keys(a.values).map((name) => [name, concat(Float32Array, a.values[name], b.values[name])]),
    ),
  };
}

function concat<A extends Float64Array | Float32Array | Uint32Array>(Type: new (length: number) => A, a: A, b: A): A {
  const all = new Type(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

/** The rows of metrics that are computed later: those before, then the new ones. */
function joinedLater(before: SampleMetrics | null, { step, columns }: SampleMetrics['rows']): SampleMetrics['rows'] {
  if (before === null) return { step, columns };
  const names = Object.keys(columns);
  return {
    step: concat(Uint32Array, before.rows.step, step),
    columns: Object.fromEntries(
      names.map((name) => [name, concat(Float32Array, before.rows.columns[name], columns[name])]),
    ),
  };
}

interface ComparisonOptions extends Pick<FeedOptions, 'pictureUri' | 'everyMs'> {
  readonly directories: readonly string[];
  readonly starting?: (directory: string) => unknown;
  readonly post: (message: ToPage) => void;
}

/** Compared runs are polled less often than a single one. */
const calm = { curve: 1000, rest: 1000 };

export function feedComparison({ directories, starting, post, pictureUri, everyMs = calm }: ComparisonOptions): Feed {
  post({ type: 'comparison', runs: directories.map((id) => ({ id, name: path.basename(id) })) });
  const feeds = directories.map((directory) =>
    feedMonitor({
      directory,
      starting: () => starting?.(directory),
      pictureUri,
      histograms: false,
      everyMs,
      post: (message) => post({ type: 'of', id: directory, message }),
    }),
  );
  return {
    stopped: Promise.all(feeds.map(({ stopped }) => stopped)).then(() => {}),
    stop: () => feeds.forEach((feed) => feed.stop()),
  };
}
