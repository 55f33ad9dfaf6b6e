// Plain TensorFlow.js: eager, with its own optimizer. The first argument selects the backend: "tfjs-wasm" (WebAssembly
// with SIMD) or "tfjs-cpu" (plain JavaScript).
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { version_cpu } from '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount, setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type BenchCase, type MlpShape } from '../cases';
import { serve, type Workload } from '../contenderServer';

const [, , contender] = process.argv;
const tensors = () => tf.memory().numTensors;

void serve(contender, async (benchCase): Promise<Workload> => {
  tf.env().set('IS_TEST', true); // No banner.
  if (contender === 'tfjs-cpu') {
    if (!(await tf.setBackend('cpu'))) throw new Error('the cpu backend did not start');
    return { version: version_cpu, iterate: iteration(benchCase), tensors };
  }
  const installed = createRequire(path.resolve(process.argv[1]));
  const folder = path.dirname(installed.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
  setWasmPaths(path.join(folder, 'dist', path.sep));
  setThreadsCount(1); // Its threads do not work in Node.js (tfjs issue 3830).
  if (!(await tf.setBackend('wasm'))) throw new Error('the wasm backend did not start');
  const simd = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) === true;
  return { version: `${version_wasm}${simd ? ' simd' : ''}`, iterate: iteration(benchCase), tensors };
});

function iteration(benchCase: BenchCase): () => Promise<number> {
  const { batchSize, latent, criticSteps, network, constraint, optimizer } = benchCase;
  if (network.kind !== 'mlp' || constraint?.kind !== 'gradient-penalty' || optimizer.kind !== 'adam')
    throw new Error('TensorFlow.js supports only the multilayer perceptron case');
  const { lambda } = constraint;
  const sample = [benchCase.sample.reduce((a, b) => a * b, 1)];
  const { generator: G, critic: D } = mlp(latent, sample[0], network);
  const adam = () => tf.train.adam(optimizer.learningRate, optimizer.beta1, optimizer.beta2, optimizer.epsilon);
  const [adamG, adamD] = [adam(), adam()];
  const real = tf.randomUniform([batchSize, ...sample], -1, 1);
  const noise = () => tf.randomNormal([batchSize, latent]);

  const criticLoss = (fake: tf.Tensor, xHat: tf.Tensor): tf.Scalar => {
    const gap = tf.sub(tf.mean(D.apply(fake)), tf.mean(D.apply(real))); // E D(x~) - E D(x)
    const gradient = tf.grad((x) => tf.sum(D.apply(x)))(xHat); // ∇D(x^)
    const norms = tf.sqrt(tf.add(tf.sum(tf.square(tf.reshape(gradient, [batchSize, -1])), 1), 1e-12));
    return tf.add(gap, tf.mul(lambda, tf.mean(tf.square(tf.sub(norms, 1))))); // + λ E(‖∇D(x^)‖ - 1)²
  };
  const criticStep = (): tf.Scalar => {
    const fake = G.apply(noise());
    const eps = tf.randomUniform([batchSize, ...sample.map(() => 1)]);
    const xHat = tf.add(tf.mul(eps, real), tf.mul(tf.sub(1, eps), fake)); // x^ = εx + (1-ε)x~
    return adamD.minimize(() => criticLoss(fake, xHat), true, D.weights) as tf.Scalar;
  };
  const generatorStep = (): void => {
    adamG.minimize(() => tf.neg(tf.mean(D.apply(G.apply(noise())))) as tf.Scalar, false, G.weights); // -E D(x~)
  };

  return async () => {
    let last = NaN;
    for (let i = 0; i < criticSteps; i++) last = tf.tidy(() => criticStep().dataSync()[0]);
    tf.tidy(generatorStep);
    return last;
  };
}

interface Net {
  readonly weights: tf.Variable[];
  readonly apply: (x: tf.Tensor) => tf.Tensor;
}

interface Pair {
  readonly generator: Net;
  readonly critic: Net;
}

function mlp(latent: number, length: number, { depth, width }: MlpShape): Pair {
  const stack = (input: number, output: number, end: (x: tf.Tensor) => tf.Tensor): Net => {
    const sizes = [input, ...new Array<number>(depth).fill(width), output];
    const layers = sizes.slice(1).map((size, i) => weighted([sizes[i], size], sizes[i], size));
    const apply = (x: tf.Tensor) =>
      layers.reduce((h, { kernel, bias }, i) => {
        const y = tf.add(tf.matMul(h as tf.Tensor2D, kernel as tf.Tensor as tf.Tensor2D), bias);
        return i < depth ? tf.relu(y) : end(y);
      }, x);
    return { weights: layers.flatMap(({ kernel, bias }) => [kernel, bias]), apply };
  };
  return { generator: stack(latent, length, tf.tanh), critic: stack(length, 1, (y) => y) };
}

interface Weighted {
  readonly kernel: tf.Variable;
  readonly bias: tf.Variable;
}

/** A kernel with He initialization and a zero bias. */
function weighted(shape: number[], fanIn: number, units: number): Weighted {
  const kernel = tf.variable(tf.randomNormal(shape, 0, Math.sqrt(2 / fanIn)));
  return { kernel, bias: tf.variable(tf.zeros([units])) };
}
