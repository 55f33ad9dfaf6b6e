// What each pass does to a step's graph: the passes are switched on one after the other, and what is left is counted.
import { bytesOf, flopsOf } from '../graph/cost';
import { topologicalOrder, type Node } from '../graph/node';
import { NO_PASSES, optimize, passNames, type Passes } from './optimize';

export interface PassReport {
  /** The pass that was switched on last; "none" for the graph as it was recorded, lowered in the plainest way. */
  readonly pass: 'none' | keyof Passes;
  readonly nodes: number;
  /** Floating-point operations of the products and convolutions of one run. */
  readonly flops: number;
  /** Bytes that the nodes of one run read and write. */
  readonly bytes: number;
}

export function reportPasses(recorded: readonly Node[], passes: Passes): PassReport[] {
  const on = passNames.filter((name) => passes[name]);
  return (['none', ...on] as const).map((pass, count) => {
    const first = Object.fromEntries(on.slice(0, count).map((name) => [name, true]));
    const order = topologicalOrder(optimize(recorded, { ...NO_PASSES, ...first }));
    return { pass, nodes: order.length, flops: flopsOf(order), bytes: bytesOf(order) };
  });
}
