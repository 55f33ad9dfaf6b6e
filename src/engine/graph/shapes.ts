// Shape arithmetic.

export type Shape = readonly number[];

/** Number of elements of a tensor of this shape; 1 for a scalar. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, d) => product * d, 1);

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((d, i) => d === b[i]);

/** The shape that results from broadcasting, as in NumPy; throws if the shapes are incompatible. */
export function broadcast(...shapes: readonly Shape[]): number[] {
  const rank = Math.max(0, ...shapes.map((s) => s.length));
  return Array.from({ length: rank }, (_, axis) => {
    let dimension = 1;
    for (const shape of shapes) {
      const d = shape[axis - rank + shape.length] ?? 1;
      if (d === dimension || d === 1) continue;
      if (dimension !== 1) throw new Error(`shapes ${shapes.map((s) => `[${s}]`).join(' and ')} do not broadcast`);
      dimension = d;
    }
    return dimension;
  });
}
