// Elementwise kernels in WebAssembly: every instruction rounds like IEEE arithmetic in float32.
import { describe, expect, it } from 'vitest';
import { encodeKernel, STRIDE, type Instruction } from './encodeKernel';
import { allocate, load } from './webAssembly';

const a = Float32Array.from([1.5, -2.25, 0, -0, 1 / 3, 1e-40, 3e38, NaN, Infinity, 7]);
const b = Float32Array.from([-0.1, 2.25, -0, 0, 3, 1e-40, 3e38, 1, -Infinity, 0.7]);

/** The results of instructions on a, b and the number 0.3, which are the values 0 to 2. */
function evaluate(...instructions: readonly Instruction[]): Float32Array {
  const bytes = Math.ceil((4 * a.length) / STRIDE) * STRIDE;
  const memory = allocate(4 * bytes)!;
  const [x, y, scalar, result] = [0, 1, 2, 3].map(
    (i) => new Float32Array(memory.buffer, i * bytes, i === 2 ? 1 : a.length),
  );
  x.set(a);
  y.set(b);
  scalar[0] = 0.3;
  const kernel = encodeKernel(4, [
    { op: 'load', parameter: 0 },
    { op: 'load', parameter: 1 },
    { op: 'splat', parameter: 2 },
    ...instructions,
    { op: 'store', parameter: 3, inputs: [2 + instructions.length] },
  ]);
  load(kernel, memory)(bytes, 0, bytes, 2 * bytes, 3 * bytes);
  return result.slice();
}

describe('an instruction', () => {
  it.each<[string, Instruction, (a: number, b: number) => number]>([
    ['add', { op: 'add', inputs: [0, 1] }, (a, b) => a + b],
    ['sub', { op: 'sub', inputs: [0, 1] }, (a, b) => a - b],
    ['mul', { op: 'mul', inputs: [0, 2] }, (a) => a * Math.fround(0.3)],
    ['div', { op: 'div', inputs: [2, 1] }, (_, b) => Math.fround(0.3) / b],
    ['sqrt', { op: 'sqrt', inputs: [0] }, Math.sqrt],
    ['neg', { op: 'neg', inputs: [0] }, (a) => -a],
    ['abs', { op: 'abs', inputs: [0] }, Math.abs],
    ['largest', { op: 'largest', inputs: [0, 1] }, (a, b) => (a < b ? b : a)],
    ['smallest', { op: 'smallest', inputs: [0, 1] }, (a, b) => (b < a ? b : a)],
    ['constant', { op: 'constant', value: 0.1 }, () => 0.1],
  ])('%s has the same bits as in JavaScript', (_, instruction, expected) => {
    expect(evaluate(instruction)).toEqual(Float32Array.from(a, (x, i) => expected(x, b[i])));
  });
});

it('computes chains with more values and bytes than a byte can count', () => {
  const doubled = Array.from({ length: 100 }, (_, i): Instruction => ({ op: 'add', inputs: [i === 0 ? 0 : i + 2, 2] }));
  const expected = Float32Array.from(a, (x) => doubled.reduce((sum) => Math.fround(sum + Math.fround(0.3)), x));
  expect(evaluate(...doubled)).toEqual(expected);
});

it('has no memory for more than 4 GiB', () => {
  expect(allocate(2 ** 32 + 1)).toBeUndefined();
});
