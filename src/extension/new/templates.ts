// The text of a new experiment: a preset on data, with a word on every setting that one is likely to change.
import { dataSources, networks, presets, type DataSourceId, type Kind, type PresetId } from '../../catalog';
import { commentedJson, type Setting } from '../quickstart/commented';
import { toySettings } from '../quickstart/toySettings';

/** The data sources that a preset's networks can handle. */
export function fittingSources(preset: PresetId): DataSourceId[] {
  const { settings } = presets[preset];
  const network = 'generator' in settings ? settings.generator.network : undefined;
  const handled: readonly Kind[] = network === undefined ? ['points', 'images'] : networks[network].handles;
  return (Object.keys(dataSources) as DataSourceId[]).filter((id) => handled.includes(dataSources[id].gives));
}

export interface NewExperiment {
  readonly name: string;
  readonly preset: PresetId;
  readonly source: DataSourceId;
  /** The folder or file, where the source reads one. */
  readonly path?: string;
}

export function newExperimentText({ name, preset, source, path }: NewExperiment): string {
  const { title, text, source: paper } = presets[preset];
  const points = dataSources[source].gives === 'points';
  const head = [
    `${title} on ${dataSources[source].title.toLowerCase()}. Press "▶ Train" above, or run "Earthmover: Train".`,
    'Every key has a default, and hovering over one says what it means.',
  ];
  return commentedJson(head, [
    { key: 'name', value: name },
    { key: 'preset', value: preset, why: [`${text} (${paper}.) The keys below override it.`] },
    { key: 'data', value: dataValue(source, path), why: [dataSources[source].text] },
    ...latentAndNetworks(preset, points),
    ...constraintOf(preset, points),
    {
      key: 'criticSteps',
      value: presets[preset].settings.criticSteps,
      why: ['Critic updates before each generator update (n_critic).'],
    },
    { key: 'batchSize', value: points ? 256 : presets[preset].settings.batchSize, why: ['Samples per update.'] },
    { key: 'steps', value: points ? 2500 : 1500, why: ['A step is one update of the generator. The same seed gives the same run.'] }, // prettier-ignore
    { key: 'seed', value: 1 },
    { key: 'samples', value: { every: points ? 200 : 100 }, why: ['Steps between pictures of what the generator makes.'] }, // prettier-ignore
    { key: 'checkpoints', value: { every: 500, keep: 3 }, why: ['The full state, to resume from.'] },
  ]);
}

function dataValue(source: DataSourceId, path?: string): object {
  if (source === 'images') return { source, path: path ?? './images', size: 64, channels: 3 };
  const { parameters } = dataSources[source];
  if ('path' in parameters) return { source, path: path ?? parameters.path.example };
  return source === 'digits' ? { source, size: 28, samples: 10_000, validation: 0.1 } : { source };
}

function latentAndNetworks(preset: PresetId, points: boolean): Setting[] {
  const { settings } = presets[preset];
  const own = 'generator' in settings;
  const mlp = { network: 'mlp', depth: 3, width: 128 };
  const networksOf = (normalization: string) => (points ? mlp : { network: 'dcgan', filters: 16, normalization });
  const latent = { key: 'latent', value: { size: points ? 2 : 64 }, why: ['The random numbers that the generator starts from.'] }; // prettier-ignore
  const why = [`Or a model of your own: { "module": "./models.ts", "export": "generator" }.`];
  if (own) {
    const { generator, critic } = settings;
    return [
      { key: 'generator', value: { ...generator, filters: 16 }, why },
      { key: 'critic', value: { ...critic, filters: 16 } },
    ];
  }
  return [
    latent,
    { key: 'generator', value: networksOf('batch'), why },
    { key: 'critic', value: networksOf('none'), why: ['It ends in a raw number, without a sigmoid.'] },
  ];
}

/** What bounds the slope of the critic, where the preset has something; points have settings of their own. */
function constraintOf(preset: PresetId, points: boolean): Setting[] {
  const toys = points ? toySettings(preset) : [];
  const [constraint] = presets[preset].settings.constraint as readonly object[];
  if (toys.length > 0 || constraint === undefined) return toys;
  const why = ['Bounds the slope of the critic, without which its estimate means nothing.'];
  return [{ key: 'constraint', value: constraint, why }];
}
