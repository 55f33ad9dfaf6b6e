// Every architecture at every size that it supports: shapes, the authors' parameter counts, initial weights, and shape
// problems.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import type { CatalogNetworkConfig, Role } from '../../catalog';
import { openOnnxEngine } from '../../engine/onnx/engine';
import { buildNetwork } from './index';
import { validateShapes } from './validateShapes';
import { networkOf, type NetworkSpec, type Network } from '../network';
import { outputShape, weightShapes } from '../../../test/reference';
import { architectureOf, inReferenceOrder } from '../../../test/support/architectureOf';

beforeAll(() => void openOnnxEngine({ threads: 1 }));

const build = (network: CatalogNetworkConfig, ends: NetworkSpec): Network => networkOf(buildNetwork(network, ends));
const endsOf = (role: Role, shape: readonly number[], latent: number, seed = 1): NetworkSpec =>
  role === 'generator' ? { role, input: [latent], output: shape, seed } : { role, input: shape, output: [1], seed };
const countOf = ({ parameters }: Network): number => Object.values(parameters).reduce((sum, w) => sum + w.size, 0);
const dispose = ({ model }: Network): void => void model.dispose();

const activation = fc.constantFrom('relu', 'leaky-relu', 'tanh', 'elu', 'smooth-elu', 'swish');
const normalization = fc.constantFrom('none', 'batch', 'layer', 'instance');
const initializer = fc.constantFrom('he', 'glorot', 'normal:0.02');
const filters = fc.integer({ min: 1, max: 3 });
const kernel = fc.constantFrom(4, 5);
const slope = fc.constantFrom(0, 0.2);
const any = (network: string, parameters: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({ network: fc.constant(network), ...parameters }) as unknown as fc.Arbitrary<CatalogNetworkConfig>;
const mlp = any('mlp', {
  depth: fc.integer({ min: 1, max: 4 }),
  width: fc.integer({ min: 1, max: 9 }),
  normalization: fc.constantFrom('none', 'batch', 'layer'),
  activation,
  initializer,
});
const convolutional = fc.oneof(
  any('dcgan', { filters, normalization, kernel, activation, slope, initializer }),
  any('dcgan-constant', { filters, kernel, activation, slope, initializer }),
  any('resnet', { filters, normalization, activation, slope, initializer }),
);
const image = fc.record({ side: fc.constantFrom(16, 28, 32, 64, 128), channels: fc.integer({ min: 1, max: 4 }) });

describe('input and output shapes', () => {
  const fits = (network: CatalogNetworkConfig, ends: NetworkSpec): void => {
    expect(validateShapes(network, ends)).toBeNull();
    const built = build(network, ends);
    expect(built.model.inputs.map((t) => t.shape)).toEqual([[null, ...ends.input]]);
    expect(built.model.outputs.map((t) => t.shape)).toEqual([[null, ...ends.output]]);
    expect(tf.tidy(() => built.apply(tf.zeros([2, ...ends.input]), true).shape)).toEqual([2, ...ends.output]);
    const reference = architectureOf(network, ends);
    expect(outputShape(reference)).toEqual(ends.output);
    expect(inReferenceOrder(built.parameters).map(({ shape }) => shape)).toEqual(
      weightShapes(reference).map(({ shape }) => shape),
    );
    dispose(built);
  };
  const role = fc.constantFrom<Role>('generator', 'critic');
  const latent = fc.integer({ min: 1, max: 9 });

  it('of convolutional networks match the data, for every size, channel count and variant', () => {
    const check = (
      network: CatalogNetworkConfig,
      role: Role,
      { side, channels }: { side: number; channels: number },
      latent: number,
    ) => fits(network, endsOf(role, [side, side, channels], latent));
    fc.assert(fc.property(convolutional, role, image, latent, check), { seed: 1, numRuns: 120 });
  });

  it('of an mlp match the data, for points, vectors and images', () => {
    const shape = fc.oneof(
      fc.tuple(fc.integer({ min: 1, max: 40 })),
      fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 4 })),
    );
    fc.assert(
      fc.property(mlp, role, shape, latent, (network, role, shape, latent) =>
        fits(network, endsOf(role, shape, latent)),
      ),
      { seed: 1, numRuns: 60 },
    );
  });
});

