// Our side of the comparison with PyTorch: trains a GAN like the trainer does, and collects the inputs for PyTorch.
import type { Role } from '../../src/catalog';
import type { Engine } from '../../src/engine/engine';
import { fillNormal, fillUniform } from '../../src/math/random';
import { buildGan } from '../../src/trainer/buildGan';
import { STEPS, type PeerSystem } from './systems';

/** A tensor, as compare.py reads it. */
interface Shaped {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** All losses in order, and the final parameters. */
export interface Outcome {
  readonly losses: readonly number[];
  readonly generator: readonly (readonly number[])[];
  readonly critic: readonly (readonly number[])[];
}

export async function trainEarthmover(engine: Engine, { name, experiment, shape, layers }: PeerSystem) {
  const { gan } = await buildGan(experiment, shape, { path: name, text: '' });
  const state = engine.state(gan.variables);
  const [critic, generator] = [
    await engine.compile({ ...gan.criticStep, state }),
    await engine.compile({ ...gan.generatorStep, state }),
  ];
  const parameters = (role: Role) =>
    Object.keys(state.variables).filter((name) => name.startsWith(`${role}/`) && state.variables[name].trainable);
  const weightsOf = (role: Role, values: Readonly<Record<string, Float32Array>>): Shaped[] =>
    parameters(role).map((name) => ({ shape: state.variables[name].shape, data: [...values[name]] }));
  const initial = await state.read();

  let drawn = 0;
  const draw = (inputs: Readonly<Record<string, readonly number[]>>) => {
    const fed: Record<string, Float32Array> = {};
    const shaped: Record<string, Shaped> = {};
    for (const [input, shape] of Object.entries(inputs)) {
      const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
      const key = { seed: 1, stream: input, step: drawn++ };
      if (input === 'z') fillNormal(data, key);
      else fillUniform(data, key);
      if (input === 'real') data.forEach((v, i) => (data[i] = 2 * v - 1));
      fed[input] = data;
      shaped[input] = { shape, data: [...data] };
    }
    return { fed, shaped };
  };

  const losses: number[] = [];
  const steps: { critic: Record<string, Shaped>[]; generator: Record<string, Shaped> }[] = [];
  for (let step = 0; step < STEPS; step++) {
    const batches: Record<string, Shaped>[] = [];
    for (let i = 0; i < (experiment.criticSteps as number); i++) {
      const { fed, shaped } = draw(gan.criticStep.inputs);
      const { criticLoss, penalty } = await critic.run(fed);
      losses.push(criticLoss[0], ...(penalty ? [penalty[0]] : []));
      batches.push(shaped);
    }
    const { fed, shaped } = draw(gan.generatorStep.inputs);
    losses.push((await generator.run(fed)).generatorLoss[0]);
    steps.push({ critic: batches, generator: shaped });
  }
  const final = await state.read();
  const start = { generator: weightsOf('generator', initial), critic: weightsOf('critic', initial) };
  const end = { generator: weightsOf('generator', final), critic: weightsOf('critic', final) };
  await critic.dispose();
  await generator.dispose();
  state.dispose();
  const { objective, constraint, optimizer } = experiment;
  const forPeer = { layers, objective, constraint, optimizer: optimizer.critic, weights: start, steps };
  const flat = (weights: readonly Shaped[]) => weights.map(({ data }) => data);
  const outcome: Outcome = { losses, generator: flat(end.generator), critic: flat(end.critic) };
  return { forPeer, outcome, start: { generator: flat(start.generator), critic: flat(start.critic) } };
}
