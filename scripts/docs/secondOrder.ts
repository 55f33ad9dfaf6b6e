// docs/second-order.md: the accuracy of first and second derivatives of every layer and kernel.
import { registerGradients } from '../../src/engine/gradients';
import { patchLayers } from '../../src/engine/layerPatches';
import { kernelRows, type KernelCase } from '../../test/support/kernelCases';
import { isExcluded, layerRows, subjects } from '../../test/support/layerCases';
import { checkCritic, checkFunction, type Errors } from '../../test/support/secondOrder';
import { blocks, code, generated, table } from './markdown';

export function secondOrder(): string {
  registerGradients();
  patchLayers();
  const layers = subjects.map(({ name, cases, training }) =>
    line(
      named(name),
      cases.map((c) => checkCritic([c], training)),
    ),
  );
  const excluded = Object.entries(layerRows).flatMap(([name, row]) =>
    isExcluded(row) ? [[code(name), row.reason]] : [],
  );
  const kernels = Object.entries(kernelRows).flatMap(([name, row]) =>
    'reason' in row ? [] : [kernelLine(code(name), row)],
  );
  return blocks(
    '# Second derivatives',
    generated,
    'Training with a gradient penalty needs second derivatives. TensorFlow.js 4.22 silently computes wrong ones ' +
      'for every kernel whose gradient uses its output (tanh, sigmoid, exp, softmax), and none for others ' +
      '(comparisons, pooling, resizing, depthwise and 3D convolutions). Earthmover patches the gradient tape and ' +
      'adds the missing gradients, for every engine. A layer without a second derivative is rejected by name when a ' +
      'step that needs it is compiled; it can be used where a first derivative is enough.',
    '## Layers',
    'Each layer is tested in a small critic between smooth layers, with random weights and in random configurations ' +
      'from a fixed seed. The first error is that of the gradient of the mean score with respect to weights and ' +
      'samples, the second that of the gradient of the penalty, E(‖∇D(x)‖ - 1)², with respect to the weights. Both ' +
      'are relative to central differences in float64 along random directions, with a step of 1e-5; directions ' +
      'that cross a kink are resampled. The finite-difference error itself is about 1e-8. The unit tests run the ' +
      'same checks, also on random stacks of layers.',
    table(['layer', 'configurations', 'first order', 'second order'], layers),
    '## Excluded layers',
    table(['layer', 'reason'], [...excluded, [code('embedding'), 'its inputs are integers, which have no gradient']]),
    'Some settings do not work in TensorFlow.js: `conv1d` with causal padding, and `softmax` of more than two ' +
      'dimensions without `axis: -1`.',
    '## Kernels',
    'All kernels with a gradient, tested in the same way in functions that use them.',
    table(['kernel', 'functions', 'first order', 'second order'], kernels),
    '## Layers with random numbers',
    '`dropout`, `spatialDropout1d`, `gaussianNoise`, `gaussianDropout`, `alphaDropout`, the dropout of recurrent ' +
      'layers, `tf.dropout`, `tf.randomNormal`, `tf.randomUniform` and `tf.truncatedNormal` get new numbers at each ' +
      'update, derived from the seed of the run and the number of the update: D(x), D(x̃) and D(x̂) get different ' +
      'numbers, and a resumed run gets the same ones as an uninterrupted run. The seed of a dropout layer is ' +
      'ignored, since it would repeat the same mask forever.',
  );
}

/** A table row with the largest errors of several checks. */
const line = (name: string, errors: readonly Errors[]): string[] => [
  name,
  String(errors.length),
  largest(errors, 'first'),
  largest(errors, 'second'),
];

const largest = (errors: readonly Errors[], order: keyof Errors): string =>
  Math.max(...errors.map((e) => e[order])).toExponential(0);

function kernelLine(name: string, cases: readonly KernelCase[]): string[] {
  const [{ f, shapes, rejected }] = cases;
  if (!rejected)
    return line(
      name,
      cases.map((c) => checkFunction(c.f, c.shapes)),
    );
  return [name, '1', largest([checkFunction(f, shapes, 1)], 'first'), 'rejected by name'];
}

const named = (name: string): string =>
  name.replace(/^\w+/, (word) => code(word)).replace(/"(\w+)"/, (_, word: string) => code(word));
