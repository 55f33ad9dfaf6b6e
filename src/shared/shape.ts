// Shapes of tensors and samples.

/** The number of elements of an array of this shape; 1 for the empty shape of a scalar. */
export const sizeOfShape = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);
