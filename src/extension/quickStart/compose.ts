// Composes the experiment of a quick start from a model: chooses a matching network and data, and says why in comments.
import type { DataConfig, PresetId, Role, Written, dataSources, networks } from '../../catalog';
import type { FoundModel } from '../models/findModels';
import { inputShape, isConvolutional, outputShape } from '../models/shapes';
import { commentedJson, type Setting, settingsForPoints } from '../experiments/experimentText';

/** Steps of a quick start, of a model or of an experiment file. */
export const quickStartSteps = 500;

export interface QuickStart {
  /** Name of the experiment and of its file. */
  readonly name: string;
  readonly text: string;
  /** What was chosen, in a sentence for a notification. */
  readonly summary: string;
}

/** Why no data set fits, in words that go on from "No data set fits ...: ". */
export interface NoMatch {
  readonly noMatch: string;
}

/** A model that takes or makes colour pictures needs a folder of the user's. */
export interface NeedsImages {
  readonly needsImages: { readonly size: ImageSize; readonly channels: ImageChannels };
}

type ImageSize = DataConfig<'images'>['size'];
type ImageChannels = DataConfig<'images'>['channels'];

export interface QuickStartRequest {
  readonly model: FoundModel;
  readonly role: Role;
  /** Path of the model file as the experiment names it: relative to the folder of the composed file, with '/'. */
  readonly module: string;
  /** For messages: the name of the model file. */
  readonly fileName: string;
  /** The folder of images that the user chose, where the model needed one. */
  readonly images?: string;
}

/** Chooses partner, data and settings for a model. */
export function composeQuickStart(request: QuickStartRequest): QuickStart | NoMatch | NeedsImages {
  const { model, role, module, fileName } = request;
  const choice = chooseData(request);
  if ('noMatch' in choice || 'needsImages' in choice) return choice;
  const { data, because } = choice;
  const points = data.source === 'gaussians-ring';
  const partner = mirror(model, role, points);
  const other: Role = role === 'critic' ? 'generator' : 'critic';
  const own = { module, export: model.exported };
  const { preset, why } = choosePreset(model, role, points);
  const latent = role === 'generator' ? inputShape(model) : undefined;
  const name = `${model.exported} quick start`;
  const settings: Setting[] = [
    { key: 'name', value: name },
    { key: 'preset', value: preset, comment: [why] },
    { key: 'data', value: data, comment: [because] },
    ...(latent?.length === 1
      ? [
          {
            key: 'latent',
            value: { size: latent[0] },
            comment: [`The size of the vector that ${model.exported} takes.`],
          },
        ]
      : []),
    { key: role, value: own, comment: [`The model that this is about: "${model.exported}" of ${fileName}.`] },
    { key: other, value: partner, comment: [`Its partner, mirrored: ${describePartner(partner)}.`] },
    ...(points ? settingsForPoints(preset) : []),
    {
      key: 'batchSize',
      value: points ? 256 : 64,
      comment: [`Short, to see quickly whether it learns: change what you like and train this file.`],
    },
    { key: 'steps', value: quickStartSteps },
    { key: 'samples', value: { every: 25 } },
    { key: 'checkpoints', value: { every: quickStartSteps, keep: 1 } },
  ];
  const head = [
    `Made by a quick start from "${model.exported}" of ${fileName}. The next one writes it anew: save it under another name to keep changes.`,
  ];
  const summary = `${model.exported} as ${role}, against ${describePartner(partner)}, on ${describeData(data)}, with ${preset}, ${quickStartSteps} steps`;
  return { name, text: commentedJson(head, settings), summary };
}

type QuickData = Written<'source', typeof dataSources, 'gaussians-ring' | 'digits' | 'images'>;
type Partner = Written<'network', typeof networks, 'mlp' | 'dcgan'>;

interface ChosenData {
  readonly data: QuickData;
  readonly because: string;
}

/** Data of the shape that the model takes as a critic, or makes as a generator. */
function chooseData({ model, role, images }: QuickStartRequest): ChosenData | NoMatch | NeedsImages {
  const shape = role === 'critic' ? inputShape(model) : outputShape(model);
  const does = role === 'critic' ? 'takes' : 'makes';
  if (shape === undefined) {
    return isConvolutional(model)
      ? { data: digits(28), because: `${model.exported} works on pictures of any size: digits, drawn by the program.` }
      : {
          data: ring,
          because: `${model.exported} leaves its shape open: the eight Gaussians of the papers, in a plane.`,
        };
  }
  const shown = `[${shape.join(', ')}]`;
  if (shape.length === 1 && shape[0] === 2) {
    return {
      data: ring,
      because: `${model.exported} ${does} points of a plane, ${shown}: the eight Gaussians of the papers.`,
    };
  }
  if (shape.length !== 3) {
    const hint =
      shape.length === 1
        ? '; a picture is [height, width, channels], so let the model flatten or reshape it itself'
        : '';
    return { noMatch: `it ${does} ${shown}, and data are points [2] or square pictures such as [28, 28, 1]${hint}` };
  }
  const [height, width, channels] = shape;
  const square = height === width;
  if (square && channels === 1 && isDigitSize(height)) {
    return {
      data: digits(height),
      because: `${model.exported} ${does} grey pictures, ${shown}: digits, drawn by the program.`,
    };
  }
  if (!square || !isImageSize(height) || !isImageChannels(channels)) {
    return {
      noMatch: `it ${does} ${shown}, and pictures are square with sides of ${imageSizes.join(', ')} and 1, 3 or 4 channels`,
    };
  }
  if (images === undefined) return { needsImages: { size: height, channels } };
  const data = { source: 'images', path: images, size: height, channels } as const;
  return { data, because: `${model.exported} ${does} pictures, ${shown}: the folder that you chose.` };
}

