// A typed array that grows at its end: appending is amortised O(what is appended), and reading copies nothing.

export type FloatArray = Float32Array | Float64Array;

export interface GrowableArray<A extends FloatArray> {
  /** What was appended so far: a view, valid until the next append. */
  readonly values: A;
  append(more: ArrayLike<number>): void;
  /** Cuts what comes after the first `length` values. */
  truncate(length: number): void;
}

export function createGrowableArray<A extends FloatArray>(Type: new (length: number) => A): GrowableArray<A> {
  let store = new Type(256);
  let length = 0;
  return {
    get values() {
      return store.subarray(0, length) as A;
    },
    append(more) {
      if (length + more.length > store.length) {
        const larger = new Type(Math.max(2 * store.length, length + more.length));
        larger.set(store.subarray(0, length));
        store = larger;
      }
      store.set(more, length);
      length += more.length;
    },
    truncate(shorter) {
      length = Math.min(length, shorter);
    },
  };
}
