// Resolves an experiment file: its own settings first, then those of the preset, then the defaults of the catalog.
import {
  checkpointsSettings,
  constraints,
  dataSources,
  evaluationSettings,
  gridSettings,
  healthSettings,
  instanceNoiseSettings,
  latentSettings,
  metrics,
  networks,
  objectives,
  optimizers,
  presets,
  runSettings,
  samplesSettings,
  stabilizationSettings,
  untilOptimalSettings,
  weightDecaySettings,
  type Chosen,
  type ConstraintConfig,
  type CriticSteps,
  type DataSourceId,
  type Descriptor,
  type Descriptors,
  type Kind,
  type MetricEntry,
  type MetricId,
  type NetworkConfig,
  type OptimizerConfig,
  type PresetId,
  type PresetSettings,
  type Role,
  type Table,
  type Values,
} from '../catalog';
import type { Experiment } from './experiment';
import type { ExperimentFile } from './schema';

/** Fills in all settings that a valid file leaves out. `name` is for a file without one. */
export function resolveExperiment(file: ExperimentFile, name: string): Experiment {
  const base: PresetSettings = presets[basePreset(file)].settings;
  const kind = dataSources[file.data.source].gives;
  const network = (role: Role) => resolveNetwork(file[role], base[role], kind, role);
  return {
    name: file.name ?? name,
    preset: file.preset ?? null,
    data: fillEntry('source', dataSources, file.data),
    latent: fillParameters(latentSettings, { kind }, file.latent, base.latent),
    generator: network('generator'),
    critic: network('critic'),
    objective: fillEntry('kind', objectives, expanded(file.objective ?? base.objective), base.objective),
    constraint: resolveConstraints(file.constraint, base.constraint),
    stabilization: {
      ...fillParameters(stabilizationSettings, {}, file.stabilization),
      instanceNoise: resolveNoise(file.stabilization?.instanceNoise, base.stabilization?.instanceNoise),
      weightDecay: file.stabilization?.weightDecay
        ? fillParameters(weightDecaySettings, {}, file.stabilization.weightDecay)
        : null,
    },
    optimizer: resolveOptimizers(file.optimizer, base.optimizer),
    initialWeights: {
      generator: file.initialWeights?.generator ?? null,
      critic: file.initialWeights?.critic ?? null,
    },
    criticSteps: resolveCriticSteps(file.criticSteps ?? base.criticSteps),
    ...fillParameters(runSettings, {}, file, base),
    samples: {
      ...fillParameters(samplesSettings, {}, file.samples),
      grid: file.samples?.grid ?? [gridSettings.rows.default, gridSettings.columns.default],
    },
    checkpoints: fillParameters(checkpointsSettings, {}, file.checkpoints),
    metrics: file.metrics ?? fittingMetrics(file.data.source).filter((id) => !isOnRequest(id)),
    evaluation: fillParameters(evaluationSettings, {}, file.evaluation),
    health: fillParameters(healthSettings, {}, file.health),
  };
}

/** The preset that a file builds on: the one it names, or the usual one for its objective and constraint. */
export function basePreset(file: Pick<ExperimentFile, 'preset' | 'objective' | 'constraint'>): PresetId {
  if (file.preset) return file.preset;
  if (file.objective !== undefined && !objectives[expanded(file.objective).kind].lipschitz) return 'gan';
  return listOf(file.constraint ?? []).some(({ kind }) => kind === 'clip') ? 'wgan' : 'wgan-gp';
}

const isOnRequest = (id: MetricId): boolean => (metrics[id] as MetricEntry).onRequest ?? false;

/** The metrics that can be computed on a data source. */
export function fittingMetrics(source: DataSourceId): MetricId[] {
  const { gives, mixture } = dataSources[source];
  const isImages = gives === 'images';
  // Whether images have labels is known when they are opened.
  const fits = { mixture, points: !isImages, images: isImages, labels: isImages, features: isImages };
  return (Object.keys(metrics) as MetricId[]).filter((id) => fits[metrics[id].needs]);
}

