// Entry of the prefetch thread: fills the ring buffer with the inputs of the next updates until it is terminated.
import { workerData } from 'node:worker_threads';
import { batchesOf } from '../../data/batches';
import type { PrefetchJob } from './prefetcher';
import { createRandomInputs } from './randomInputs';
import { createProducer } from './ringBuffer';

const { plan, samples, ring } = workerData as PrefetchJob;
const { critic, generator } = createRandomInputs(plan, batchesOf(samples));
const randomInputs = { critic, generator };
const views = {
  critic: ring.lanes.critic.slots.map(critic.views),
  generator: ring.lanes.generator.slots.map(generator.views),
};
const { fill, waitForSpace } = createProducer(ring);

for (;;) {
  const filled = fill((role, update, slot, isObsolete) =>
    randomInputs[role].fill(views[role][slot], update, isObsolete),
  );
  if (!filled) waitForSpace();
}
