// A vertical line in the plane: the real distribution of example 1 in Arjovsky, Chintala, Bottou 2017.
import type { Data } from '../catalog';
import { fillUniform } from '../math/random';
import type { Distribution } from './distribution';

/** x = (theta, z) with z ~ U[0, 1). */
export function verticalLine({ theta }: Data<'vertical-line'>): Distribution {
  let z = new Float32Array(0);
  return {
    title: `A vertical line at ${theta}`,
    draw(key, out) {
      const n = out.length / 2;
      if (z.length !== n) z = new Float32Array(n);
      fillUniform(z, key);
      for (let i = 0; i < n; i++) {
        out[2 * i] = theta; // x = (theta, z)
        out[2 * i + 1] = z[i];
      }
    },
  };
}
