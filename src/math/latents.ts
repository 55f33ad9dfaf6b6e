// Latent vectors: interpolation and truncation.
import { fillNormal, substream, type Key } from './random';

/**
 * The point at share `t` of the way from `a` to `b` around the origin, as float32: its direction moves on the great
 * circle (Shoemake 1985; for latent vectors White 2016, Sampling Generative Networks, section 2.1), its length from
 * that of `a` to that of `b`. Normal vectors of many dimensions lie near a sphere, and a straight line between two of
 * them leaves it. The usual formula without the lengths overshoots between vectors of different lengths in nearly
 * opposite directions. Where there is no great circle, of equal or opposite directions, the point is on the line.
 */
export function slerp(a: Float32Array, b: Float32Array, t: number): Float32Array {
  const length = (x: Float32Array) => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
  const [from, to] = [length(a), length(b)];
  const cosine = a.reduce((sum, value, i) => sum + value * b[i], 0) / (from * to);
  if (!(Math.abs(cosine) < 1 - 1e-7)) return lerp(a, b, t);
  const angle = Math.acos(cosine);
  const scale = ((1 - t) * from + t * to) / Math.sin(angle);
  const [p, q] = [(Math.sin((1 - t) * angle) * scale) / from, (Math.sin(t * angle) * scale) / to];
  return a.map((value, i) => p * value + q * b[i]);
}

/** The point at share `t` of the line from `a` to `b`, as float32. */
export const lerp = (a: Float32Array, b: Float32Array, t: number): Float32Array =>
  a.map((value, i) => (1 - t) * value + t * b[i]);

/**
 * Replaces normal numbers beyond ±`limit` by others until none is (the truncation trick of Brock, Donahue, Simonyan
 * 2019, BigGAN, section 3.1). The numbers are those of the normal distribution cut off there, and those within the
 * limit stay as they are. `key` is that of `z`.
 */
export function truncate(z: Float32Array, limit: number, key: Key): void {
  const spare = new Float32Array(1024);
  let used = spare.length;
  let block = 0;
  for (let i = 0; i < z.length; i++) {
    while (Math.abs(z[i]) > limit) {
      if (used === spare.length) {
        fillNormal(spare, substream(key, `truncation ${block}`));
        block++;
        used = 0;
      }
      z[i] = spare[used];
      used++;
    }
  }
}
