// Gradients that TensorFlow.js 4.22 lacks or gets wrong at second order, which a gradient penalty needs.
//
// Comparisons have no gradient, so that what is built on them throws; and gradients written with a kernel's *output*
// (tanh, sigmoid, exp ...) lose the path through it when they are differentiated again, silently. Here they are written
// with the input. Each is checked against central differences at second order in the tests.
import * as tf from '@tensorflow/tfjs-core';

type Gradient = (dy: tf.Tensor, x: tf.Tensor, attributes: tf.NamedAttrMap) => tf.Tensor;

/** Derivatives of kernels of one input x, as functions of x. */
const derivatives: Readonly<Record<string, Gradient>> = {
  Tanh: (dy, x) => tf.mul(dy, tf.sub(1, tf.square(tf.tanh(x)))), // 1 - tanh² x
  Sigmoid: (dy, x) => {
    const s = tf.sigmoid(x);
    return tf.mul(dy, tf.mul(s, tf.sub(1, s))); // s (1 - s)
  },
  Softplus: (dy, x) => tf.mul(dy, tf.sigmoid(x)),
  Exp: (dy, x) => tf.mul(dy, tf.exp(x)),
  Expm1: (dy, x) => tf.mul(dy, tf.exp(x)),
  Sqrt: (dy, x) => tf.div(dy, tf.mul(2, tf.sqrt(x))),
  Rsqrt: (dy, x) => tf.div(dy, tf.mul(-2, tf.mul(x, tf.sqrt(x)))), // -½ x^(-3/2)
  Reciprocal: (dy, x) => tf.div(dy, tf.neg(tf.square(x))),
  Relu: (dy, x) => tf.mul(dy, tf.step(x)),
  LeakyRelu: (dy, x, { alpha }) => tf.mul(dy, tf.step(x, alpha as number)),
  Elu: (dy, x) => tf.mul(dy, tf.where(tf.greater(x, 0), tf.onesLike(x), tf.exp(tf.minimum(x, 0)))),
  Selu: (dy, x) => {
    const [scale, alpha] = [1.0507009873554805, 1.6732632423543772];
    const negative = tf.mul(scale * alpha, tf.exp(tf.minimum(x, 0)));
    return tf.mul(dy, tf.where(tf.greater(x, 0), tf.fill(x.shape, scale), negative));
  },
};

/** Kernels whose derivative is zero wherever it exists. */
const flat = {
  one: ['LogicalNot', 'Sign', 'Floor', 'Ceil', 'Round', 'Step', 'IsNan', 'IsInf', 'IsFinite', 'ZerosLike', 'OnesLike'],
  two: ['Greater', 'GreaterEqual', 'Less', 'LessEqual', 'Equal', 'NotEqual', 'LogicalAnd', 'LogicalOr', 'LogicalXor'],
};

/** Registers them for every backend; must come after the import of tfjs-layers, which registers its own. */
export function registerGradients(): void {
  for (const [kernelName, derivative] of Object.entries(derivatives)) {
    register(kernelName, ['x'], (dy, [x], attributes) => ({ x: () => derivative(dy, x, attributes) }));
  }
  for (const kernelName of flat.one) register(kernelName, ['x'], (_, [x]) => ({ x: () => tf.zerosLike(x) }));
  for (const kernelName of flat.two) {
    register(kernelName, ['a', 'b'], (_, [a, b]) => ({ a: () => tf.zerosLike(a), b: () => tf.zerosLike(b) }));
  }
  register('Softmax', ['logits'], (dy, [x], { dim }) => ({ logits: () => softmaxGradient(dy, x, dim as number) }));
}

/** s (dy - Σ dy s), s the softmax of x. */
function softmaxGradient(dy: tf.Tensor, x: tf.Tensor, dim: number): tf.Tensor {
  const s = tf.softmax(x, dim);
  return tf.mul(s, tf.sub(dy, tf.sum(tf.mul(dy, s), [dim], true)));
}

type GradFunc = (dy: tf.Tensor, saved: tf.Tensor[], attributes: tf.NamedAttrMap) => Record<string, () => tf.Tensor>;

function register(kernelName: string, inputsToSave: string[], gradient: GradFunc): void {
  if (tf.getGradient(kernelName)) tf.unregisterGradient(kernelName);
  tf.registerGradient({
    kernelName,
    inputsToSave,
    gradFunc: (dy, saved, attrs) => gradient(dy as tf.Tensor, saved, attrs),
  });
}