describe('parameters', () => {
  const dcgan: CatalogNetworkConfig = {
    network: 'dcgan',
    filters: 64,
    normalization: 'batch',
    kernel: 4,
    activation: 'relu',
    slope: 0.2,
    initializer: 'normal:0.02',
  };
  const resnet = (normalization: 'batch' | 'none'): CatalogNetworkConfig => ({
    network: 'resnet',
    filters: 128,
    normalization,
    activation: 'relu',
    slope: 0.2,
    initializer: 'he',
  });
  const toy: CatalogNetworkConfig = {
    network: 'mlp',
    depth: 3,
    width: 512,
    normalization: 'none',
    activation: 'relu',
    initializer: 'he',
  };

  it.each<[string, CatalogNetworkConfig, NetworkSpec, number]>([
    // Counted layer by layer in gan_cifar_resnet.py, without its labels: Linear, 3 blocks, norm, Conv2D.
    [
      'the generator of gan_cifar_resnet.py',
      resnet('batch'),
      endsOf('generator', [32, 32, 3], 128),
      264_192 + 3 * 312_192 + 256 + 3_459,
    ],
    [
      'the critic of gan_cifar_resnet.py',
      resnet('none'),
      endsOf('critic', [32, 32, 3], 128),
      151_680 + 311_680 + 2 * 295_168 + 129,
    ],
    // 3,576,704 and 2,765,568 in the WGAN code, whose first and last convolutions have no bias.
    ['the DCGAN generator of the WGAN code', dcgan, endsOf('generator', [64, 64, 3], 100), 3_576_704 + 3],
    ['the DCGAN critic of the WGAN code', dcgan, endsOf('critic', [64, 64, 3], 100), 2_765_568 + 64 + 1],
    ['the generator of gan_toy.py', toy, endsOf('generator', [2], 2), 527_874],
    ['the critic of gan_toy.py', toy, endsOf('critic', [2], 2), 527_361],
    ['the generator of Example 1', { network: 'shift', theta: 1 }, endsOf('generator', [2], 1), 1],
  ])("%s has as many parameters as the authors' network", (_, network, ends, count) => {
    const built = build(network, ends);
    expect(countOf(built)).toBe(count);
    dispose(built);
  });
});

describe('initial weights', () => {
  const valuesOf = (network: CatalogNetworkConfig, ends: NetworkSpec): Record<string, Float32Array> => {
    const built = build(network, ends);
    const values = Object.fromEntries(
      Object.entries(built.parameters).map(([name, w]) => [name.slice(3), w.dataSync() as Float32Array]),
    );
    dispose(built);
    return values;
  };
  const deviation = (values: Float32Array): number =>
    Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
  const resnet = (initializer: 'he' | 'glorot' | 'normal:0.02'): CatalogNetworkConfig => ({
    network: 'resnet',
    filters: 24,
    normalization: 'none',
    activation: 'relu',
    slope: 0.2,
    initializer,
  });

  it('follow their formulas: he before an activation, otherwise glorot, and zero biases', () => {
    const w = valuesOf(resnet('he'), endsOf('critic', [32, 32, 3], 64));
    const wanted: Record<string, number> = {
      'down1-conv1.kernel': 2 / (9 * 3),
      'down1-conv2.kernel': 2 / (9 * 24),
      'keep1-conv2.kernel': 2 / (9 * 24),
      'down2-shortcut.kernel': 2 / (24 + 24),
    };
    for (const [name, variance] of Object.entries(wanted)) {
      expect(deviation(w[name]) / Math.sqrt(variance), name).toBeGreaterThan(0.9);
      expect(deviation(w[name]) / Math.sqrt(variance), name).toBeLessThan(1.1);
    }
    expect(w['down1-conv1.bias'].every((v) => v === 0)).toBe(true);
    const limit = Math.sqrt(6 / 48);
    expect(Math.max(...w['down2-shortcut.kernel'].map(Math.abs))).toBeLessThanOrEqual(Math.fround(limit));
  });

  const dcgan = (
    initializer: 'he' | 'glorot',
    activation: CatalogNetworkConfig<'dcgan'>['activation'],
    slope = 0.2,
  ) => {
    return { network: 'dcgan', filters: 16, normalization: 'none', kernel: 4, activation, slope, initializer } as const;
  };
  /** The variance of a kernel, in shares of the one that is wanted. */
  const share = (w: Readonly<Record<string, Float32Array>>, name: string, variance: number): number =>
    (deviation(w[`${name}.kernel`]!) / Math.sqrt(variance)) ** 2;

  it('divide the fan of the larger side of a strided convolution by stride²', () => {
    const critic = valuesOf(dcgan('glorot', 'relu'), endsOf('critic', [32, 32, 3], 64));
    // [4, 4, 16, 32] of stride 2: an output uses 4·4·16 inputs, an input 4·4·32/2² outputs.
    expect(share(critic, 'down2', 2 / (256 + 128))).toBeCloseTo(1, 1);
    const generator = valuesOf(dcgan('glorot', 'relu'), endsOf('generator', [32, 32, 3], 64));
    // [4, 4, 32, 64] from 64 to 32 channels.
    expect(share(generator, 'up1', 2 / (256 + 512))).toBeCloseTo(1, 1);
    const he = valuesOf(dcgan('he', 'relu'), endsOf('generator', [32, 32, 3], 64));
    expect(share(he, 'up1', 2 / 256)).toBeCloseTo(1, 1);
  });

  const activations: Readonly<Record<CatalogNetworkConfig<'dcgan'>['activation'], (x: number) => number>> = {
    relu: (x) => Math.max(0, x),
    'leaky-relu': (x) => (x > 0 ? x : 0.7 * x),
    tanh: Math.tanh,
    elu: (x) => (x > 0 ? x : Math.expm1(x)),
    'smooth-elu': (x) => Math.log1p(Math.exp(2 * x + 2)) / 2 - 1,
    swish: (x) => x / (1 + Math.exp(-x)),
  };
  it.each(Object.entries(activations))('"he" keeps the second moment through %s', (activation, phi) => {
    const ends = endsOf('critic', [32, 32, 3], 64);
    const w = valuesOf(dcgan('he', activation as keyof typeof activations, 0.7), ends);
    let moment = 0; // E φ(x)² by the trapezoidal rule
    for (let x = -10; x <= 10; x += 1e-3)
      moment += (1e-3 * phi(x) ** 2 * Math.exp(-(x ** 2) / 2)) / Math.sqrt(2 * Math.PI);
    // [4, 4, 32, 64]: 32,768 numbers, so the variance is known to about 1%.
    expect(Math.abs(share(w, 'down3', 1 / moment / (16 * 32)) - 1)).toBeLessThan(0.04);
    expect(share(w, 'end', 2 / (1024 + 1))).toBeCloseTo(1, 0);
  });

  it('depend only on the seed', () => {
    const ends = endsOf('generator', [32, 32, 1], 8);
    const first = valuesOf(resnet('normal:0.02'), ends);
    expect(valuesOf(resnet('normal:0.02'), ends)).toEqual(first);
    const other = valuesOf(resnet('normal:0.02'), { ...ends, seed: 2 });
    expect(other['project.kernel']).not.toEqual(first['project.kernel']);
    expect(deviation(first['project.kernel'])).toBeCloseTo(0.02, 2);
  });
});

