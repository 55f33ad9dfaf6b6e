// Parameters that several data sources share.
import type { BooleanDescriptor, ChoiceDescriptor, Descriptors, NumberDescriptor } from './descriptor';

export const validation = {
  type: 'number',
  default: 0,
  minimum: 0,
  exclusiveMaximum: 1,
  example: 0.1,
  text: 'Share of the samples held out from training, to see the critic overfit. 0 holds nothing out.',
} as const satisfies NumberDescriptor;

/** Of distributions, which can be drawn from for ever. */
export const samples = {
  type: 'integer',
  default: null,
  nullable: true,
  minimum: 1,
  maximum: 10_000_000,
  example: 10_000,
  unit: 'samples',
  text: 'Size of a fixed data set drawn once from the distribution; null draws afresh for every batch.',
} as const satisfies NumberDescriptor;

/** Of images that the program draws. */
export const drawnImages = {
  type: 'integer',
  default: 10_000,
  minimum: 1,
  maximum: 1_000_000,
  unit: 'images',
  text: 'Images drawn before training.',
} as const satisfies NumberDescriptor;

export const flip = {
  type: 'boolean',
  default: false,
  text: 'Mirrors every image left to right with probability one half.',
} as const satisfies BooleanDescriptor;

export const onError = {
  type: 'choice',
  options: ['skip', 'fail'],
  default: 'skip',
  text: 'What a sample that cannot be read does: "skip" names and counts it, "fail" ends the run.',
} as const satisfies ChoiceDescriptor;

/** How an image becomes the square that training sees. */
const framing = {
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
} as const satisfies Descriptors;

/** Of encoded images, which have any size. */
export const imageForm = {
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
  ...framing,
  flip,
} as const satisfies Descriptors;

/** Of arrays of images, which all have the same size. */
export const arrayForm = {
  size: {
    type: 'choice',
    options: ['native', 16, 28, 32, 64, 128],
    default: 'native',
    unit: 'pixels',
    text: 'Side of the square images that training sees; "native" keeps them as they are in the file.',
  },
  channels: {
    type: 'choice',
    options: ['native', 1, 3],
    default: 'native',
    text: '1 is grey, 3 is colour; "native" keeps what the file has.',
  },
  ...framing,
  flip,
} as const satisfies Descriptors;

/** Where samples wait for their turn. */
export const keeping = {
  memoryMiB: {
    type: 'integer',
    default: 2048,
    minimum: 1,
    maximum: 1_048_576,
    unit: 'MiB',
    text: 'Memory that the samples may take, a byte a value. A larger set is read from a file in the cache folder as it is needed.',
  },
  cache: {
    type: 'choice',
    options: ['auto', 'memory'],
    default: 'auto',
    text: '"auto" keeps decoded images, and sets larger than memoryMiB, in a file of the cache folder (~/.cache/earthmover), so that the next run starts at once; "memory" writes nothing.',
  },
} as const satisfies Descriptors;

export const split = {
  type: 'choice',
  options: ['train', 'test', 'all'],
  default: 'train',
  text: 'Which files of the folder: those for training, those for testing, or both. A single file is taken as it is.',
} as const satisfies ChoiceDescriptor;

/** Which numbers of an array are black and white. */
export const range = {
  low: {
    type: 'number',
    default: null,
    nullable: true,
    minimum: -1e9,
    maximum: 1e9,
    example: 0,
    text: 'The value in the file that becomes −1. null takes 0 for bytes; for other types the narrowest of [0, 1], [−1, 1] and [0, 255] that holds all values, or else their least, and says so.',
  },
  high: {
    type: 'number',
    default: null,
    nullable: true,
    minimum: -1e9,
    maximum: 1e9,
    example: 255,
    text: 'The value in the file that becomes 1. null takes 255 for bytes; for other types as "low" says.',
  },
} as const satisfies Descriptors;

export const layout = {
  type: 'choice',
  options: ['channels-last', 'channels-first'],
  default: 'channels-last',
  text: 'Order of the axes of colour images: [N, height, width, channels], or [N, channels, height, width] as PyTorch has them.',
} as const satisfies ChoiceDescriptor;