const ring: QuickData = { source: 'gaussians-ring', modes: 8 };
const digits = (size: DataConfig<'digits'>['size']): QuickData => ({ source: 'digits', size, samples: 4000 });

const digitSizes = [16, 28, 32, 64] as const;
const imageSizes = [16, 28, 32, 64, 128] as const;
const imageChannels = [1, 3, 4] as const;
const isDigitSize = (side: number): side is DataConfig<'digits'>['size'] => digitSizes.some((size) => size === side);
const isImageSize = (side: number): side is ImageSize => imageSizes.some((size) => size === side);
const isImageChannels = (count: number): count is ImageChannels => imageChannels.some((known) => known === count);

/** A network of the catalog that is about as deep and as wide as the model. */
function mirror(model: FoundModel, role: Role, points: boolean): Partner {
  if (points || !isConvolutional(model)) {
    const dense = model.layers.filter(({ name }) => name === 'dense').slice(0, -1);
    const widths = dense.map(({ options }) => options.units).filter((units) => typeof units === 'number');
    const depth = model.repeats || dense.length === 0 ? 3 : Math.min(8, dense.length);
    const width = widths.length === 0 ? 128 : Math.min(512, Math.max(...widths));
    return { network: 'mlp', depth, width };
  }
  const filters = model.layers
    .filter(({ name }) => /^conv2d/.test(name))
    .map(({ options }) => options.filters)
    .filter((count) => typeof count === 'number' && count > 4);
  const nearest = Math.min(64, ...(filters as number[]), filters.length === 0 ? 16 : 64);
  const normalization = role === 'critic' ? 'batch' : 'none';
  return { network: 'dcgan', filters: nearest, normalization };
}

function describePartner(partner: Partner): string {
  if (partner.network === 'mlp')
    return `an mlp of ${partner.depth} hidden ${partner.depth === 1 ? 'layer' : 'layers'} of ${partner.width}`;
  return `a dcgan of ${partner.filters} filters`;
}

function describeData(data: QuickData): string {
  if (data.source === 'gaussians-ring') return 'a ring of eight Gaussians';
  return data.source === 'digits' ? `digits of ${data.size} pixels` : 'your pictures';
}

/** A penalty on each sample's own gradient and a critic that mixes the samples of a batch do not go together. */
function choosePreset(model: FoundModel, role: Role, points: boolean): { preset: PresetId; why: string } {
  const mixes = role === 'critic' && model.layers.some(({ name }) => name === 'batchNormalization');
  if (mixes) {
    return {
      preset: 'wgan',
      why: 'Clipped weights instead of a gradient penalty: batch normalization in the critic mixes the samples of a batch, and the penalty is on each sample alone.',
    };
  }
  return {
    preset: 'wgan-gp',
    why: `Wasserstein with a gradient penalty: steady on ${points ? 'points' : 'pictures'}, and its curve means a distance.`,
  };
}

/** TypeScript of a module that exports a function under the model's name, for the model that `module` exports; undefined for one that is a function. */
export function adapterText({ kind, exported, method }: FoundModel, module: string): string | undefined {
  if (kind === 'function') return undefined;
  if (kind === 'constant') {
    return `// Made by a quick start: "${exported}" is a constant, and a training builds its models by calling a function.
import * as tf from '@tensorflow/tfjs';
import { ${exported} as model } from '${module}';

/** The same layers every time, with weights drawn from the experiment's seed. */
export const ${exported} = () => tf.models.modelFromJSON({ modelTopology: model.toJSON(null, false) });
`;
  }
  const { name = 'build', isStatic = true } = method ?? {};
  return `// Made by a quick start: "${exported}" is a class, and a training builds its models by calling a function.
import { ${exported} as Model } from '${module}';

/** It is called with { role, inputShape, outputShape }. */
export const ${exported} = (context) => ${isStatic ? 'Model' : 'new Model()'}.${name}(context);
`;
}