describe('generated samples', () => {
  const network: CatalogNetworkConfig = {
    network: 'mlp',
    depth: 1,
    width: 4,
    normalization: 'batch',
    activation: 'tanh',
    initializer: 'he',
  };

  it('are normalized by moving averages or batch statistics, without changing them', () => {
    const built = build(network, endsOf('generator', [2], 3));
    const z = tf.tensor2d([0.5, -1, 2, 1, 0.3, -0.7, -2, 1.5, 0.1, 0.9, -0.4, 0.2], [4, 3]);
    const read = (t: tf.Tensor): number[] => [...t.dataSync()];
    const before = Object.values(built.buffers).map(read);
    const [moving, batch] = (['moving', 'batch'] as const).map((statistics) => read(built.sample(z, statistics)));
    expect(Object.values(built.buffers).map(read)).toEqual(before);
    expect(moving).toEqual(read(built.apply(z, false)));
    expect(batch).toEqual(read(built.apply(z, true)));
    expect(batch).not.toEqual(moving);
    expect(Object.values(built.buffers).map(read)).not.toEqual(before);
    dispose(built);
  });
});

describe('shape problems', () => {
  const dcgan: CatalogNetworkConfig = {
    network: 'dcgan',
    filters: 2,
    normalization: 'none',
    kernel: 4,
    activation: 'relu',
    slope: 0.2,
    initializer: 'he',
  };
  const translation: CatalogNetworkConfig = { network: 'shift', theta: 1 };

  it.each<[CatalogNetworkConfig, NetworkSpec, string, string]>([
    [
      dcgan,
      endsOf('generator', [30, 30, 3], 8),
      'generator.network',
      'The generator is a "dcgan", which halves images down to 4 to 7 pixels, but 30 × 30 cannot be halved evenly; use square images with sides of 28 or 32 pixels, or use "mlp".',
    ],
    [
      dcgan,
      endsOf('critic', [6, 6, 1], 8),
      'critic.network',
      'The critic is a "dcgan", which halves images down to 4 to 7 pixels, but 6 × 6 cannot be halved evenly; use square images with sides of 8 pixels, or use "mlp".',
    ],
    [
      dcgan,
      endsOf('critic', [5], 8),
      'critic.network',
      'The critic is a "dcgan", which needs images, but samples have shape [5]; use "mlp".',
    ],
    [
      translation,
      endsOf('generator', [2], 2),
      'latent.size',
      'The generator is a "shift", which prepends θ to the latent vector; for points of 2 numbers latent.size must be 1, not 2.',
    ],
    [
      translation,
      endsOf('generator', [28, 28, 1], 1),
      'generator.network',
      'The generator is a "shift", which generates points, but samples have shape [28, 28, 1]; use "dcgan" or "resnet".',
    ],
    [
      translation,
      endsOf('critic', [2], 1),
      'critic.network',
      'The critic is a "shift", which can only be a generator; use "mlp".',
    ],
  ])('are reported for %o at %o', (network, ends, path, message) => {
    expect(validateShapes(network, ends)).toEqual({ path: path.split('.'), message });
  });
});
