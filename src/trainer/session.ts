// Everything a run computes with, opened and compiled: the data, the networks, the state on the device, the steps.
import type { Role } from '../catalog';
import { cacheFolder, openSource, type DataSource } from '../data';
import type { TrainerWorkerPool } from './workerTasks';
import { isDataError } from '../data/errors';
import { DeviceError, ModelError } from '../engine/errors';
import type { Arrays, Engine, State, Step } from '../engine/engine';
import { openEngine } from '../engine/openEngine';
import type { Experiment } from '../experiment';
import type { Gan } from '../gan/gan';
import type { GanStep } from '../gan/step';
import type { Network } from '../gan/network';
import { hasNormalizedEstimate } from './columns';
import { settingError, type ExperimentSource } from './inputErrors';
import { metricSampleCounts } from './sampleMetrics';
import { lintModels } from './modelLint';
import { buildGan, type BuiltGan } from './buildGan';

type AnyStep = Step<string, string>;

/** A step with the names and shapes of its inputs. */
export interface CompiledStep {
  readonly inputs: GanStep['inputs'];
  /** Runs the step; networks that draw random numbers draw those of `update`. */
  run(inputs: Arrays, update?: number): ReturnType<AnyStep['run']>;
  advance(inputs: Arrays, update?: number): Promise<void>;
  readonly threads: number;
  readonly print: AnyStep['print'];
}

/** A step that is compiled when it is run first: the start of a run does not wait for it. */
export type LazyStep = Pick<CompiledStep, 'inputs' | 'run'>;

export interface Session {
  readonly experiment: Experiment;
  readonly engine: Engine;
  /** What there is to say of the choice of engine and device. */
  readonly engineNotes: readonly string[];
  readonly data: DataSource;
  /** What is unwise in models from files. */
  readonly modelNotes: readonly string[];
  readonly state: State;
  readonly networks: BuiltGan['networks'];
  readonly criticWeights: Gan['criticWeights'];
  readonly critic: CompiledStep;
  readonly generator: CompiledStep;
  readonly validation: CompiledStep | null;
  /** z [samplesCount, latent] to samples. */
  readonly sample: CompiledStep;
  readonly samplesCount: number;
  /** True where W = estimate / mean‖∇D‖ means something: a Wasserstein critic under a gradient penalty. */
  readonly hasNormalizedEstimate: boolean;
  /** x [LANDSCAPE², 2] to D(x), for points only. */
  readonly criticScores: CompiledStep | null;
  /** x [ARROWS, 2] to where the generator is to move each of them, for points only. */
  readonly sampleGradient: LazyStep | null;
  /** What a critic update is fed to the gradients of both networks, by the names of their parameters. */
  readonly gradientProbe: LazyStep;
  /** Names of what is trained, the generator's first. */
  readonly parameters: readonly string[];
  dispose(): Promise<void>;
}

/** Points drawn in a picture of points. */
export const PLOT_POINTS = 1024;
/** Points of a picture whose gradient is drawn. */
export const ARROWS = 64;
/** Side of the grid that the critic's landscape is computed on. */
export const LANDSCAPE = 64;

export interface SessionContext {
  readonly source: ExperimentSource;
  readonly folder: string;
  readonly workers: TrainerWorkerPool;
  readonly signal: AbortSignal;
  readonly note: (message: string) => void;
}

