// Operations that ONNX Runtime computes wrongly on WebGPU, or not at all.
import type { Op } from '../../src/engine/graph/ops';
import { bool, of, positive, x, type OperationCase } from './operationCases';

export interface Witness {
  readonly name: string;
  readonly op: Op;
  readonly cases: readonly OperationCase[];
}
const witness = <K extends Op>(name: string, op: K, ...cases: OperationCase<K>[]): Witness => ({ name, op, cases });
const sixty = Array.from({ length: 60 }, (_, i) => (i % 4) + 1);
const plain = { strides: [1, 1], dilations: [1, 1], pads: [1, 1, 1, 1] };

/** One for each reason in src/engine/passes/webgpuWorkarounds.ts: ONNX Runtime computes it wrongly, or fails. */
export const witnesses: readonly Witness[] = [
  witness('Conv with channels in threes', 'Conv', of(plain, x(2, 6, 5, 5), x(4, 6, 3, 3))),
  witness(
    'Conv of an image with a filter of its size, padded at its end',
    'Conv',
    of({ ...plain, pads: [0, 0, 1, 1] }, x(2, 4, 5, 5), x(4, 4, 5, 5)),
  ),
  witness('Conv with 6 filters per group', 'Conv', of({ ...plain, group: 2 }, x(2, 2, 5, 5), x(12, 1, 3, 3))),
  witness(
    'ConvTranspose with 4 channels and one filter per group',
    'ConvTranspose',
    of({ ...plain, group: 2, outputPadding: [0, 0] }, x(2, 8, 5, 5), x(8, 1, 3, 3)),
  ),
  witness(
    'ConvTranspose along three axes',
    'ConvTranspose',
    of(
      { strides: [2, 1, 1], dilations: [1, 1, 1], pads: [0, 0, 0, 0, 0, 0], outputPadding: [0, 0, 0] },
      x(1, 2, 3, 3, 3),
      x(2, 2, 2, 2, 2),
    ),
  ),
  witness('Split into 60 parts', 'Split', of({ sizes: sixty, at: 59 }, x(150))),
  witness('Slice backwards from the middle', 'Slice', of({ starts: [2], sizes: [2], steps: [-1] }, x(6))),
  witness('Pow of shapes that broadcast', 'Pow', of({}, positive(2, 3, 4), x(2, 3, 1))),
  witness(
    'And of two kinds of broadcasting',
    'And',
    of({}, bool(2, 3, 1), bool(2, 3, 4)),
    of({}, bool(2, 3, 4), bool(2, 3, 1)),
  ),
];
