// What the latent explorer of the monitor asks for: samples of a run's generator by seed.
import { type Check, count, finite, object, oneOf, orNull } from './check';

export interface LatentRequest {
  /** `samples` of consecutive seeds, `near` samples around that of the seed, or the way to the sample of `to`. */
  readonly kind: 'samples' | 'near' | 'strip' | 'gif';
  readonly seed: number;
  readonly to: number;
  /** Samples. */
  readonly count: number;
  /** Null for none. */
  readonly truncation: number | null;
  /** For `near`: the share of the way to other samples. */
  readonly distance: number;
  /** The newest checkpoint up to this step; null for the newest. */
  readonly step: number | null;
}

/** An image, or why there is none. */
export type LatentAnswer =
  | { readonly uri: string; readonly step: number; readonly problem: null }
  | { readonly uri: null; readonly step: null; readonly problem: string };

/** More samples than an image can show would only take time. */
const mostExplored = 1024;

const positive: Check = (value) => finite(value) && (value as number) > 0;
const least =
  (low: number, high: number): Check =>
  (value) =>
    count(value) && (value as number) >= low && (value as number) <= high;

export const isLatentRequest: Check = object<LatentRequest>({
  kind: oneOf('samples', 'near', 'strip', 'gif'),
  seed: count,
  to: count,
  count: least(2, mostExplored),
  truncation: orNull(positive),
  distance: (value) => positive(value) && (value as number) <= 1,
  step: orNull(count),
});

/** The arguments of the command line that answer a request, except for the run and the output. */
export function latentArguments({ kind, seed, to, count, truncation, distance, step }: LatentRequest): string[] {
  const common = [
    ...(truncation === null ? [] : ['--truncation', String(truncation)]),
    ...(step === null ? [] : ['--checkpoint', String(step)]),
  ];
  if (kind === 'strip' || kind === 'gif') {
    const format = kind === 'gif' ? 'gif' : 'png';
    return [
      'interpolate',
      ...['--from', String(seed), '--to', String(to), '--steps', String(count), '--format', format],
      ...common,
    ];
  }
  return [
    'sample',
    ...['--seed', String(seed), '--count', String(count), '--format', 'grid'],
    ...(kind === 'near' ? ['--near', String(distance)] : []),
    ...common,
  ];
}
