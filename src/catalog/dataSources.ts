// The data sources: what the generator is to imitate.
import type { Chosen, Entry, Kind, NumberDescriptor } from './descriptor';

/** A data source as data; its code lives in src/data under the same id. */
export interface DataSourceEntry extends Entry {
  readonly gives: Kind;
  /** The samples come from a mixture with known modes. */
  readonly mixture: boolean;
}

const samples = {
  type: 'integer',
  default: null,
  nullable: true,
  minimum: 1,
  maximum: 10_000_000,
  example: 10_000,
  unit: 'samples',
  text: 'Size of a fixed data set drawn once from the distribution; null draws afresh for every batch.',
} as const satisfies NumberDescriptor;

const validation = {
  type: 'number',
  default: 0,
  minimum: 0,
  exclusiveMaximum: 1,
  example: 0.1,
  text: 'Share of the samples held out from training, to see the critic overfit. 0 holds nothing out.',
} as const satisfies NumberDescriptor;

export const dataSources = {
  'gaussians-ring': {
    title: 'Ring of Gaussians',
    text: 'Gaussians in the plane with centres evenly spaced on a circle: the usual test for lost modes.',
    source: 'Gulrajani et al. 2017, gan_toy.py, 8gaussians',
    gives: 'points',
    mixture: true,
    parameters: {
      modes: { type: 'integer', default: 8, minimum: 1, maximum: 1024, unit: 'modes', text: 'Number of Gaussians.' },
      radius: {
        type: 'number',
        default: 2,
        exclusiveMinimum: 0,
        maximum: 1e6,
        text: 'Radius of the circle before scaling.',
      },
      sigma: {
        type: 'number',
        default: 0.02,
        exclusiveMinimum: 0,
        maximum: 1e6,
        text: 'Standard deviation of each Gaussian before scaling.',
      },
      scale: {
        type: 'number',
        default: 1 / 1.414,
        exclusiveMinimum: 0,
        maximum: 1e6,
        text: 'Factor on every sample. The default is the 1/1.414 of the source, which gives coordinates unit variance.',
      },
      samples,
      validation,
    },
  },
  'gaussians-grid': {
    title: 'Grid of Gaussians',
    text: 'Gaussians in the plane with centres on a square grid around the origin.',
    source: 'Gulrajani et al. 2017, gan_toy.py, 25gaussians',
    gives: 'points',
    mixture: true,
    parameters: {
      side: {
        type: 'integer',
        default: 5,
        minimum: 1,
        maximum: 32,
        unit: 'modes',
        text: 'Gaussians along one side; there are side² in all.',
      },
      spacing: {
        type: 'number',
        default: 2,
        exclusiveMinimum: 0,
        maximum: 1e6,
        text: 'Distance between neighbouring centres before scaling.',
      },
      sigma: {
        type: 'number',
        default: 0.05,
        exclusiveMinimum: 0,
        maximum: 1e6,
        text: 'Standard deviation of each Gaussian before scaling.',
      },
      scale: {
        type: 'number',
        default: 1 / 2.828,
        exclusiveMinimum: 0,
        maximum: 1e6,
        text: 'Factor on every sample. The default is the 1/2.828 of the source, which gives coordinates unit variance.',
      },
      samples,
      validation,
    },
  },
  'swiss-roll': {
    title: 'Swiss roll',
    text: 'A noisy spiral in the plane: dimensions 0 and 2 of the Swiss roll of scikit-learn.',
    formula: 't = 1.5π(1 + 2u),  u ~ U[0, 1],  (t cos t, t sin t) + N(0, noise²)',
    source: 'Gulrajani et al. 2017, gan_toy.py, swissroll',
    gives: 'points',
    mixture: false,
    parameters: {
      noise: {
        type: 'number',
        default: 0.25,
        minimum: 0,
        maximum: 1e6,
        text: 'Standard deviation of the noise before scaling.',
      },
      scale: {
        type: 'number',
        default: 1 / 7.5,
        exclusiveMinimum: 0,
        maximum: 1e6,
        text: 'Factor on every sample. The default is the 1/7.5 of the source.',
      },
      samples,
      validation,
    },
  },
  digits: {
    title: 'Stroke digits',
    text: 'Handwritten-looking digits of ten classes, drawn by the program from the seed: grey images with nothing to download.',
    gives: 'images',
    mixture: false,
    parameters: {
      size: {
        type: 'choice',
        options: [16, 28, 32, 64],
        default: 28,
        unit: 'pixels',
        text: 'Side of the square images.',
      },
      samples: {
        type: 'integer',
        default: 10_000,
        minimum: 1,
        maximum: 1_000_000,
        unit: 'images',
        text: 'Images drawn before training.',
      },
      validation,
    },
  },
  images: {
    title: 'Folder of images',
    text: 'The png, jpeg and webp files of a folder and its subfolders, brought to one size and to values in [−1, 1].',
    gives: 'images',
    mixture: false,
    parameters: {
      path: {
        type: 'path',
        example: './photos',
        text: 'The folder, relative to the experiment file.',
      },
      size: {
        type: 'choice',
        options: [16, 28, 32, 64, 128],
        default: 64,
        unit: 'pixels',
        text: 'Side of the square images that training sees.',
      },
      channels: {
        type: 'choice',
        options: [1, 3, 4],
        default: 3,
        text: '1 is grey, 3 is colour, 4 is colour with opacity.',
      },
      fit: {
        type: 'choice',
        options: ['crop', 'contain'],
        default: 'crop',
        text: 'How an oblong image becomes square: "crop" cuts the middle out, "contain" adds bars.',
      },
      resize: {
        type: 'choice',
        options: ['lanczos', 'box'],
        default: 'lanczos',
        text: 'The filter that resizes: "lanczos" is sharper, "box" averages areas.',
      },
      flip: { type: 'boolean', default: false, text: 'Mirrors every image left to right with probability one half.' },
      onError: {
        type: 'choice',
        options: ['skip', 'fail'],
        default: 'skip',
        text: 'What a file that cannot be decoded does: "skip" names and counts it, "fail" ends the run.',
      },
      memoryMiB: {
        type: 'integer',
        default: 2048,
        minimum: 1,
        maximum: 1_048_576,
        unit: 'MiB',
        text: 'Memory that the decoded images may take.',
      },
      validation,
    },
  },
} as const satisfies Record<string, DataSourceEntry>;

export type DataSourceId = keyof typeof dataSources;

/** A data source with its parameters. */
export type Data<Id extends DataSourceId = DataSourceId> = Chosen<'source', typeof dataSources, Id>;
