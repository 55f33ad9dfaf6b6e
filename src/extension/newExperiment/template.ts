// The text of a new experiment: a preset on data, with a comment on the settings that are most likely to be changed.
import {
  dataSources,
  networks,
  presets,
  type DataSourceId,
  type Kind,
  type NetworkId,
  type PresetEntry,
  type PresetId,
  type PresetSettings,
} from '../../catalog';
import { commentedJson, type Setting, settingsForPoints } from '../experiments/writeExperiment';

/** The data sources that a preset's networks support, the preset's own first. */
export function matchingSources(preset: PresetId): DataSourceId[] {
  const { settings, data } = presets[preset] as PresetEntry;
  // Its samples are on a vertical line, which no other data source matches.
  if (settings.generator?.network === 'shift') return data === undefined ? [] : [data];
  const own = [settings.generator, settings.critic].flatMap((network) => network?.network ?? []);
  const handles = (network: NetworkId, kind: Kind): boolean =>
    (networks[network].handles as readonly Kind[]).includes(kind);
  const matching = (Object.keys(dataSources) as DataSourceId[]).filter((id) =>
    own.every((network) => handles(network, dataSources[id].gives)),
  );
  return data === undefined ? matching : [data, ...matching.filter((id) => id !== data)];
}

interface NewExperiment {
  readonly name: string;
  readonly preset: PresetId;
  readonly source: DataSourceId;
  /** The folder or file of a source that reads one. */
  readonly path?: string;
}

export function newExperimentText({ name, preset, source, path }: NewExperiment): string {
  const { title, text, source: paper } = presets[preset];
  const points = dataSources[source].gives === 'points';
  const head = [
    `${title}, data: ${dataSources[source].title}.`,
    'Select "▶ Train" above to train it, or run "Earthmover: Train".',
    'A GAN trains two networks against each other: the generator makes samples, and the critic learns to tell them ' +
      'from the data.',
    'Every key has a default. Hover over a key to see its description.',
  ];
  return commentedJson(head, [
    { key: 'name', value: name },
    { key: 'preset', value: preset, comment: [`${text} (${paper}.) The keys below override it.`] },
    { key: 'data', value: dataValue(source, path), comment: [dataSources[source].text] },
    ...latentAndNetworks(preset, points),
    ...constraintOf(preset, points),
    {
      key: 'criticSteps',
      value: presets[preset].settings.criticSteps,
      comment: ['Critic updates before each generator update (n_critic).'],
    },
    { key: 'batchSize', value: points ? 256 : presets[preset].settings.batchSize, comment: ['Samples per update.'] },
    {
      key: 'steps',
      value: points ? 2500 : 1500,
      comment: ['A step is one generator update. The same seed gives the same run.'],
    },
    { key: 'seed', value: 1 },
    {
      key: 'samples',
      value: { every: 100 },
      comment: ['Steps between sample images of the generator.'],
    },
    {
      key: 'checkpoints',
      value: { every: 500, keep: 3 },
      comment: ['The complete training state, to resume from.'],
    },
  ]);
}

function dataValue(source: DataSourceId, path?: string): object {
  if (source === 'images') return { source, path: path ?? './images', size: 64, channels: 3 };
  const { parameters } = dataSources[source];
  if ('path' in parameters) return { source, path: path ?? parameters.path.example };
  return source === 'digits' ? { source, size: 28, samples: 10_000, validation: 0.1 } : { source };
}

function latentAndNetworks(preset: PresetId, points: boolean): Setting[] {
  const { latent, generator, critic }: PresetSettings = presets[preset].settings;
  const mlp = { network: 'mlp', depth: 3, width: 128 };
  const networksOf = (normalization: string) => (points ? mlp : { network: 'dcgan', filters: 16, normalization });
  const comment = [
    'The network that turns random numbers into samples. It can be your own model: ' +
      '{ "module": "./models.ts", "export": "generator" }.',
  ];
  const start = { size: points ? 2 : 64, ...latent };
  return [
    { key: 'latent', value: start, comment: ['The random input of the generator.'] },
    { key: 'generator', value: small(generator) ?? networksOf('batch'), comment },
    {
      key: 'critic',
      value: small(critic) ?? networksOf('none'),
      comment: [
        'The network that learns to tell real samples from generated ones. Its output is one number, without a sigmoid.',
      ],
    },
  ];
}

/** The preset's own network, reduced to a size that trains on a laptop. */
function small(network: PresetSettings['generator']): object | undefined {
  if (network === undefined) return undefined;
  if ('width' in network && network.width !== undefined) return { ...network, width: Math.min(network.width, 128) };
  return network.network === 'dcgan' ? { ...network, filters: 16 } : network;
}

/** The constraint of the preset, if it has one; points have settings of their own. */
function constraintOf(preset: PresetId, points: boolean): Setting[] {
  const toys = points ? settingsForPoints(preset) : [];
  const [constraint] = presets[preset].settings.constraint as readonly object[];
  if (toys.length > 0 || constraint === undefined) return toys;
  const comment = ["Bounds the critic's gradient norm; without a bound, its estimate is meaningless."];
  return [{ key: 'constraint', value: constraint, comment }];
}
