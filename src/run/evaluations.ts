// What `earthmover evaluate` measured: evaluations.jsonl, a line per evaluation, with the protocol beside each number.
import { runPaths } from './directory';
import { openAppender, readIfExists } from './diskAccess';
import type { Protocol } from '../protocol/metricProtocol';
import { isRecord } from '../shared/isRecord';

export interface MetricResult {
  readonly metric: string;
  /** Numbers that are not finite are null in the file, and NaN when it is read. */
  readonly values: Readonly<Record<string, number>>;
  readonly protocol: Protocol;
}

export interface Evaluation {
  /** The checkpoint. */
  readonly step: number;
  /** Unix seconds. */
  readonly wallTime: number;
  readonly results: readonly MetricResult[];
}

/** Appends an evaluation to the run; a program that trains the run is not disturbed. */
export function appendEvaluation(directory: string, evaluation: Evaluation): void {
  const file = runPaths(directory).evaluations;
  // A line that was cut off must not swallow this one.
  const before = readIfExists(file, maxBytes);
  const isTorn = before !== undefined && before.length > 0 && before.at(-1) !== 10;
  const lines = openAppender(file);
  try {
    lines.append(`${isTorn ? '\n' : ''}${JSON.stringify(evaluation)}\n`);
  } finally {
    lines.close();
  }
}

/** The evaluations of a run, oldest first, without damaged lines; none if it was not evaluated. */
export function readEvaluations(directory: string): Evaluation[] {
  const text = readIfExists(runPaths(directory).evaluations, maxBytes)?.toString('utf8') ?? '';
  return text.split('\n').flatMap(parseEvaluation);
}

const maxBytes = 1 << 26;

function parseEvaluation(line: string): Evaluation[] {
  try {
    const found = JSON.parse(line) as unknown;
    if (!isRecord(found) || !Number.isFinite(found.step) || !Array.isArray(found.results)) return [];
    const results = found.results.flatMap((result: unknown) => (isResult(result) ? [withNaN(result)] : []));
    return [{ step: Number(found.step), wallTime: Number(found.wallTime), results }];
  } catch {
    return [];
  }
}

const isResult = (found: unknown): found is MetricResult =>
  isRecord(found) && typeof found.metric === 'string' && isRecord(found.values) && isRecord(found.protocol);

const withNaN = ({ values, ...result }: MetricResult): MetricResult => ({
  ...result,
  values: Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value === null ? NaN : Number(value)]),
  ),
});
