// Entry of the thread that draws what the next updates are fed, while the engine computes. It ends when it is ended.
import { workerData } from 'node:worker_threads';
import { batchesOf } from '../data/batches';
import type { FeedWork } from './ahead';
import { drawsOf } from './draws';
import { fillerOf } from './ring';

const { plan, content, ring } = workerData as FeedWork;
const { critic, generator } = drawsOf(plan, batchesOf(content));
const draws = { critic, generator };
const parts = {
  critic: ring.lanes.critic.slots.map(critic.parts),
  generator: ring.lanes.generator.slots.map(generator.parts),
};
const { fill, rest } = fillerOf(ring);

for (;;) {
  if (!fill((role, update, slot, isOver) => draws[role].draw(parts[role][slot], update, isOver))) rest();
}
