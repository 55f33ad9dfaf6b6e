// docs/kernels.md: which kernels of TensorFlow.js the embedded engine computes, and why not the others, from its table.
import { families, kernels } from '../../src/engine/onnx/kernels/table';
import type { Lowering, Refusal } from '../../src/engine/onnx/kernels/kernel';
import { blocks, code, generated, table } from './markdown';

export function kernelsPage(): string {
  const rows = Object.entries<Lowering<never> | Refusal>(kernels);
  const refusals = rows.flatMap(([name, row]) => ('refused' in row ? [[name, row.refused] as const] : []));
  return `${blocks(
    '# Kernels',
    generated,
    `TensorFlow.js puts every operation of a model together from ${rows.length} kernels. The embedded engine lowers ${rows.length - refusals.length} of them to ONNX operators, forward; most gradients are kernels themselves. A model that needs another one is refused by name when its training step is recorded, with the layer that asked for it.`,
    'The specs that TensorFlow.js ships for its backends run on the engine in every test run: `npm run test:conformance` prints how many pass, and why the others are left out. What is right at second order, as a gradient penalty needs it, is listed in [second-order.md](second-order.md).',
    table(
      ['family', 'kernels'],
      Object.entries(families).map(([family, members]) => [family, names(Object.keys(members))]),
    ),
    '## Refused',
    table(
      ['why', 'kernels'],
      [...group(refusals)].map(([why, members]) => [why, names(members)]),
    ),
  )}\n`;
}

const names = (kernels: readonly string[]): string => [...kernels].sort().map(code).join(', ');

function group(refusals: readonly (readonly [kernel: string, why: string])[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [kernel, why] of refusals) groups.set(why, [...(groups.get(why) ?? []), kernel]);
  return groups;
}
