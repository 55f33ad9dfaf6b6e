// docs/second-order.md: what was checked of every layer and kernel, with the errors that were found.
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
  const left = Object.entries(layerRows).flatMap(([name, row]) => (isExcluded(row) ? [[code(name), row.reason]] : []));
  const kernels = Object.entries(kernelRows).flatMap(([name, row]) =>
    'reason' in row ? [] : [kernelLine(code(name), row)],
  );
  return blocks(
    '# Second derivatives',
    generated,
    'A gradient penalty is trained through the gradient of a gradient. TensorFlow.js 4.22 gets it wrong, silently, for ' +
      'every kernel whose gradient is written with its output (tanh, sigmoid, exp, softmax), and has none for others ' +
      '(comparisons, pooling, resizing, depthwise and three-dimensional convolutions). Earthmover mends the tape and writes ' +
      'the missing gradients for every engine. What remains without a second derivative is refused by the name of its layer ' +
      'when a step that needs it is compiled; where only a first derivative is needed, it trains.',
    '## Layers',
    'Each layer stands in a small critic between smooth layers, with random weights, in configurations that are drawn with a ' +
      'fixed seed. The first error is of the gradient of the mean score with respect to weights and samples, the ' +
      'second of the gradient of the penalty, E(‖∇D(x)‖ - 1)², with respect to the weights. Both are relative, against ' +
      'central differences along random directions in float64 with a step of 1e-5, drawn again where a kink lies between the ' +
      'points: what the differences themselves leave is about 1e-8. The tests run the same checks, and random stacks of layers.',
    table(['layer', 'configurations', 'first order', 'second order'], layers),
    '## Layers that are not in the table',
    table(
      ['layer', 'because'],
      [...left, [code('embedding'), 'it takes whole numbers: there is no gradient with respect to them']],
    ),
    'Some settings fail in TensorFlow.js itself: `conv1d` with causal padding, and `softmax` of more than two dimensions ' +
      'without `axis: -1`.',
    '## Kernels',
    'Every kernel that has a gradient, in functions that use it, checked in the same way.',
    table(['kernel', 'functions', 'first order', 'second order'], kernels),
    '## Layers that draw random numbers',
    '`dropout`, `spatialDropout1d`, `gaussianNoise`, `gaussianDropout`, `alphaDropout`, the dropout of recurrent layers, ' +
      '`tf.dropout`, `tf.randomNormal`, `tf.randomUniform` and `tf.truncatedNormal` are drawn anew at each update, from the seed of ' +
      'the run and the number of the update: D(x), D(x̃) and D(x̂) get numbers of their own, and a resumed run gets those that it ' +
      'would have got. A seed given to a dropout layer is not used, since it would give the same mask for ever.',
  );
}

/** A row of a table: the largest errors of several checks. */
const line = (name: string, errors: readonly Errors[]): string[] => [
  name,
  String(errors.length),
  largest(errors, 'first'),
  largest(errors, 'second'),
];

const largest = (errors: readonly Errors[], of: keyof Errors): string =>
  Math.max(...errors.map((e) => e[of])).toExponential(0);

function kernelLine(name: string, cases: readonly KernelCase[]): string[] {
  const [{ f, shapes, refused }] = cases;
  if (!refused)
    return line(
      name,
      cases.map((c) => checkFunction(c.f, c.shapes)),
    );
  return [name, '1', largest([checkFunction(f, shapes, 1)], 'first'), 'refused by name'];
}

const named = (name: string): string =>
  name.replace(/^\w+/, (word) => code(word)).replace(/"(\w+)"/, (_, word: string) => code(word));
