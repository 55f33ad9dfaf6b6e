// Spectral normalization (Miyato et al. 2018, Algorithm 1) of a kernel as the matrix [rows, columns], with its last
// axis as columns.
import { div, mul } from './elementwise';
import { sum } from './shape';
import { constant, type Value } from './value';

/** The vectors after a number of rounds of v ← Wu/‖Wu‖, u ← Wᵀv/‖Wᵀv‖. */
export function powerIteration(
  W: Value,
  start: ArrayLike<number>,
  rounds: number,
): { u: Float64Array; v: Float64Array } {
  const columns = W.shape[W.shape.length - 1];
  const rows = W.data.length / columns;
  let u = Float64Array.from(start);
  let v = new Float64Array(rows);
  for (let round = 0; round < rounds; round++) {
    v = unit(Float64Array.from({ length: rows }, (_, i) => u.reduce((s, x, j) => s + W.data[i * columns + j] * x, 0)));
    u = unit(
      Float64Array.from({ length: columns }, (_, j) => v.reduce((s, x, i) => s + W.data[i * columns + j] * x, 0)),
    );
  }
  return { u, v };
}

/** W/σ with σ = vᵀWu = Σ W ∘ vuᵀ, with u and v constant. */
export function divided(W: Value, { u, v }: { u: Float64Array; v: Float64Array }): Value {
  const outer = Float64Array.from(W.data, (_, k) => v[Math.floor(k / u.length)] * u[k % u.length]);
  return div(W, sum(mul(W, constant(outer, W.shape))));
}

function unit(x: Float64Array): Float64Array<ArrayBuffer> {
  const length = Math.hypot(...x) + 1e-12;
  return Float64Array.from(x, (v) => v / length);
}
