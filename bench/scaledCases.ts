// How time and memory scale: variants of a case with a larger batch, wider networks and larger images.
import type { BenchCase } from './cases';

/** The case and variants that are larger in one respect, which is part of their name. */
export function scaledCases(benchCase: BenchCase): BenchCase[] {
  const batches = [2, 4].map((factor) => ({
    ...benchCase,
    name: `${benchCase.name}, batch ${benchCase.batchSize * factor}`,
    batchSize: benchCase.batchSize * factor,
  }));
  const { network } = benchCase;
  const wider: BenchCase =
    network.kind === 'mlp'
      ? {
          ...benchCase,
          name: `${benchCase.name}, width ${2 * network.width}`,
          network: { ...network, width: 2 * network.width },
        }
      : {
          ...benchCase,
          name: `${benchCase.name}, filters ${2 * network.filters}`,
          network: { ...network, filters: 2 * network.filters },
        };
  const [height, width, channels] = benchCase.sample;
  const larger: BenchCase = {
    ...benchCase,
    name: `${benchCase.name}, ${2 * height} pixels`,
    sample: [2 * height, 2 * width, channels],
  };
  // The FLOP count of the residual networks assumes images of 32 pixels.
  return [benchCase, ...batches, wider, ...(network.kind === 'resnet' ? [] : [larger])];
}
