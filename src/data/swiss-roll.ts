// A noisy spiral in the plane: dimensions 0 and 2 of scikit-learn's make_swiss_roll, as gan_toy.py in Gulrajani et al.'s code takes them.
import type { Data } from '../catalog';
import { fillNormal, fillUniform, substream } from '../math/random';
import type { Distribution } from './distribution';

/** t = 1.5π(1 + 2u) with u ~ U[0, 1); the points (t cos t, t sin t) + N(0, noise²), all times `scale`. */
export function swissRoll({ noise, scale }: Data<'swiss-roll'>): Distribution {
  let u = new Float32Array(0);
  return {
    title: 'A Swiss roll',
    draw(key, out) {
      const n = out.length / 2;
      if (u.length !== n) u = new Float32Array(n);
      fillUniform(u, substream(key, 'along'));
      fillNormal(out, key, 0, scale * noise);
      for (let i = 0; i < n; i++) {
        const t = 1.5 * Math.PI * (1 + 2 * u[i]); // t = 1.5π(1 + 2u)
        out[2 * i] += scale * t * Math.cos(t);
        out[2 * i + 1] += scale * t * Math.sin(t);
      }
    },
  };
}
