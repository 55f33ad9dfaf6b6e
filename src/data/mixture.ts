// Samples of a mixture of equally likely isotropic Gaussians in the plane.
import { fillIntegers, fillNormal, substream } from '../math/random';
import type { Distribution } from './distribution';

/** The mixture of N(cₘ, σ²I) with equal weights; `centres` ([modes, 2]) and `sigma` in data units. */
export function gaussians(title: string, centres: Float32Array, sigma: number): Distribution {
  const modes = centres.length / 2;
  let mode = new Uint32Array(0);
  return {
    title,
    mixture: { centres, sigma },
    draw(key, out) {
      const n = out.length / 2;
      if (mode.length !== n) mode = new Uint32Array(n);
      fillIntegers(mode, modes, substream(key, 'modes')); // m ~ U{0 … modes−1}
      fillNormal(out, key, 0, sigma);
      for (let i = 0; i < n; i++) {
        out[2 * i] += centres[2 * mode[i]]; // x = cₘ + σ z
        out[2 * i + 1] += centres[2 * mode[i] + 1];
      }
    },
  };
}
