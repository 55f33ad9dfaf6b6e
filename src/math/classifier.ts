// A small classifier of images: a perceptron with one hidden layer, trained by Adam on the cross-entropy.
import { fillNormal, permutation, type Key } from './random';

export interface LabeledSet {
  /** Row-major [n, d]. */
  readonly values: Float32Array;
  /** The class of each row. */
  readonly classes: Uint8Array;
}

export interface Classifier {
  /** The most likely class of each row of [n, d]. */
  classify(values: Float32Array): Uint8Array;
}

export const hiddenUnits = 64;
export const classifierEpochs = 8;
const batchSize = 32;
const learningRate = 1e-3;
const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

/** Deterministic for the same key. Zeros of `values` cost no time. */
export function trainClassifier({ values, classes }: LabeledSet, d: number, classCount: number, key: Key): Classifier {
  const n = classes.length;
  const h = hiddenUnits;
  const parameter = (length: number, inputs: number, step: number): Parameter => {
    const weights = new Float32Array(length);
    fillNormal(weights, { ...key, stream: `${key.stream}/weights`, step }, 0, Math.sqrt(2 / inputs));
    return createParameter(weights);
  };
  const first = { weights: parameter(d * h, d, 0), bias: createParameter(new Float32Array(h)) };
  const second = { weights: parameter(h * classCount, h, 1), bias: createParameter(new Float32Array(classCount)) };
  const parameters = [first.weights, first.bias, second.weights, second.bias];
  const [hidden, scores] = [new Float32Array(h), new Float32Array(classCount)];
  const hiddenGradient = new Float32Array(h);

  const forward = (x: Float32Array): void => {
    affine(x, first.weights.value, first.bias.value, hidden);
    for (let k = 0; k < h; k++) hidden[k] = Math.max(0, hidden[k]);
    affine(hidden, second.weights.value, second.bias.value, scores);
  };
  /** Adds the gradient of −log p(target | x). */
  const backward = (x: Float32Array, target: number): void => {
    softmax(scores);
    scores[target] -= 1;
    addOuter(second.weights.gradient, hidden, scores);
    for (let c = 0; c < classCount; c++) second.bias.gradient[c] += scores[c];
    for (let k = 0; k < h; k++) {
      let sum = 0;
      for (let c = 0; c < classCount; c++) sum += second.weights.value[k * classCount + c] * scores[c];
      hiddenGradient[k] = hidden[k] > 0 ? sum : 0;
      first.bias.gradient[k] += hiddenGradient[k];
    }
    addOuter(first.weights.gradient, x, hiddenGradient);
  };
  const row = (all: Float32Array, i: number): Float32Array => all.subarray(i * d, (i + 1) * d);
  let update = 0;
  for (let epoch = 0; epoch < classifierEpochs; epoch++) {
    const order = permutation(n, { ...key, stream: `${key.stream}/order`, step: epoch });
    for (let from = 0; from < n; from += batchSize) {
      const batch = order.subarray(from, from + batchSize);
      for (const i of batch) {
        forward(row(values, i));
        backward(row(values, i), classes[i]);
      }
      update++;
      for (const each of parameters) adam(each, batch.length, update);
    }
  }
  return {
    classify: (all) =>
      Uint8Array.from({ length: all.length / d }, (_, i) => {
        forward(row(all, i));
        return scores.indexOf(Math.max(...scores));
      }),
  };
}

/** Share of the rows of `held` that the classifier gets right. */
export function accuracyOf({ classify }: Classifier, held: LabeledSet): number {
  const right = classify(held.values).filter((found, i) => found === held.classes[i]).length;
  return right / held.classes.length;
}

/**
 * KL(p ‖ q) in nats of two histograms over the same bins, which are normalized; 0 log 0 is 0. Infinity if q is 0 where
 * p is not.
 */
export function histogramDivergence(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const [sumP, sumQ] = [p, q].map((counts) => Array.from(counts).reduce((sum, count) => sum + count, 0));
  return Array.from(p).reduce((sum, count, k) => {
    const share = count / sumP;
    return share > 0 ? sum + share * Math.log(share / (q[k] / sumQ)) : sum;
  }, 0);
}

interface Parameter {
  readonly value: Float32Array;
  readonly gradient: Float32Array;
  /** Adam's moving averages of the gradient and of its square. */
  readonly mean: Float32Array;
  readonly square: Float32Array;
}

function createParameter(value: Float32Array): Parameter {
  const [gradient, mean, square] = Array.from({ length: 3 }, () => new Float32Array(value.length));
  return { value, gradient, mean, square };
}

/** Updates by the mean gradient of `samples` and clears it. */
function adam({ value, gradient, mean, square }: Parameter, samples: number, update: number): void {
  const rate = (learningRate * Math.sqrt(1 - beta2 ** update)) / (1 - beta1 ** update);
  for (let i = 0; i < value.length; i++) {
    const g = gradient[i] / samples;
    mean[i] = beta1 * mean[i] + (1 - beta1) * g;
    square[i] = beta2 * square[i] + (1 - beta2) * g * g;
    value[i] -= (rate * mean[i]) / (Math.sqrt(square[i]) + epsilon);
    gradient[i] = 0;
  }
}

/** `out` = b + xW, for W [inputs, outputs]. */
function affine(x: Float32Array, w: Float32Array, b: Float32Array, out: Float32Array): void {
  out.set(b);
  for (let i = 0; i < x.length; i++) {
    const xi = x[i];
    if (xi === 0) continue;
    const at = i * out.length;
    for (let k = 0; k < out.length; k++) out[k] += xi * w[at + k];
  }
}

/** w += x gᵀ. */
function addOuter(w: Float32Array, x: Float32Array, g: Float32Array): void {
  for (let i = 0; i < x.length; i++) {
    const xi = x[i];
    if (xi === 0) continue;
    const at = i * g.length;
    for (let k = 0; k < g.length; k++) w[at + k] += xi * g[k];
  }
}

function softmax(scores: Float32Array): void {
  const most = Math.max(...scores);
  let sum = 0;
  for (let c = 0; c < scores.length; c++) sum += scores[c] = Math.exp(scores[c] - most);
  for (let c = 0; c < scores.length; c++) scores[c] /= sum;
}
