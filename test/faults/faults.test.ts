// A few trials of every kind of fault; `npm run test:faults` tries many, `npm run fuzz` for as long as wanted.
import { describe, expect, it } from 'vitest';
import { kinds } from './kinds';
import { numbersBelow, tryFaults } from './tryFaults';

describe.each(kinds)('$title', (kind) => {
  const why = kind.unavailable?.() ?? null;
  const name = `holds${why === null ? '' : ` (skipped: ${why})`}`;
  it.skipIf(why !== null)(name, { timeout: 600_000 }, async () => {
    const { tried, failures } = await tryFaults(kind, {
      seed: 'npm test',
      numbers: numbersBelow(kind.trials.short),
      atOnce: 2,
    });
    expect(failures).toEqual([]);
    expect(tried).toBe(kind.trials.short);
  });
});
