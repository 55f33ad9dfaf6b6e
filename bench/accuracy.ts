// Rounding errors of Winograd's algorithm over whole trainings: the same experiment with tiles of 4×4 outputs, of 2×2,
// and without the algorithm, with the same seeds. Rounding makes trainings diverge, so what is compared are curves and
// results over seeds.
import * as tf from '@tensorflow/tfjs-core';
import path from 'node:path';
import { createWorkerPool, openSource, type DataSource, type DataTasks } from '../src/data';
import { openOnnxEngine } from '../src/engine/onnx/engine';
import { ALL_PASSES, type Passes } from '../src/engine/passes/optimize';
import { parseExperiment, type Experiment } from '../src/experiment';
import { fillUpdateScalars } from '../src/gan/optimizers';
import type { GanStep } from '../src/gan/step';
import { trainClassifier, type Classifier } from '../src/math/classifier';
import { fillNormal, fillUniform } from '../src/math/random';
import { wasserstein1 } from '../src/math/wasserstein';
import { buildGan } from '../src/trainer/buildGan';
import { classifierData } from '../src/trainer/evaluation/imageClassifier';
import { median } from './statistics';

const variants: Readonly<Record<string, Passes>> = {
  'tiles of 4×4': ALL_PASSES,
  'tiles of 2×2': { ...ALL_PASSES, largeWinogradTiles: false },
  'without Winograd': { ...ALL_PASSES, winograd: false },
};

/** Digits of 16×16 pixels; the convolutions between 32 and 64 channels use Winograd's algorithm. */
const experimentOf = (seed: number, steps: number): Experiment => {
  const network = { network: 'dcgan', filters: 32, normalization: 'none', initializer: 'he' };
  const file = {
    data: { source: 'digits', size: 16, samples: 6000 },
    latent: { size: 64 },
    ...{ generator: network, critic: network, objective: 'wgan', criticSteps: 3, batchSize: 64, steps, seed },
    constraint: { kind: 'gradient-penalty', lambda: 10 },
    optimizer: { kind: 'adam', learningRate: 5e-4, beta1: 0, beta2: 0.9 },
  };
  const { experiment, problems } = parseExperiment(JSON.stringify(file), 'accuracy');
  if (!experiment) throw new Error(problems.map(({ message }) => message).join(' '));
  return experiment;
};

/** Samples for the results at the end. */
const COUNT = 512;
/** Steps between two points of a curve. */
const EVERY = 10;

interface Trained {
  /** The estimate of the Wasserstein distance, every `EVERY` steps. */
  readonly curve: readonly number[];
  /** Classes of digits among `COUNT` generated images. */
  readonly classes: number;
  /** W₁ between as many generated and real images, in the space of their pixels. */
  readonly w1: number;
}

/** Trains every variant with `seeds` seeds for `steps` steps, and prints what differs. */
export async function compareAccuracy(
  { seeds, steps }: { readonly seeds: number; readonly steps: number },
  root: string,
  print: (text: string) => void,
): Promise<Readonly<Record<string, readonly Trained[]>>> {
  const workers = createWorkerPool<DataTasks>(path.join(root, 'dist', 'task-worker.cjs'), 1);
  const results: Record<string, Trained[]> = {};
  try {
    const data = await openSource(experimentOf(1, steps).data, { seed: 1, folder: root, workers });
    const labeled = classifierData(data)!;
    const classifier = trainClassifier(labeled.training, labeled.dimensions, labeled.classCount, {
      ...{ seed: 1, stream: 'classifier', step: 0 },
    });
    for (let seed = 1; seed <= seeds; seed++)
      for (const [name, passes] of Object.entries(variants)) {
        const trained = await train(experimentOf(seed, steps), passes, data, classifier);
        (results[name] ??= []).push(trained);
        print(`seed ${seed}, ${name}: ${trained.classes} classes, W₁ ${trained.w1.toFixed(3)}`);
      }
  } finally {
    await workers.close();
  }
  print(`\n${table(results)}`);
  return results;
}

