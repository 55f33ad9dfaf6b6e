// How a number was measured, and whether two numbers may be compared.
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

/** What a comparison checks: all fields of a protocol but the seed, which only draws other samples. */
export const comparedFields = {
  generated: 'generated samples',
  real: 'real samples',
  split: 'split',
  data: 'data',
  shape: 'shape of the samples',
  classifier: 'classifier',
  version: 'version of Earthmover',
} as const satisfies Partial<Record<keyof Protocol, string>>;

/** The fields of the feature network. */
export const comparedFeatureFields = {
  sha256: 'feature file',
  layer: 'layer',
  dimensions: 'features',
  input: 'input',
} as const satisfies Record<keyof FeatureProtocol, string>;

export interface ProtocolDifference {
  readonly field: string;
  readonly a: string;
  readonly b: string;
}

/** The fields in which two protocols differ; none if numbers may be compared. */
export function differingFields(a: Protocol, b: Protocol): ProtocolDifference[] {
  const differing = <F extends object>(fields: Readonly<Record<string, string>>, x: F | undefined, y: F | undefined) =>
    Object.entries(fields).flatMap(([key, field]) => {
      const [left, right] = [x, y].map((each) =>
        textOf((each as Readonly<Record<string, unknown>> | undefined)?.[key]),
      );
      return left === right ? [] : [{ field, a: left, b: right }];
    });
  const isWithout = a.features === undefined || b.features === undefined;
  const featureFields = isWithout ? { sha256: comparedFeatureFields.sha256 } : comparedFeatureFields;
  return [...differing(comparedFields, a, b), ...differing(featureFields, a.features, b.features)];
}

/** How two protocols differ, as "real samples: 2500 and 1000"; none if numbers may be compared. */
export const protocolDifferences = (a: Protocol, b: Protocol): string[] =>
  differingFields(a, b).map(({ field, a, b }) => `${field}: ${a} and ${b}`);

const textOf = (value: unknown): string =>
  value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);

/** Whether a value from a file has the fields of a protocol that a comparison reads. */
export const isProtocol = (found: unknown): found is Protocol =>
  isRecord(found) &&
  Number.isSafeInteger(found.generated) &&
  Number.isSafeInteger(found.real) &&
  typeof found.data === 'string' &&
  Array.isArray(found.shape) &&
  (found.features === undefined || (isRecord(found.features) && typeof found.features.sha256 === 'string'));