function resolveNetwork(
  given: ExperimentFile[Role],
  base: PresetSettings[Role],
  kind: Kind,
  role: Role,
): NetworkConfig {
  if (given !== undefined && 'module' in given) return { module: given.module, export: given.export ?? role };
  const usual = base ?? { network: kind === 'points' ? 'mlp' : 'dcgan' };
  return fillEntry('network', networks, given ?? usual, base, { role });
}

type Noise = NonNullable<ExperimentFile['stabilization']>['instanceNoise'];

function resolveNoise(given: Noise, base: NonNullable<PresetSettings['stabilization']>['instanceNoise'] | undefined) {
  const noise = given === undefined ? base : given;
  return noise ? fillParameters(instanceNoiseSettings, {}, noise, base) : null;
}

function resolveConstraints(
  given: ExperimentFile['constraint'],
  base: PresetSettings['constraint'],
): readonly ConstraintConfig[] {
  const list = given === undefined ? base : listOf(given);
  return list.map((item) => {
    const same = base.find(({ kind }) => kind === item.kind);
    return fillEntry('kind', constraints, item, same);
  });
}

function listOf(given: NonNullable<ExperimentFile['constraint']> | null) {
  if (given === null) return [];
  return (Array.isArray(given) ? given : [given]).map((item) => expanded(item));
}

function resolveOptimizers(
  given: ExperimentFile['optimizer'],
  base: PresetSettings['optimizer'],
): Record<Role, OptimizerConfig> {
  const of = (one: typeof base) => fillEntry('kind', optimizers, one, base);
  if (given !== undefined && 'generator' in given) return { generator: of(given.generator), critic: of(given.critic) };
  return { generator: of(given ?? base), critic: of(given ?? base) };
}

function resolveCriticSteps(given: NonNullable<ExperimentFile['criticSteps']>): CriticSteps {
  if (typeof given !== 'object') return given;
  return { untilOptimal: fillParameters(untilOptimalSettings, {}, given.untilOptimal) };
}

/** The short form `"clip"` written out. */
function expanded<T extends string | object>(given: T): Exclude<T, string> | { kind: Extract<T, string> } {
  return typeof given === 'string' ? { kind: given as Extract<T, string> } : (given as Exclude<T, string>);
}

/** What a default may depend on: the role of the network, the kind of data. */
interface DefaultContext {
  readonly role?: Role;
  readonly kind?: Kind;
}

/**
 * An entry of a table with all its parameters: as given, else as in `base` if that is the same entry, else the default.
 */
function fillEntry<Tag extends string, T extends Table>(
  tag: Tag,
  table: T,
  given: { readonly [K in Tag]: keyof T },
  base?: { readonly [K in Tag]: keyof T },
  where: DefaultContext = {},
): Chosen<Tag, T> {
  const id = given[tag];
  const same = base !== undefined && base[tag] === id ? base : undefined;
  // The cast is safe: the values are built from the parameters that the table lists for `id`.
  return { [tag]: id, ...fillParameters(table[id].parameters, where, given, same) } as Chosen<Tag, T>;
}

/** A value for each parameter: from the first layer that has one, else the default. */
function fillParameters<D extends Descriptors>(
  descriptors: D,
  where: DefaultContext,
  ...layers: (object | undefined)[]
): Values<D> {
  const entries = Object.entries(descriptors).map(([name, descriptor]) => {
    const found = layers.map((layer) => ownValue(layer, name)).find((value) => value !== undefined);
    return [name, found === undefined ? defaultOf(descriptor, where) : found];
  });
  return Object.fromEntries(entries) as Values<D>;
}

function ownValue(layer: object | undefined, name: string): unknown {
  return layer !== undefined && Object.hasOwn(layer, name) ? (layer as Record<string, unknown>)[name] : undefined;
}

function defaultOf(descriptor: Descriptor, { role, kind }: DefaultContext): unknown {
  const value = descriptor.default;
  if (typeof value !== 'object' || value === null) return value;
  const key = 'generator' in value ? role : kind;
  return key === undefined ? undefined : (value as Readonly<Record<string, unknown>>)[key];
}
