// The trainer's session: data, networks, state on the device and compiled steps of an experiment.
import type { Role } from '../catalog';
import type { DataSource } from '../data';
import type { TrainerWorkerPool } from './workerTasks';
import { DeviceError, ModelError } from '../engine/errors';
import { failedLayer } from '../engine/graph/node';
import { runsOnlyBuiltInCode } from '../engine/tfjsInternals';
import type { Engine, State, Step } from '../engine/engine';
import { openEngine } from '../engine/openEngine';
import { ALL_PASSES } from '../engine/passes/optimize';
import type { Experiment } from '../experiment';
import type { Gan } from '../gan/gan';
import type { GanStep } from '../gan/step';
import { layersIn } from '../gan/layersIn';
import type { Network } from '../gan/network';
import type { Communicator } from '../parallel/communicator';
import { hasNormalizedEstimate } from './columns';
import type { CompiledStep } from './compiledStep';
import { openData, type DataRequest } from './openData';
import { settingError, type ExperimentSource } from './inputErrors';
import { parallelStep } from './parallelStep';
import { metricSampleCounts, quickMetrics } from './sampleMetrics';
import { lintModels } from './modelLint';
import { buildGan, type BuiltGan } from './buildGan';
import type { ModelBundle, ModelBundles } from './userModels/bundleModule';

type AnyStep = Step<string, string>;

/** A step that is compiled on its first run, so that the start of a run does not wait for it. */
export type LazyStep = Pick<CompiledStep, 'inputs' | 'run'>;

export interface Session {
  readonly experiment: Experiment;
  readonly engine: Engine;
  /** Messages about the choice of engine and device. */
  readonly engineNotices: readonly string[];
  readonly data: DataSource;
  /** What is ignored or changed in model files. */
  readonly modelNotices: readonly string[];
  /** Warnings about models from files. */
  readonly modelWarnings: readonly string[];
  /** The model files as they were used, with the saved models that they load. */
  readonly bundles: ModelBundles;
  readonly state: State;
  readonly networks: BuiltGan['networks'];
  readonly criticWeights: Gan['criticWeights'];
  readonly critic: CompiledStep;
  readonly generator: CompiledStep;
  readonly validation: CompiledStep | null;
  /** z [samplesCount, latent] to samples. */
  readonly sample: CompiledStep;
  readonly samplesCount: number;
  /** Whether estimate / mean‖∇D‖ is recorded: for a Wasserstein critic with a gradient penalty. */
  readonly hasNormalizedEstimate: boolean;
  /** x [LANDSCAPE², 2] to D(x); null unless samples are points. */
  readonly criticScores: CompiledStep | null;
  /** x [ARROWS, 2] to the generator gradient at each; null unless samples are points. */
  readonly sampleGradient: LazyStep | null;
  /** The inputs of a critic update to the gradients of both networks, by parameter name. */
  readonly gradientProbe: LazyStep;
  /** Names of the trainable parameters, the generator's first. */
  readonly parameters: readonly string[];
  dispose(): Promise<void>;
}

/** Points in a scatter plot. */
export const PLOT_POINTS = 1024;
/** Gradient arrows in a scatter plot. */
export const ARROWS = 64;
/** Side of the grid on which the critic's landscape is computed. */
export const LANDSCAPE = 64;

export interface SessionContext extends DataRequest {
  readonly bundles: ModelBundles;
  readonly workers: TrainerWorkerPool;
  /** Cores that "threads": "auto" counts on; by default those of this machine. */
  readonly cores?: number;
  /** The processes that train together; null if this one trains alone. */
  readonly ranks: Communicator | null;
}

