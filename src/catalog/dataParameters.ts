// Parameters shared by several data sources.
import type { BooleanDescriptor, ChoiceDescriptor, Descriptor, Descriptors, NumberDescriptor } from './descriptor';

export const validation = {
  type: 'number',
  default: 0,
  minimum: 0,
  exclusiveMaximum: 1,
  example: 0.1,
  text: 'Fraction of the samples held out from training, to detect overfitting of the critic. 0 holds out none.',
} as const satisfies NumberDescriptor;

/** For distributions, which have no fixed size. */
export const samples = {
  type: 'integer',
  default: null,
  nullable: true,
  minimum: 1,
  maximum: 10_000_000,
  example: 10_000,
  unit: 'samples',
  text: 'Size of a fixed data set drawn once from the distribution; null draws new samples for every batch.',
} as const satisfies NumberDescriptor;

/** For synthetic images. */
export const drawnImages = {
  type: 'integer',
  default: 10_000,
  minimum: 1,
  maximum: 1_000_000,
  unit: 'images',
  text: 'Number of images, generated before training.',
} as const satisfies NumberDescriptor;

export const flip = {
  type: 'boolean',
  default: false,
  text: 'Flips each image horizontally with probability ½.',
} as const satisfies BooleanDescriptor;

export const onError = {
  type: 'choice',
  options: ['skip', 'fail'],
  default: 'skip',
  text: 'What to do with a sample that cannot be read: "skip" reports and skips it, "fail" ends the run.',
} as const satisfies ChoiceDescriptor;

/** Which columns of a table are the numbers of a sample. */
export const columns = {
  type: 'columns',
  default: null,
  example: ['x', 'y'],
  text: 'The columns that are a sample, by name or by number from 1; "3-10" is a range of numbers. null takes all, except for row numbers and names; a table with labels or text needs a choice.',
} as const satisfies Descriptor;

export const delimiter = {
  type: 'choice',
  options: ['auto', 'comma', 'semicolon', 'tab', 'space'],
  default: 'auto',
  text: 'Delimiter between the values of a line; "auto" detects it from the first lines.',
} as const satisfies ChoiceDescriptor;

/** For images stored with rows and columns exchanged. */
export const transpose = {
  type: 'choice',
  options: ['auto', 'yes', 'no'],
  default: 'auto',
  text: 'Whether to exchange rows and columns of each image. EMNIST is stored that way; "auto" turns files upright that have "emnist" in their names.',
} as const satisfies ChoiceDescriptor;

export const decimal = {
  type: 'choice',
  options: ['auto', 'point', 'comma'],
  default: 'auto',
  text: 'Decimal mark of the numbers; "auto" detects it from the first lines.',
} as const satisfies ChoiceDescriptor;

export const header = {
  type: 'choice',
  options: ['auto', 'yes', 'no'],
  default: 'auto',
  text: 'Whether the first line has the names of the columns; "auto" detects it.',
} as const satisfies ChoiceDescriptor;

const sides = { minimum: 8, maximum: 1024 } as const;

/** How an image gets the size of the training images. */
const framing = {
  fit: {
    type: 'choice',
    options: ['crop', 'contain'],
    default: 'crop',
    text: 'How an image of another shape is fitted: "crop" takes the center, "contain" adds bars.',
  },
  resize: {
    type: 'choice',
    options: ['lanczos', 'box'],
    default: 'lanczos',
    text: 'Resize filter: "lanczos" is sharper, "box" averages areas.',
  },
} as const satisfies Descriptors;

/** For encoded images, which can have any size. */
export const imageForm = {
  size: {
    type: 'size',
    ...sides,
    default: 64,
    unit: 'pixels',
    text: 'Size of the training images: the side of square ones, or [height, width]. "dcgan" and "resnet" need sides that can be halved down to 4 to 7 pixels, such as 32, 48, 64, 96, 128 or 256.',
  },
  channels: {
    type: 'choice',
    options: [1, 3, 4],
    default: 3,
    text: '1 is grayscale, 3 is color, 4 is color with transparency.',
  },
  background: {
    type: 'choice',
    options: ['black', 'gray', 'white'],
    default: 'black',
    text: 'Color of transparent parts and of the bars of "contain", unless channels is 4.',
  },
  ...framing,
  flip,
} as const satisfies Descriptors;

/** For image arrays, whose images all have the same size. */
export const arrayForm = {
  size: {
    type: 'size',
    ...sides,
    native: true,
    default: 'native',
    unit: 'pixels',
    text: 'Size of the training images: the side of square ones, or [height, width]; "native" keeps the size in the file.',
  },
  channels: {
    type: 'choice',
    options: ['native', 1, 3],
    default: 'native',
    text: '1 is grayscale, 3 is color; "native" keeps the channels in the file.',
  },
  ...framing,
  flip,
} as const satisfies Descriptors;

/** Where samples are stored during training. */
export const keeping = {
  memoryMiB: {
    type: 'integer',
    default: 2048,
    minimum: 1,
    maximum: 1_048_576,
    unit: 'MiB',
    text: 'Memory for the samples, with one byte per value. A larger data set is read from a file in the cache folder as needed.',
  },
  cache: {
    type: 'choice',
    options: ['auto', 'memory'],
    default: 'auto',
    text: '"auto" keeps decoded images, and data sets larger than memoryMiB, in the cache folder (~/.cache/earthmover), so that the next run starts immediately; "memory" writes no files.',
  },
} as const satisfies Descriptors;

export const split = {
  type: 'choice',
  options: ['train', 'test', 'all'],
  default: 'train',
  text: 'Which files of the folder to read: training files, test files, or all. Ignored if the path is a single file.',
} as const satisfies ChoiceDescriptor;

/** The values in an array that represent black and white. */
export const range = {
  low: {
    type: 'number',
    default: null,
    nullable: true,
    minimum: -1e9,
    maximum: 1e9,
    example: 0,
    text: 'The value in the file that is mapped to −1. null means 0 for bytes; for other types, the lower end of the narrowest of [0, 1], [−1, 1] and [0, 255] that contains all values, or else the minimum, with a notice.',
  },
  high: {
    type: 'number',
    default: null,
    nullable: true,
    minimum: -1e9,
    maximum: 1e9,
    example: 255,
    text: 'The value in the file that is mapped to 1. null means 255 for bytes; for other types, the upper end, as for "low".',
  },
} as const satisfies Descriptors;

export const layout = {
  type: 'choice',
  options: ['channels-last', 'channels-first'],
  default: 'channels-last',
  text: 'Order of the axes of color images: [N, height, width, channels], or [N, channels, height, width] as in PyTorch.',
} as const satisfies ChoiceDescriptor;
