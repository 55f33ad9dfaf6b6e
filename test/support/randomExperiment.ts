// For tests: random values that fit a parameter, and random experiment files that are valid by construction.
import {
  checkpointsSettings,
  constraints,
  dataSources,
  healthSettings,
  instanceNoiseSettings,
  latentSettings,
  metrics,
  networks,
  objectives,
  optimizers,
  presets,
  runSettings,
  samplesSettings,
  stabilizationSettings,
  untilOptimalSettings,
  weightDecaySettings,
  type Descriptor,
  type Descriptors,
  type Table,
} from '../../src/catalog';

export type Random = () => number;

/** Marsaglia's xorshift32: a reproducible sequence of uniform numbers in [0, 1). */
export function random(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export const pick = <T>(next: Random, items: readonly T[]): T => items[Math.floor(next() * items.length)];

/** A value that the descriptor allows. */
function fitting(next: Random, descriptor: Descriptor): unknown {
  if (descriptor.type === 'boolean') return next() < 0.5;
  if (descriptor.type === 'choice') return pick<string | number>(next, descriptor.options);
  if (descriptor.type === 'string' || descriptor.type === 'path') return pick(next, ['./photos', 'a b/ü', '../x']);
  if (descriptor.type === 'size') return pick(next, [...(descriptor.native ? ['native'] : []), 32, 96, [16, 24]]);
  if (descriptor.type === 'columns') return pick(next, [null, ['x', 'y'], [1], ['2-5', 1]]);
  if (descriptor.nullable && next() < 0.2) return null;
  if (descriptor.auto && next() < 0.3) return 'auto';
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = descriptor;
  const low = minimum ?? exclusiveMinimum ?? -1e6;
  const high = maximum ?? exclusiveMaximum ?? 1e6;
  if (descriptor.type === 'integer') return low + Math.floor(next() ** 4 * (high - low + 1));
  if (minimum !== undefined && next() < 0.1) return minimum;
  if (maximum !== undefined && next() < 0.1) return maximum;
  return low + (high - low) * (0.001 + 0.998 * next());
}

/** Some of the settings, at least those without a default. */
function some(next: Random, descriptors: Descriptors): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(descriptors)
      .filter(([, descriptor]) => descriptor.default === undefined || next() < 0.5)
      .map(([name, descriptor]) => [name, fitting(next, descriptor)]),
  );
}

function entry(next: Random, tag: string, table: Table): Record<string, unknown> {
  const id = pick(next, Object.keys(table));
  return { [tag]: id, ...some(next, table[id].parameters) };
}

/** An experiment file with a random choice of every key. */
export function randomFile(next: Random): Record<string, unknown> {
  const network = () => (next() < 0.2 ? { module: './net.ts', export: 'net' } : entry(next, 'network', networks));
  const named = (table: Table) => (next() < 0.3 ? pick(next, Object.keys(table)) : entry(next, 'kind', table));
  const all: Record<string, () => unknown> = {
    name: () => pick(next, ['a', 'rings and grids', 'ü']),
    preset: () => pick(next, [...Object.keys(presets), null]),
    latent: () => some(next, latentSettings),
    generator: network,
    critic: network,
    objective: () => named(objectives),
    constraint: () => pick(next, [null, [], named(constraints), ['clip', { kind: 'gradient-penalty' }]]),
    stabilization: () => ({
      ...some(next, stabilizationSettings),
      instanceNoise: pick(next, [null, some(next, instanceNoiseSettings)]),
      weightDecay: pick(next, [null, some(next, weightDecaySettings)]),
    }),
    criticSteps: () => pick(next, [1, 5, 'authors', { untilOptimal: some(next, untilOptimalSettings) }]),
    optimizer: () =>
      next() < 0.5
        ? entry(next, 'kind', optimizers)
        : { generator: entry(next, 'kind', optimizers), critic: entry(next, 'kind', optimizers) },
    samples: () => ({ ...some(next, samplesSettings), grid: [1 + Math.floor(32 * next()), 8] }),
    checkpoints: () => some(next, checkpointsSettings),
    health: () => some(next, healthSettings),
    metrics: () => pick(next, [[], ['w1'], Object.keys(metrics)]),
  };
  const given = Object.entries(all).filter(() => next() < 0.5);
  return {
    data: entry(next, 'source', dataSources),
    ...Object.fromEntries(given.map(([key, make]) => [key, make()])),
    ...some(next, runSettings),
  };
}
