// docs/kernels.md: the kernels of TensorFlow.js that the embedded engine supports, generated from its table.
import { families, kernels } from '../../src/engine/onnx/kernels/table';
import type { Lowering, Refusal } from '../../src/engine/onnx/kernels/kernel';
import { blocks, code, generated, table } from './markdown';

export function kernelsPage(): string {
  const rows = Object.entries<Lowering<never> | Refusal>(kernels);
  const refusals = rows.flatMap(([name, row]) => ('refused' in row ? [[name, row.refused] as const] : []));
  return `${blocks(
    '# Kernels',
    generated,
    `TensorFlow.js implements all operations with ${rows.length} kernels. The embedded engine lowers ` +
      `${rows.length - refusals.length} of them to ONNX operators; most gradients use kernels too. A model that ` +
      'uses an unsupported kernel is rejected when its training step is compiled, with the name of the kernel and ' +
      'of the layer.',
    'The test suite that TensorFlow.js ships for its backends runs on the engine: `npm run test:conformance` ' +
      'prints how many tests pass, and why others are excluded. [second-order.md](second-order.md) lists the ' +
      'accuracy of second derivatives, which a gradient penalty needs. `npm run test:webgpu` compares kernels, ' +
      'gradients and convolutions on WebGPU with the CPU.',
    table(
      ['category', 'kernels'],
      Object.entries(families).map(([family, members]) => [family, names(Object.keys(members))]),
    ),
    '## Unsupported',
    table(
      ['reason', 'kernels'],
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
