// What `earthmover evaluate` measured: evaluations.jsonl, a line per evaluation, with the protocol beside each number.
import { runPaths } from './directory';
import { openAppender, readIfExists } from './diskAccess';
import { isRecord } from '../shared/isRecord';

/** How a number was measured. Numbers with different protocols cannot be compared. */
export interface Protocol {
  /** Number of generated and of real samples. */
  readonly generated: number;
  readonly real: number;
  readonly split: 'training' | 'held-out' | 'distribution';
  /** The data source and a hash of its content and settings. */
  readonly data: string;
  /** Shape of a sample. */
  readonly shape: readonly number[];
  /** Of what the metric draws and of the samples. */
  readonly seed: number;
  /** The feature network; absent for metrics that do not use one. */
  readonly features?: FeatureProtocol;
  /** The classifier; absent for metrics that do not use one. */
  readonly classifier?: string;
  /** Version of Earthmover. */
  readonly version: string;
}

export interface FeatureProtocol {
  /** SHA-256 of the ONNX file. */
  readonly sha256: string;
  /** The output of the network that is the feature vector, and its length. */
  readonly layer: string;
  readonly dimensions: number;
  /** The input, such as "bilinear to 299 x 299, -1..1". */
  readonly input: string;
}

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

/** What a comparison checks: all fields of a protocol but the seed, which only draws other samples. */
const compared: readonly (readonly [keyof Protocol, string])[] = [
  ['generated', 'generated samples'],
  ['real', 'real samples'],
  ['split', 'split'],
  ['data', 'data'],
  ['shape', 'shape of the samples'],
  ['features', 'feature network'],
  ['classifier', 'classifier'],
  ['version', 'version of Earthmover'],
];

/** How two protocols differ, as "real samples: 2500 and 1000"; none if numbers may be compared. */
export function protocolDifferences(a: Protocol, b: Protocol): string[] {
  return compared.flatMap(([field, title]) => {
    if (field === 'features' && a.features && b.features) return featureDifferences(a.features, b.features);
    const [x, y] = [a[field], b[field]].map((value) => (value === undefined ? 'none' : textOf(value)));
    return x === y ? [] : [`${title}: ${x} and ${y}`];
  });
}

const featureTitles = { sha256: 'feature file', layer: 'layer', dimensions: 'features', input: 'input' } as const;

function featureDifferences(a: FeatureProtocol, b: FeatureProtocol): string[] {
  return (Object.keys(featureTitles) as (keyof FeatureProtocol)[]).flatMap((field) =>
    a[field] === b[field] ? [] : [`${featureTitles[field]}: ${a[field]} and ${b[field]}`],
  );
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

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