/** Opens the data and compiles the steps. Throws an InputError for problems of data, model files, shapes or devices. */
export async function openSession(experiment: Experiment, context: SessionContext): Promise<Session> {
  const data = await openData(experiment, context);
  const { batchSize } = experiment;
  if (batchSize > data.size) {
    const available = data.size === 1 ? 'is only 1 sample' : `are only ${data.size} samples`;
    const message = `batchSize is ${batchSize}, but there ${available} to train on; lower batchSize to at most ${data.size}, or add samples.`;
    throw settingError(context.source, 'batch-too-large', ['batchSize'], message);
  }
  const { ranks } = context;
  if (ranks !== null && batchSize % ranks.size !== 0) {
    const message = `batchSize is ${batchSize}, which ${ranks.size} processes cannot share equally; use a multiple of ${ranks.size}, or another number of processes.`;
    throw settingError(context.source, 'batch-not-shared', ['batchSize'], message);
  }
  const asDeviceSetting = (error: unknown): unknown =>
    error instanceof DeviceError ? settingError(context.source, error.code, [error.setting], error.message) : error;
  const { engine, notices } = await openEngine({
    engine: experiment.engine,
    device: experiment.device,
    threads: experiment.threads,
    cores: context.cores,
    passes: { ...ALL_PASSES, largeWinogradTiles: experiment.convolutions === 'fast' },
  }).catch((error: unknown) => {
    throw asDeviceSetting(error);
  });
  const modelNotices = new Set<string>();
  const bundles: Partial<Record<Role, ModelBundle>> = { ...context.bundles };
  const { networks, gan } = await buildGan(experiment, data.shape, {
    ...context,
    notice: (message) => modelNotices.add(message),
    onLoad: (role, files) => {
      const bundle = bundles[role]!;
      bundles[role] = { ...bundle, sources: { ...bundle.sources, ...files } };
    },
  });
  const findings = lintModels(experiment, networks, data);
  const fatal = findings.find(({ severity }) => severity === 'error');
  if (fatal) throw settingError(context.source, fatal.code, [fatal.role, 'module'], fatal.message);
  const state = engine.state(gan.variables);
  const isBuiltIn = Object.values(networks).every((n) => n === null || layersIn(n.model).every(runsOnlyBuiltInCode));
  const compile = async (step: GanStep): Promise<CompiledStep & { dispose(): Promise<void> }> => {
    const compiled: AnyStep = await engine.compile({ ...step, state, isBuiltIn }).catch((error: unknown) => {
      throw asDeviceSetting(asModelSetting(error, experiment, networks, context.source));
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
  const training = async (role: Role): Promise<CompiledStep & { dispose(): Promise<void> }> => {
    const step = gan[`${role}Step`];
    if (ranks === null) return compile(step);
    const halves = gan.parallelSteps(ranks.size)[role];
    const [gradients, apply] = [await compile(halves.gradients), await compile(halves.apply)];
    const dispose = async (): Promise<void> => {
      await gradients.dispose();
      await apply.dispose();
    };
    return { ...parallelStep(step, { gradients, apply }, ranks), dispose };
  };
  const lazy = (step: GanStep): LazyStep & { dispose(): Promise<void> } => {
    let compiled: ReturnType<typeof compile> | undefined;
    return {
      inputs: step.inputs,
      run: async (inputs, update) => (await (compiled ??= compile(step))).run(inputs, update),
      // A compilation error was thrown by run().
      dispose: async () => (await compiled?.catch(() => undefined))?.dispose(),
    };
  };
  const samplesCount = Math.max(
    data.shape.length === 1 ? PLOT_POINTS : experiment.samples.grid[0] * experiment.samples.grid[1],
    ...quickMetrics(experiment).map((m) => metricSampleCounts[m]),
  );
  const isPoints = data.shape.length === 1 && data.shape[0] === 2;
  const steps = {
    critic: await training('critic'),
    generator: await training('generator'),
    sample: await compile(gan.samplesStep(samplesCount)),
    validation: experiment.data.validation > 0 ? await compile(gan.validationStep) : null,
    criticScores: isPoints ? await compile(gan.criticScoresStep(LANDSCAPE ** 2)) : null,
    sampleGradient: isPoints ? lazy(gan.generatorGradientStep(ARROWS)) : null,
    gradientProbe: lazy(gan.gradientProbeStep),
  };
  const dispose = async (): Promise<void> => {
    state.dispose();
    for (const step of Object.values(steps)) await step?.dispose();
    data.close?.();
  };
  return {
    experiment,
    engine,
    engineNotices: notices,
    data,
    modelNotices: [...modelNotices],
    modelWarnings: [...findings.map(({ message }) => message), ...latentWarnings(experiment, data)],
    bundles,
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

/** The linter compares the latent space with the data; the dimension of points in a file it often cannot know. */
function latentWarnings({ latent, data: config }: Experiment, { shape }: DataSource): string[] {
  if (config.source !== 'points' || latent.size >= shape[0]) return [];
  return [
    `latent.size is ${latent.size}, but the points have ${shape[0]} numbers: the generator can only reach a part of that space. Set latent.size to ${shape[0]} or more.`,
  ];
}

/** What TensorFlow.js throws if a path from an output to an input is cut, or ends at whole numbers. */
const isGradientError = (error: unknown): boolean =>
  error instanceof Error &&
  /^(Cannot compute gradient of y=f|Error in gradient for op|Cannot find a connection)/.test(error.message);

/** Places an engine error about a user's model at the setting that names the model. */
function asModelSetting(
  error: unknown,
  experiment: Experiment,
  models: { readonly [R in Role]: Network },
  source: ExperimentSource,
): unknown {
  const layer = error instanceof ModelError ? error.layer : failedLayer(error);
  const hasNoGradient = layer === null && isGradientError(error);
  if (!(error instanceof ModelError) && layer === null && !hasNoGradient) return error;
  const roles = (['critic', 'generator'] as const).filter((role) => 'module' in experiment[role]);
  const owns = (role: Role): boolean => layersIn(models[role].model).some(({ name }) => name === layer);
  const role = roles.find(owns) ?? (error instanceof ModelError || hasNoGradient ? roles[0] : undefined);
  if (role === undefined) return error;
  const { message } = error as Error;
  if (hasNoGradient) {
    const cause = /^Error in gradient for op (\w+)/.exec(message)?.[1];
    const problem = `The output of the ${roles.join(' or the ')} does not depend on its input by differentiable operations${cause === undefined ? '' : ` (${cause} has no gradient)`}.`;
    const advice = 'A layer must use its input, and not as an index: no embedding, gather or argMax of it.';
    return settingError(source, 'model-refused', [role, 'module'], `${problem} ${advice}`);
  }
  const text = error instanceof ModelError ? message : `Layer "${layer}" of the ${role} fails: ${message}`;
  return settingError(source, 'model-refused', [role, 'module'], text);
}
