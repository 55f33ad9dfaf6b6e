// How much of a Gaussian mixture a generator covers: covered modes, and the share of samples close to a mode.

interface ModeCount {
  /** Modes with at least one sample within 3σ. */
  readonly covered: number;
  /** Share of samples, in [0, 1], within 3σ of any mode; NaN for no samples. */
  readonly highQuality: number;
  /** Samples within 3σ of each mode. A sample between two overlapping modes counts for both. */
  readonly perMode: Uint32Array;
}

/**
 * Counts `samples` (row-major [n, d]) against the mixture's `centers` ([modes, d]) of standard deviation `sigma`, in
 * the same units. The rule of 3 standard deviations is that of Srivastava et al., "VEEGAN", NeurIPS 2017, and of
 * Lin et al., "PacGAN", NeurIPS 2018, who use 2,500 samples. For d = 2 the mixture itself has a share of
 * 1 − exp(−9/2) = 0.9889. Samples that are not finite are not close to any mode.
 */
export function countModes(samples: Float32Array, centers: Float32Array, sigma: number, d = 2): ModeCount {
  const n = samples.length / d;
  const modes = centers.length / d;
  if (!Number.isInteger(n) || !Number.isInteger(modes)) {
    throw new Error(`countModes: ${samples.length} and ${centers.length} numbers are not points of ${d} coordinates`);
  }
  const limit = (3 * sigma) ** 2;
  const perMode = new Uint32Array(modes);
  let near = 0;
  for (let i = 0; i < n; i++) {
    let isNear = false;
    for (let m = 0; m < modes; m++) {
      let square = 0; // ‖xᵢ − cₘ‖²
      for (let k = 0; k < d; k++) square += (samples[i * d + k] - centers[m * d + k]) ** 2;
      if (square <= limit) {
        perMode[m]++;
        isNear = true;
      }
    }
    if (isNear) near++;
  }
  return { covered: perMode.filter((count) => count > 0).length, highQuality: near / n, perMode };
}
