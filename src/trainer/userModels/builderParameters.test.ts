import { describe, expect, it } from 'vitest';
import { argumentsFor } from './builderArguments';
import { parametersOf } from './builderParameters';

const name = (name: string, optional = false) => ({ kind: 'name', name, optional });
const any = (f: unknown) => f as (...args: never[]) => unknown;
/** Evaluates a text, so that no compiler changes it before the function shows it. */
const evaluated = (text: string) => any((0, eval)(`(${text})`));

describe('the parameters of a function', () => {
  it.each<[string, readonly object[]]>([
    ['function f(a, b) {}', [name('a'), name('b')]],
    ['function (a = (1, 2), b = ")", c = `,`) {}', [name('a', true), name('b', true), name('c', true)]],
    ['async function* f(a /* , b */, c) {}', [name('a'), name('c')]],
    ['a => a', [name('a')]],
    ['async a => a', [name('a')]],
    ['(a, b = (x, y) => x) => a', [name('a'), name('b', true)]],
    ['async (a = { x: [1, 2] }) => a', [name('a', true)]],
    ['({ a, b: { c }, d = 1, ...rest }) => a', [{ kind: 'object', keys: ['a', 'b', 'd'], optional: false }]],
    ['({ a } = {}) => a', [{ kind: 'object', keys: ['a'], optional: true }]],
    [
      '([a, b], ...rest) => a',
      [
        { kind: 'other', optional: false },
        { kind: 'other', optional: true },
      ],
    ],
    ['() => 1', []],
    ['class { constructor(a, b = 2) {} }', [name('a'), name('b', true)]],
    ['class { static x = f("constructor("); build(z) {} }', []],
    ['class { build(z) { constructor(1); } constructor(a) {} }', [name('a')]],
    ['class extends Array {}', []],
    ['({ build(a, { b }) {} }).build', [name('a'), { kind: 'object', keys: ['b'], optional: false }]],
  ])('of %s', (text, expected) => {
    expect(parametersOf(evaluated(text.replace('f("', 'String("')))).toEqual(expected);
  });

  it('are unknown for code that is not JavaScript', () => {
    expect(parametersOf(any(Math.max))).toBeUndefined();
    expect(parametersOf(any(((a: number) => a).bind(null)))).toBeUndefined();
  });
});

const generator = { role: 'generator', input: [64], output: [28, 28, 3], seed: 1 } as const;
const critic = { role: 'critic', input: [28, 28, 3], output: [1], seed: 1 } as const;
const points = { role: 'generator', input: [4], output: [2], seed: 1 } as const;
const context = { role: 'generator', inputShape: [64], outputShape: [28, 28, 3] };

describe('a builder is called with', () => {
  it.each<[string, unknown, readonly unknown[]]>([
    ['(latentDim, channels) => 0', generator, [64, 3]],
    ['(latent_size, img_size, num_channels) => 0', generator, [64, 28, 3]],
    ['(nz, nc) => 0', generator, [64, 3]],
    ['(channels2) => 0', generator, [3]],
    ['(noiseDim = 100, filters = 8, imageShape) => 0', generator, [64, undefined, [28, 28, 3]]],
    ['(filters = 8, depth = 2) => 0', generator, [context]],
    ['(height, imgWidth, zDim) => 0', generator, [28, 28, 64]],
    ['(inputShape) => 0', critic, [[28, 28, 3]]],
    ['(imageSize = 64, channels = 1) => 0', critic, [28, 3]],
    ['(input_dim, output_dim) => 0', points, [4, 2]],
    ['(features) => 0', points, [2]],
    ['(role, shape) => 0', critic, ['critic', [28, 28, 3]]],
    ['(config) => 0', generator, [context]],
    ['(c, options = {}) => 0', generator, [context]],
    ['() => 0', generator, [context]],
    ['({ inputShape, latentDim }) => 0', generator, [{ ...context, latentDim: 64 }]],
  ])('%s', (text, spec, expected) => {
    expect(argumentsFor(evaluated(text), 'f', spec as typeof generator)).toMatchObject({ values: expected });
  });

  it.each<[string, unknown, RegExp]>([
    ['(latentDim, units) => 0', generator, /"units" is not a name with a known value for this generator/],
    ['(latentDim, imageSize) => 0', points, /"imageSize" is not a name/],
    [
      '(a, b) => 0',
      generator,
      /"a" and "b" are not names with a known value for this generator\. It is called with one object \{ role, inputShape, outputShape \}, or by/,
    ],
    ['(latentDim, [a]) => 0', generator, /a pattern is not a name/],
    ['(latentDim, nClasses) => 0', generator, /Labels are not supported yet/],
    ['(image, label) => 0', critic, /Labels are not supported yet/],
  ])('nothing, if it is unclear: %s', (text, spec, message) => {
    expect(argumentsFor(evaluated(text), 'f', spec as typeof generator)).toMatchObject({
      refusal: expect.stringMatching(message) as string,
    });
  });
});