/** Throws an InputError for what the user can mend: data, model files, shapes. */
export async function openSession(experiment: Experiment, context: SessionContext): Promise<Session> {
  const data = await openData(experiment, context);
  const { batchSize } = experiment;
  if (batchSize > data.size) {
    const there = data.size === 1 ? 'only 1 sample is there' : `only ${data.size} samples are there`;
    const message = `batchSize is ${batchSize}, but ${there} to train on; take a batchSize of at most ${data.size}, or more samples.`;
    throw settingError(context.source, 'batch-too-large', ['batchSize'], message);
  }
  const atDevice = (error: unknown): unknown =>
    error instanceof DeviceError ? settingError(context.source, error.code, [error.setting], error.message) : error;
  const { engine, notices } = await openEngine({
    engine: experiment.engine,
    device: experiment.device,
    threads: experiment.threads,
  }).catch((error: unknown) => {
    throw atDevice(error);
  });
  const { networks, gan } = await buildGan(experiment, data.shape, context.source);
  const findings = lintModels(experiment, networks, data);
  const wrong = findings.find(({ severity }) => severity === 'error');
  if (wrong) throw settingError(context.source, wrong.code, [wrong.role, 'module'], wrong.message);
  const state = engine.state(gan.variables);
  const compile = async (step: GanStep): Promise<CompiledStep & { dispose(): Promise<void> }> => {
    const compiled: AnyStep = await engine.compile({ ...step, state }).catch((error: unknown) => {
      throw atDevice(atModel(error, experiment, networks, context.source));
    });
    return {
      inputs: step.inputs,
      run: (inputs, update = 0) => compiled.run(inputs, { seed: experiment.seed, step: update }),
      advance: (inputs, update = 0) => compiled.advance(inputs, { seed: experiment.seed, step: update }),
      threads: compiled.threads,
      print: compiled.print,
      dispose: compiled.dispose,
    };
  };
  const late = (step: GanStep): LazyStep & { dispose(): Promise<void> } => {
    let made: ReturnType<typeof compile> | undefined;
    return {
      inputs: step.inputs,
      run: async (inputs, update) => (await (made ??= compile(step))).run(inputs, update),
      // One that could not be compiled has said so to whoever ran it.
      dispose: async () => (await made?.catch(() => undefined))?.dispose(),
    };
  };
  const samplesCount = Math.max(
    data.shape.length === 1 ? PLOT_POINTS : experiment.samples.grid[0] * experiment.samples.grid[1],
    ...experiment.metrics.map((m) => metricSampleCounts[m]),
  );
  const isPoints = data.shape.length === 1 && data.shape[0] === 2;
  const steps = {
    critic: await compile(gan.criticStep),
    generator: await compile(gan.generatorStep),
    sample: await compile(gan.samplesStep(samplesCount)),
    validation: experiment.data.validation > 0 ? await compile(gan.validationStep) : null,
    criticScores: isPoints ? await compile(gan.criticScoresStep(LANDSCAPE ** 2)) : null,
    sampleGradient: isPoints ? late(gan.generatorGradientStep(ARROWS)) : null,
    gradientProbe: late(gan.gradientProbeStep),
  };
  const dispose = async (): Promise<void> => {
    state.dispose();
    for (const step of Object.values(steps)) await step?.dispose();
    data.close?.();
  };
  return {
    experiment,
    engine,
    engineNotes: notices,
    data,
    modelNotes: findings.map(({ message }) => message),
    state,
    networks,
    parameters: (['generator', 'critic'] as const).flatMap((role) =>
      Object.keys(networks[role].parameters).map((name) => `${role}/${name}`),
    ),
    criticWeights: gan.criticWeights,
    samplesCount,
    hasNormalizedEstimate: hasNormalizedEstimate(experiment),
    ...steps,
    dispose,
  };
}

/** What the engine refuses in a model of the user's stands at the setting that names the model. */
function atModel(
  error: unknown,
  experiment: Experiment,
  models: { readonly [R in Role]: Network },
  source: ExperimentSource,
): unknown {
  if (!(error instanceof ModelError)) return error;
  const roles = (['critic', 'generator'] as const).filter((role) => 'module' in experiment[role]);
  const owns = (role: Role): boolean => models[role].model.layers.some(({ name }) => name === error.layer);
  const role = roles.find(owns) ?? roles[0];
  return role ? settingError(source, 'model-refused', [role, 'module'], error.message) : error;
}

async function openData({ data, seed }: Experiment, context: SessionContext): Promise<DataSource> {
  let told = Date.now();
  const onProgress = (done: number, total: number): void => {
    if (Date.now() - told < 2000) return;
    told = Date.now();
    context.note(`Reading samples: ${done} of ${total}.`);
  };
  try {
    return await openSource(data, { ...context, cacheFolder: cacheFolder(), seed, onProgress });
  } catch (error) {
    if (!isDataError(error)) throw error;
    throw settingError(context.source, error.code, error.path, error.message);
  }
}
