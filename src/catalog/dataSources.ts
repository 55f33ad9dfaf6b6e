// The data sources, which provide the samples that the generator learns to imitate.
import {
  arrayForm,
  drawnImages,
  flip,
  imageForm,
  keeping,
  layout,
  onError,
  split,
  range,
  samples,
  validation,
} from './dataParameters';
import type { Chosen, Entry, Kind } from './descriptor';

/** A data source as data; its code is in src/data under the same id. */
interface DataSourceEntry extends Entry {
  readonly gives: Kind;
  /** Whether the samples come from a mixture with known modes. */
  readonly mixture: boolean;
}

export const dataSources = {
  'gaussians-ring': {
    title: 'Ring of Gaussians',
    text: 'Gaussians in the plane with centers evenly spaced on a circle: the usual test for mode collapse.',
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
        text: 'Scale factor of every sample. The default, 1/1.414 as in the source, gives each coordinate unit variance.',
      },
      samples,
      validation,
    },
  },
  'gaussians-grid': {
    title: 'Grid of Gaussians',
    text: 'Gaussians in the plane with centers on a square grid around the origin.',
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
        text: 'Gaussians along one side; the total is side².',
      },
      spacing: {
        type: 'number',
        default: 2,
        exclusiveMinimum: 0,
        maximum: 1e6,
        text: 'Distance between neighboring centers before scaling.',
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
        text: 'Scale factor of every sample. The default, 1/2.828 as in the source, gives each coordinate unit variance.',
      },
      samples,
      validation,
    },
  },
  'swiss-roll': {
    title: 'Swiss roll',
    text: "A noisy spiral in the plane: dimensions 0 and 2 of scikit-learn's Swiss roll.",
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
        text: 'Scale factor of every sample. The default is 1/7.5, as in the source.',
      },
      samples,
      validation,
    },
  },
  'vertical-line': {
    title: 'Vertical line',
    text: 'A vertical line in the plane. With the network "shift", which generates a parallel line, it is Example 1 of the WGAN paper: only W₁ provides a gradient from one line to the other.',
    formula: 'x = (theta, z),  z ~ U[0, 1]',
    source: 'Arjovsky, Chintala, Bottou 2017, Wasserstein GAN, Example 1',
    gives: 'points',
    mixture: false,
    parameters: {
      theta: {
        type: 'number',
        default: 0,
        minimum: -1e6,
        maximum: 1e6,
        text: 'Position of the line on the first axis. W₁ to a line at θ is |θ − theta|.',
      },
      samples,
      validation,
    },
  },
  points: {
    title: 'Points from a file',
    text: 'Points in the plane from a text file with two columns (csv, tsv), or from a NumPy array [N, 2].',
    gives: 'points',
    mixture: false,
    parameters: {
      path: { type: 'path', example: './points.csv', text: 'The file, relative to the experiment file.' },
      delimiter: {
        type: 'choice',
        options: ['auto', 'comma', 'semicolon', 'tab', 'space'],
        default: 'auto',
        text: 'Delimiter between the two numbers of a line; "auto" detects it from the first line.',
      },
      standardize: {
        type: 'boolean',
        default: false,
        text: 'Standardizes each coordinate to mean 0 and variance 1, which usually trains best.',
      },
      onError: {
        type: 'choice',
        options: ['fail', 'skip'],
        default: 'fail',
        text: 'What to do with a line that is not two finite numbers: "fail" reports it and ends the run, "skip" reports and skips it.',
      },
      validation,
    },
  },
  digits: {
    title: 'Stroke digits',
    text: 'Synthetic handwritten digits in ten classes, generated from the seed: grayscale images that need no download.',
    gives: 'images',
    mixture: false,
    parameters: {
      size: {
        type: 'choice',
        options: [16, 28, 32, 64],
        default: 28,
        unit: 'pixels',
        text: 'Side length of the square images.',
      },
      samples: drawnImages,
      validation,
    },
  },
  shapes: {
    title: 'Color shapes',
    text: 'Synthetic shapes in ten classes on shaded backgrounds, generated from the seed: color images that need no download.',
    gives: 'images',
    mixture: false,
    parameters: {
      size: {
        type: 'choice',
        options: [16, 28, 32, 64],
        default: 32,
        unit: 'pixels',
        text: 'Side length of the square images.',
      },
      samples: drawnImages,
      flip,
      validation,
    },
  },
  images: {
    title: 'Folder of images',
    text: 'The png, jpeg and webp files of a folder and its subfolders, resized to one size and scaled to [−1, 1].',
    gives: 'images',
    mixture: false,
    parameters: {
      path: {
        type: 'path',
        example: './photos',
        text: 'The folder, relative to the experiment file.',
      },
      ...imageForm,
      onError,
      ...keeping,
      validation,
    },
  },
  idx: {
    title: 'IDX files (MNIST)',
    text: 'Images in the format of MNIST, Fashion-MNIST, KMNIST, EMNIST and QMNIST, plain or gzipped. Label files next to them are read too.',
    source: 'LeCun, Cortes, Burges, The MNIST database of handwritten digits',
    gives: 'images',
    mixture: false,
    parameters: {
      path: {
        type: 'path',
        example: 'mnist',
        text: 'An image file (train-images-idx3-ubyte.gz), a folder of image files, or the name of a downloaded data set: "mnist", "fashion-mnist", "kmnist" (earthmover download mnist). Paths are relative to the experiment file.',
      },
      split,
      transpose: {
        type: 'choice',
        options: ['auto', 'yes', 'no'],
        default: 'auto',
        text: 'Whether to exchange rows and columns of each image. EMNIST is stored that way; "auto" turns files upright that have "emnist" in their names.',
      },
      ...arrayForm,
      onError,
      ...keeping,
      validation,
    },
  },
  cifar: {
    title: 'CIFAR-10 and CIFAR-100',
    text: 'The binary version of CIFAR: color images of 32 × 32 pixels with their classes.',
    source: 'Krizhevsky 2009, Learning Multiple Layers of Features from Tiny Images',
    gives: 'images',
    mixture: false,
    parameters: {
      path: {
        type: 'path',
        example: 'cifar-10',
        text: 'The folder with data_batch_1.bin and so on (CIFAR-10) or train.bin (CIFAR-100), one such file, or the name of a downloaded data set: "cifar-10", "cifar-100" (earthmover download cifar-10). Paths are relative to the experiment file.',
      },
      split,
      ...arrayForm,
      onError,
      ...keeping,
      validation,
    },
  },
  lmdb: {
    title: 'LMDB of images (LSUN)',
    text: 'A database whose values are encoded images (webp, jpeg, png), the format in which LSUN is distributed.',
    source: 'Yu et al. 2015, LSUN; LMDB 0.9, lmdb.h and mdb.c',
    gives: 'images',
    mixture: false,
    parameters: {
      path: {
        type: 'path',
        example: './bedroom_train_lmdb',
        text: 'The folder that contains data.mdb, or that file, relative to the experiment file.',
      },
      limit: {
        type: 'integer',
        default: null,
        nullable: true,
        minimum: 1,
        maximum: 100_000_000,
        example: 100_000,
        unit: 'images',
        text: 'Maximum number of images, from the first key; null reads all. LSUN has three million bedrooms.',
      },
      ...imageForm,
      onError,
      ...keeping,
      validation,
    },
  },
  npy: {
    title: 'NumPy array of images',
    text: 'A .npy file with images [N, height, width, channels], [N, height, width], or flattened square images [N, height · width · channels]. Values are quantized to bytes (256 levels).',
    source: 'NumPy enhancement proposal 1, a simple file format for NumPy arrays',
    gives: 'images',
    mixture: false,
    parameters: {
      path: { type: 'path', example: './images.npy', text: 'The file, relative to the experiment file.' },
      layout,
      ...range,
      ...arrayForm,
      onError,
      ...keeping,
      validation,
    },
  },
  npz: {
    title: 'NumPy archive of images',
    text: 'An array in a .npz file, as written by numpy.savez and numpy.savez_compressed, with images as for "npy". An integer array named labels or y is read as their classes.',
    source: 'NumPy enhancement proposal 1, a simple file format for NumPy arrays',
    gives: 'images',
    mixture: false,
    parameters: {
      path: { type: 'path', example: './images.npz', text: 'The file, relative to the experiment file.' },
      array: {
        type: 'string',
        default: 'auto',
        example: 'images',
        text: 'Name of the array in the archive; "auto" selects the one with three or four axes.',
      },
      layout,
      ...range,
      ...arrayForm,
      onError,
      ...keeping,
      validation,
    },
  },
} as const satisfies Record<string, DataSourceEntry>;

export type DataSourceId = keyof typeof dataSources;

/** A data source with its parameters. */
export type DataConfig<Id extends DataSourceId = DataSourceId> = Chosen<'source', typeof dataSources, Id>;
