// A typed array that grows at its end: appending n values is amortized O(n), and reading does not copy.

export type FloatArray = Float32Array | Float64Array;

export interface GrowableArray<A extends FloatArray> {
  /** All appended values: a view, valid until the next append. */
  readonly values: A;
  append(more: ArrayLike<number>): void;
  /** Keeps only the first `length` values. */
  truncate(length: number): void;
}

export function createGrowableArray<A extends FloatArray>(Type: new (length: number) => A): GrowableArray<A> {
  let buffer = new Type(256);
  let length = 0;
  return {
    get values() {
      return buffer.subarray(0, length) as A;
    },
    append(more) {
      if (length + more.length > buffer.length) {
        const larger = new Type(Math.max(2 * buffer.length, length + more.length));
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(more, length);
      length += more.length;
    },
    truncate(shorter) {
      length = Math.min(length, shorter);
    },
  };
}