async function train(
  experiment: Experiment,
  passes: Passes,
  data: DataSource,
  classifier: Classifier,
): Promise<Trained> {
  const { seed, steps, criticSteps, optimizer } = experiment;
  const engine = openOnnxEngine({ threads: 1, passes });
  const { gan } = await buildGan(experiment, data.shape, { source: { path: 'accuracy', text: '' } });
  const state = engine.state(gan.variables);
  const compile = async (step: GanStep) => engine.compile({ ...step, state, isBuiltIn: true });
  const sampling = gan.samplesStep(COUNT);
  const [critic, generator] = [await compile(gan.criticStep), await compile(gan.generatorStep)];
  const sampler = await compile(sampling);
  const feeds = { critic: buffers(gan.criticStep), generator: buffers(gan.generatorStep), sampler: buffers(sampling) };
  const curve: number[] = [];
  let update = 0;
  for (let step = 1; step <= steps; step++) {
    for (let i = 0; i < (criticSteps as number); i++) {
      data.batch({ seed, stream: 'data', step: update }, feeds.critic.real);
      fillNormal(feeds.critic.z, { seed, stream: 'critic', step: update });
      fillUniform(feeds.critic.epsilon, { seed, stream: 'epsilon', step: update });
      fillUpdateScalars(feeds.critic, optimizer.critic, ++update, optimizer.critic.learningRate);
      const { estimate } = await critic.run(feeds.critic);
      if (step % EVERY === 0 && i === 0) curve.push(estimate[0]);
    }
    fillNormal(feeds.generator.z, { seed, stream: 'generator', step });
    fillUpdateScalars(feeds.generator, optimizer.generator, step, optimizer.generator.learningRate);
    await generator.run(feeds.generator);
  }
  fillNormal(feeds.sampler.z, { seed, stream: 'samples', step: 0 });
  const samples = (await sampler.run(feeds.sampler)).samples.slice();
  const real = new Float32Array(samples.length);
  data.batch({ seed, stream: 'real', step: 0 }, real);
  for (const step of [critic, generator, sampler]) await step.dispose();
  state.dispose();
  tf.disposeVariables();
  const found = classifier.classify(samples.map((value) => (value + 1) / 2));
  return { curve, classes: new Set(found).size, w1: wasserstein1(real, samples, samples.length / COUNT) };
}

const buffers = ({ inputs }: GanStep): Record<string, Float32Array> =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, shape]) => [name, new Float32Array(shape.reduce((a, b) => a * b, 1))]),
  );

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[]): number =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

/**
 * The results, and how far the curve of each variant is from that without Winograd: the mean over seeds and points,
 * beside the same distance between different seeds of one variant.
 */
function table(results: Readonly<Record<string, readonly Trained[]>>): string {
  const plain = results['without Winograd'];
  const distance = (a: Trained, b: Trained): number => mean(a.curve.map((value, i) => Math.abs(value - b.curve[i])));
  const first = (a: Trained, b: Trained): number => Math.abs(a.curve[0] - b.curve[0]) / Math.abs(b.curve[0]);
  const between = plain.flatMap((a, i) => plain.slice(i + 1).map((b) => distance(a, b)));
  const rows = Object.entries(results).map(([name, trained]) => {
    const w1 = trained.map((each) => each.w1);
    const paired = trained.map((each, i) => distance(each, plain[i]));
    return [
      name,
      trained.map(({ classes }) => classes).join(', '),
      `${mean(w1).toFixed(3)} ± ${deviation(w1).toFixed(3)}`,
      mean(trained.map(({ curve }) => mean(curve))).toFixed(4),
      paired.every((d) => d === 0) ? '' : mean(paired).toFixed(4),
      paired.every((d) => d === 0) ? '' : median(trained.map((each, i) => first(each, plain[i]))).toExponential(0),
    ];
  });
  return [
    '| convolutions | classes by seed | W₁, mean ± deviation | mean estimate | distance of the curves | at first |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    `Distance of the curves of two seeds: ${mean(between).toFixed(4)}. "At first": relative, at step ${EVERY}.`,
  ].join('\n');
}
