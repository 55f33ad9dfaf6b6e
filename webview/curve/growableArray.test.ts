// Growable typed arrays.
import { describe, expect, it } from 'vitest';
import { createGrowableArray } from './growableArray';

describe('a growable array', () => {
  it('contains all appended values, and drops truncated ones', () => {
    const array = createGrowableArray(Float64Array);
    const all: number[] = [];
    for (let n = 0; n < 40; n++) {
      const more = Array.from({ length: n * 7 }, (_, i) => n + i / 1000);
      array.append(more);
      all.push(...more);
    }
    expect(Array.from(array.values)).toEqual(all);
    array.truncate(3);
    array.append([9]);
    expect(Array.from(array.values)).toEqual([...all.slice(0, 3), 9]);
  });
});
