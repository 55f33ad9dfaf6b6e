// Reverse-mode differentiation: visits the Values from newest to oldest; gradients are Values again.
import { add } from './elementwise';
import { assert, constant, type Value } from './value';

/** dL/dx for every x in `xs`, where L has one element. Zero if L does not depend on x. Differentiable again. */
export function gradients(loss: Value, xs: readonly Value[]): Value[] {
  assert(loss.data.length === 1, () => `the gradient of [${loss.shape}] is not of one number`);
  const onTheWay = between(loss, xs);
  const adjoint = new Map<Value, Value>([[loss, constant(1, loss.shape)]]);
  for (const y of onTheWay) {
    const dy = adjoint.get(y);
    if (!dy) continue;
    for (const { parent, pullback } of y.edges) {
      if (!onTheWay.has(parent)) continue;
      const dx = pullback(dy);
      const sofar = adjoint.get(parent);
      adjoint.set(parent, sofar ? add(sofar, dx) : dx);
    }
  }
  return xs.map((x) => adjoint.get(x) ?? constant(0, x.shape));
}

/** The Values between `xs` and `loss`, newest first. */
function between(loss: Value, xs: readonly Value[]): Set<Value> {
  const ancestors = new Set<Value>([loss]);
  for (const y of ancestors) for (const { parent } of y.edges) ancestors.add(parent);
  const oldestFirst = [...ancestors].sort((a, b) => a.order - b.order);
  const dependent = new Set<Value>(xs);
  for (const y of oldestFirst) if (y.edges.some(({ parent }) => dependent.has(parent))) dependent.add(y);
  return new Set(oldestFirst.reverse().filter((y) => dependent.has(y)));
}
