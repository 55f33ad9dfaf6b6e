// The optimizations that replace those of ONNX Runtime: the same bits as with them.
import { describe, expect, it } from 'vitest';
import { leaf, make } from '../graph/node';
import { evaluate } from '../../../test/support/runGraph';
import { printGraph } from '../graph/print';
import { fuseGemmActivations, fusesOnlyActivations } from './runtimeOptimizations';

const inputs = [leaf('x', [9, 33], 'float32'), leaf('w', [33, 17], 'float32'), leaf('b', [17], 'float32')];
const product = make('Gemm', inputs, { transA: false, transB: false });
const activated = {
  Relu: make('Relu', [product], {}),
  LeakyRelu: make('LeakyRelu', [product], { alpha: 0.3 }),
  Elu: make('Elu', [product], {}),
  Selu: make('Selu', [product], { alpha: 1.5, gamma: 1.1 }),
  Softplus: make('Softplus', [product], {}),
  Tanh: make('Tanh', [product], {}),
};

describe('the fusion of activations', () => {
  it.each(Object.entries(activated))('of %s gives the same bits as that of ONNX Runtime', async (op, output) => {
    const [fused] = fuseGemmActivations([output]);
    expect(fused).toMatchObject({ op: 'Gemm', attributes: { activation: { op } } });
    expect(await evaluate([fused], false)).toEqual(await evaluate([output], true));
  });

  it('leaves products alone that are used elsewhere', () => {
    const both = make('Add', [activated.Relu, product], {});
    expect(printGraph(fuseGemmActivations([both]))).toBe(printGraph([both]));
    const results = [activated.Relu, product];
    expect(printGraph(fuseGemmActivations(results))).toBe(printGraph(results));
  });
});

describe('graphs that ONNX Runtime optimizes', () => {
  const images = leaf('images', [1, 2, 8, 8], 'float32');
  const geometry = { strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] };

  it.each([
    ['a convolution', make('Conv', [images, leaf('filter', [3, 2, 2, 2], 'float32')], geometry)],
    ['a transpose', make('Transpose', [images], { perm: [0, 2, 3, 1] })],
    ['a GELU', make('Mul', [product, make('Erf', [product], {})], {})],
  ])('have %s', (_, node) => {
    expect(fusesOnlyActivations([node])).toBe(false);
  });

  it('have more than matrix products, activations and their gradients', () => {
    const mask = make('Clip', [make('Mul', [product, product], {})], { min: 0, max: 1 });
    const gradient = make('Gemm', [inputs[0], mask], { transA: true, transB: false });
    expect(fusesOnlyActivations([...Object.values(activated), gradient])).toBe(true);
  });
});
