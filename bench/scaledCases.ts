// How time and memory scale: variants of a case with a larger batch, wider networks and larger images.
import type { BenchCase } from './cases';

/** The case and variants that are larger in one respect, which is part of their name. */
export function scaledCases(of: BenchCase): BenchCase[] {
  const batches = [2, 4].map((factor) => ({
    ...of,
    name: `${of.name}, batch ${of.batchSize * factor}`,
    batchSize: of.batchSize * factor,
  }));
  const { network } = of;
  const wider: BenchCase =
    network.kind === 'mlp'
      ? { ...of, name: `${of.name}, width ${2 * network.width}`, network: { ...network, width: 2 * network.width } }
      : {
          ...of,
          name: `${of.name}, filters ${2 * network.filters}`,
          network: { ...network, filters: 2 * network.filters },
        };
  const [height, width, channels] = of.sample;
  const larger: BenchCase = {
    ...of,
    name: `${of.name}, ${2 * height} pixels`,
    sample: [2 * height, 2 * width, channels],
  };
  // The FLOP count of the residual networks assumes images of 32 pixels.
  return [of, ...batches, wider, ...(network.kind === 'resnet' ? [] : [larger])];
}
