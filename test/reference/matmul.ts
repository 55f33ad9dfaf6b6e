// Matrix product and transposition.
import { assert, value, type Value } from './value';

/** [M,K]·[K,N] → [M,N]. */
export function matmul(a: Value, b: Value): Value {
  const [m, k] = a.shape;
  const [k2, n] = b.shape;
  assert(a.shape.length === 2 && b.shape.length === 2 && k === k2, () => `no product of [${a.shape}] and [${b.shape}]`);
  const data = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let l = 0; l < k; l++) for (let j = 0; j < n; j++) data[i * n + j] += a.data[i * k + l] * b.data[l * n + j];
  return value([m, n], data, [
    { parent: a, pullback: (dy) => matmul(dy, transpose(b)) }, // dA = dY·Bᵀ
    { parent: b, pullback: (dy) => matmul(transpose(a), dy) }, // dB = Aᵀ·dY
  ]);
}

/** [M,N] → [N,M]. */
export function transpose(a: Value): Value {
  const [m, n] = a.shape;
  const data = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) data[j * m + i] = a.data[i * n + j];
  return value([n, m], data, [{ parent: a, pullback: transpose }]);
}
