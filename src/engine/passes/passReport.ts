// The effect of each pass on a graph, measured by enabling the passes one after the other.
import { bytesOf, flopsOf } from '../graph/cost';
import { topologicalOrder, type Node } from '../graph/node';
import { NO_PASSES, optimize, passNames, type Passes } from './optimize';

export interface PassReport {
  /** The last enabled pass; "none" for the graph as recorded, lowered without optimization. */
  readonly pass: 'none' | keyof Passes;
  readonly nodes: number;
  /** Floating-point operations of matrix products and convolutions per run. */
  readonly flops: number;
  /** Bytes read and written per run. */
  readonly bytes: number;
}

/** @param withoutUpdates the outputs of the graph without the updates that `hostUpdates` takes out of it, if it does */
export function reportPasses(
  recorded: readonly Node[],
  passes: Passes,
  withoutUpdates?: readonly Node[],
): PassReport[] {
  const costOf = (pass: PassReport['pass'], outputs: readonly Node[]): PassReport => {
    const order = topologicalOrder(outputs);
    return { pass, nodes: order.length, flops: flopsOf(order), bytes: bytesOf(order) };
  };
  const enabled = passNames.filter((name) => passes[name] && name !== 'hostUpdates');
  const reports = (['none', ...enabled] as const).map((pass, count) => {
    const active = Object.fromEntries(enabled.slice(0, count).map((name) => [name, true]));
    return costOf(pass, optimize(recorded, { ...NO_PASSES, ...active }));
  });
  return withoutUpdates ? [...reports, costOf('hostUpdates', withoutUpdates)] : reports;
}
