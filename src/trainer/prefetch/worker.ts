// Entry of the thread that draws what the next updates are fed, while the engine computes. It ends when it is ended.
import { workerData } from 'node:worker_threads';
import { batchesOf } from '../../data/batches';
import type { PrefetchJob } from './prefetcher';
import { createRandomInputs } from './randomInputs';
import { createProducer } from './ringBuffer';

const { plan, content, ring } = workerData as PrefetchJob;
const { critic, generator } = createRandomInputs(plan, batchesOf(content));
const draws = { critic, generator };
const parts = {
  critic: ring.lanes.critic.slots.map(critic.views),
  generator: ring.lanes.generator.slots.map(generator.views),
};
const { fill, rest } = createProducer(ring);

for (;;) {
  if (!fill((role, update, slot, isOver) => draws[role].fill(parts[role][slot], update, isOver))) rest();
}
