// A list that is read while somebody watches it.
import { expect, it, vi } from 'vitest';
import { createWatchedReading } from './watchedReading';

const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

it('is read again and again while it is watched or wanted, and not after', async () => {
  let reads = 0;
  let wanted = false;
  const decided = vi.fn();
  const reading = createWatchedReading(async () => void reads++, {
    ...{ everyMs: () => 1, onError: () => {}, isWanted: () => wanted, onAdjusted: decided },
  });
  await soon();
  expect([reads, reading.polls]).toEqual([0, false]);
  const [one, other] = [reading.watch(), reading.watch()];
  await vi.waitUntil(() => reads > 2);
  one.dispose();
  expect(reading.polls).toBe(true);
  wanted = true;
  other.dispose();
  expect(reading.polls).toBe(true);
  wanted = false;
  reading.adjust();
  expect(reading.polls).toBe(false);
  expect(decided).toHaveBeenCalledTimes(5);
  await soon();
  const before = reads;
  await soon();
  expect(reads).toBe(before);
  reading.dispose();
  wanted = true;
  reading.adjust();
  expect(reading.polls).toBe(false);
});

it('is not read again at once when it is first watched after it was read', async () => {
  let reads = 0;
  const reading = createWatchedReading(async () => void reads++, { everyMs: () => 60_000, onError: () => {} });
  await reading.refresh();
  const watching = reading.watch();
  await soon();
  expect(reads).toBe(1);
  await reading.refresh();
  expect(reads).toBe(2);
  watching.dispose();
  reading.dispose();
});

it('is read by one reading at a time, and errors are reported', async () => {
  const messages: string[] = [];
  let running = 0;
  let most = 0;
  const reading = createWatchedReading(
    async () => {
      most = Math.max(most, ++running);
      await soon();
      running--;
      throw new Error('no');
    },
    { everyMs: () => 1, onError: (error) => messages.push(String(error)) },
  );
  await Promise.all([reading.refresh(), reading.refresh()]);
  expect([most, messages]).toEqual([1, ['Error: no', 'Error: no']]);
  reading.dispose();
});
