// For tests: every layer of tfjs-layers with its test configurations, or the reason why it is excluded.
import { layers } from '@tensorflow/tfjs-layers';
import '../../src/engine/tfjs';
import * as fc from 'fast-check';

type LayerOf = (inputShape?: number[]) => InstanceType<typeof layers.Layer>;

/** A layer in one configuration, with the shape of an input sample. */
export interface LayerCase {
  readonly text: string;
  readonly make: LayerOf;
  readonly shape: number[];
  /** Takes two inputs of this shape. */
  readonly merges?: boolean;
  /** Inputs are integers below this number. */
  readonly below?: number;
}

/** A layer that cannot be part of a critic with a gradient penalty, or that is not tested. */
export interface Excluded {
  readonly reason: string;
}

export type Row = fc.Arbitrary<LayerCase> | Excluded;
export const isExcluded = (row: Row): row is Excluded => 'reason' in row;

const small = fc.integer({ min: 1, max: 3 });
const vector = fc.tuple(fc.integer({ min: 2, max: 6 }));
const sequence = fc.tuple(fc.integer({ min: 5, max: 6 }), small);
const image = fc.tuple(fc.integer({ min: 4, max: 6 }), fc.integer({ min: 4, max: 6 }), small);
const volume = fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 3, max: 4 })), fc.integer({ min: 1, max: 2 }));
const anything = fc.oneof(vector, sequence, image);
const flag = fc.boolean();
const rate = fc.double({ min: 0.1, max: 0.6, noNaN: true });
const smooth = fc.constantFrom('tanh', 'sigmoid', 'softplus', 'swish', 'linear');
const padding = fc.constantFrom('same', 'valid');

type Shapes = fc.Arbitrary<number[]>;
type Settings = { readonly [name: string]: fc.Arbitrary<unknown> };

/** Configurations of a layer: independent random settings, with incompatible combinations corrected. */
function row<A>(
  make: (args: A) => InstanceType<typeof layers.Layer>,
  shapes: Shapes,
  settings: Settings = {},
  correct: (args: Record<string, unknown>, shape: number[]) => Record<string, unknown> = (args) => args,
  rest: Partial<LayerCase> = {},
): fc.Arbitrary<LayerCase> {
  return fc.tuple(shapes, fc.record(settings)).map(([shape, drawn]) => {
    const args = correct(drawn, shape);
    const text = `${JSON.stringify(args, (_, v: unknown) => (v instanceof layers.Layer ? v.getClassName() : v))} on [${shape}]`;
    // A nested layer is recreated each time, since it has weights.
    const fresh = (): Record<string, unknown> =>
      Object.fromEntries(
        Object.entries(args).map(([name, v]) => [name, typeof v === 'function' ? (v as () => unknown)() : v]),
      );
    return {
      text,
      shape,
      make: (inputShape) => make({ ...fresh(), ...(inputShape ? { inputShape } : {}) } as A),
      ...rest,
    };
  });
}

/** Strides and dilations cannot be combined. */
const stridesOrHoles = (args: Record<string, unknown>): Record<string, unknown> =>
  Number(args.dilationRate) > 1 ? { ...args, strides: 1 } : args;

const convolution: Settings = {
  filters: small,
  kernelSize: small,
  strides: fc.integer({ min: 1, max: 2 }),
  padding,
  dilationRate: fc.integer({ min: 1, max: 2 }),
  activation: smooth,
  useBias: flag,
};
const solid: Settings = {
  filters: small,
  kernelSize: small,
  strides: fc.integer({ min: 1, max: 2 }),
  padding,
  activation: smooth,
  useBias: flag,
};
const pool: Settings = { poolSize: fc.integer({ min: 2, max: 3 }), strides: fc.integer({ min: 1, max: 3 }), padding };
const recurrent: Settings = {
  units: small,
  returnSequences: flag,
  goBackwards: flag,
  activation: fc.constantFrom('tanh', 'sigmoid'),
};
const gated: Settings = { ...recurrent, recurrentActivation: fc.constantFrom('hardSigmoid', 'sigmoid') };
const merge = (
  make: (args: object) => InstanceType<typeof layers.Layer>,
  settings: Settings = {},
  shapes: Shapes = anything,
) => row(make, shapes, settings, undefined, { merges: true });
const inLayer = (make: () => unknown): fc.Arbitrary<unknown> => fc.constant(make);
const stacked = () =>
  layers.stackedRNNCells({
    cells: [
      layers.gruCell({ units: 2, recurrentActivation: 'sigmoid' }),
      layers.lstmCell({ units: 3, recurrentActivation: 'sigmoid' }),
    ],
  });
const cell: Excluded = { reason: 'it is tested as part of a recurrent layer' };
const base: Excluded = { reason: 'it is a base class' };
const preprocessing: Excluded = { reason: 'it preprocesses data and has no gradient' };
const alias = (of: string): Excluded => ({ reason: `it is an alias of ${of}` });

/** All activations of tfjs-layers. */
const activations = [
  'elu',
  'gelu',
  'gelu_new',
  'hardSigmoid',
  'linear',
  'logSoftmax',
  'mish',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'swish',
  'tanh',
] as const;

export const layerRows: { readonly [K in keyof typeof layers]: Row } = {
  Layer: base,
  RNN: base,
  RNNCell: base,
  input: { reason: 'it is the input of a model' },
  inputLayer: { reason: 'it is the input of a model' },
  elu: row(layers.elu, anything, { alpha: fc.constant(1) }),
  reLU: row(layers.reLU, anything, { maxValue: fc.constantFrom(undefined, 6, 0.5) }),
  leakyReLU: row(layers.leakyReLU, anything, { alpha: rate }),
  prelu: row(layers.prelu, fc.oneof(vector, image)),
  softmax: row(layers.softmax, anything, { axis: fc.constant(-1) }),
  thresholdedReLU: row(layers.thresholdedReLU, anything, { theta: rate }),
  conv1d: row(layers.conv1d, sequence, convolution, stridesOrHoles),
  conv2d: row(
    layers.conv2d,
    fc.tuple(fc.integer({ min: 5, max: 7 }), fc.integer({ min: 5, max: 7 }), small),
    convolution,
    stridesOrHoles,
  ),
  conv2dTranspose: row(layers.conv2dTranspose, image, solid),
  conv3d: row(layers.conv3d, volume, solid),
  conv3dTranspose: row(layers.conv3dTranspose, volume, solid),
  separableConv2d: row(layers.separableConv2d, image, { ...solid, depthMultiplier: fc.integer({ min: 1, max: 2 }) }),
  depthwiseConv2d: row(
    layers.depthwiseConv2d,
    fc.tuple(fc.integer({ min: 5, max: 7 }), fc.integer({ min: 5, max: 7 }), small),
    { ...convolution, filters: fc.constant(undefined), depthMultiplier: fc.integer({ min: 1, max: 2 }) },
    stridesOrHoles,
  ),
  cropping2D: row(layers.cropping2D, image, {
    cropping: fc.constantFrom(
      [
        [1, 1],
        [0, 2],
      ],
      [
        [0, 0],
        [1, 0],
      ],
    ),
  }),
  upSampling2d: row(layers.upSampling2d, image, {
    size: fc.constantFrom([2, 2], [1, 3], [3, 2]),
    interpolation: fc.constantFrom('nearest', 'bilinear'),
  }),
  activation: row(layers.activation, anything, { activation: fc.constantFrom(...activations) }),
  dense: row(layers.dense, fc.oneof(vector, sequence), { units: small, activation: smooth, useBias: flag }),
  dropout: row(layers.dropout, anything, { rate }),
  spatialDropout1d: row(layers.spatialDropout1d, sequence, { rate }),
  gaussianNoise: row(layers.gaussianNoise, anything, { stddev: rate }),
  gaussianDropout: row(layers.gaussianDropout, anything, { rate }),
  alphaDropout: row(layers.alphaDropout, anything, { rate }),
  flatten: row(layers.flatten, fc.oneof(sequence, image)),
  repeatVector: row(layers.repeatVector, vector, { n: small }),
  reshape: row(layers.reshape, anything, {}, (_, shape) => ({
    targetShape: [shape.at(-1), shape.slice(0, -1).reduce((a, b) => a * b, 1)],
  })),
  permute: row(layers.permute, image, { dims: fc.constantFrom([2, 1, 3], [3, 1, 2], [1, 3, 2]) }),
  embedding: row(
    layers.embedding,
    sequence.map(([n]) => [n]),
    { outputDim: small },
    (a) => ({ ...a, inputDim: 5 }),
    { below: 5 },
  ),
  add: merge(layers.add as never),
  average: merge(layers.average as never),
  concatenate: merge(layers.concatenate as never),
  maximum: merge(layers.maximum as never),
  minimum: merge(layers.minimum as never),
  multiply: merge(layers.multiply as never),
  dot: merge(layers.dot as never, { normalize: flag, axes: fc.constant(-1) }, fc.oneof(vector, sequence)),
  batchNormalization: row(layers.batchNormalization, anything, { center: flag, scale: flag }),
  layerNormalization: row(layers.layerNormalization, anything, {
    center: flag,
    scale: flag,
    axis: fc.constantFrom(-1, 1),
  }),
  zeroPadding2d: row(layers.zeroPadding2d, image, {
    padding: fc.constantFrom(
      [
        [1, 1],
        [0, 2],
      ],
      [
        [0, 0],
        [2, 1],
      ],
    ),
  }),
  averagePooling1d: row(layers.averagePooling1d, sequence, pool),
  averagePooling2d: row(layers.averagePooling2d, image, pool),
  averagePooling3d: row(layers.averagePooling3d, volume, pool),
  maxPooling1d: row(layers.maxPooling1d, sequence, pool),
  maxPooling2d: row(layers.maxPooling2d, image, pool),
  maxPooling3d: row(layers.maxPooling3d, volume, pool),
  globalAveragePooling1d: row(layers.globalAveragePooling1d, sequence),
  globalAveragePooling2d: row(layers.globalAveragePooling2d, image),
  globalMaxPooling1d: row(layers.globalMaxPooling1d, sequence),
  globalMaxPooling2d: row(layers.globalMaxPooling2d, image),
  avgPool1d: alias('averagePooling1d'),
  avgPooling1d: alias('averagePooling1d'),
  avgPool2d: alias('averagePooling2d'),
  avgPooling2d: alias('averagePooling2d'),
  avgPool3d: alias('averagePooling3d'),
  avgPooling3d: alias('averagePooling3d'),
  maxPool1d: alias('maxPooling1d'),
  maxPool2d: alias('maxPooling2d'),
  globalMaxPool1d: alias('globalMaxPooling1d'),
  globalMaxPool2d: alias('globalMaxPooling2d'),
  gru: row(layers.gru, sequence, gated),
  lstm: row(layers.lstm, sequence, gated),
  simpleRNN: row(layers.simpleRNN, sequence, recurrent),
  convLstm2d: row(layers.convLstm2d, fc.tuple(fc.constant(2), fc.constant(3), fc.constant(4), fc.constant(1)), {
    filters: small,
    kernelSize: fc.constant(2),
    padding,
  }),
  gruCell: cell,
  lstmCell: cell,
  simpleRNNCell: cell,
  convLstm2dCell: cell,
  rnn: row(layers.rnn, sequence, { cell: inLayer(() => layers.simpleRNNCell({ units: 2 })), returnSequences: flag }),
  stackedRNNCells: row(layers.rnn, sequence, { cell: inLayer(stacked), returnSequences: flag }),
  bidirectional: row(layers.bidirectional, sequence, {
    layer: inLayer(() => layers.lstm({ units: 2, recurrentActivation: 'sigmoid', returnSequences: true })),
    mergeMode: fc.constantFrom('concat', 'sum', 'mul', 'ave'),
  }),
  timeDistributed: row(layers.timeDistributed, sequence, {
    layer: inLayer(() => layers.dense({ units: 3, activation: 'tanh' })),
  }),
  masking: row(layers.masking, sequence, { maskValue: fc.constant(0) }),
  rescaling: row(layers.rescaling, anything, { scale: rate, offset: rate }),
  centerCrop: preprocessing,
  resizing: { reason: 'it does not work inside a model in TensorFlow.js 4.22' },
  categoryEncoding: preprocessing,
  randomWidth: preprocessing,
};

/** A layer or activation that is tested at second order, alone in a critic. */
export interface Subject {
  readonly name: string;
  readonly cases: readonly LayerCase[];
  readonly training: boolean;
}

const SEED = 4;
const sampled = (row: fc.Arbitrary<LayerCase>, numRuns: number): LayerCase[] => fc.sample(row, { seed: SEED, numRuns });
const tested = Object.entries(layerRows).flatMap(([name, row]) => (isExcluded(row) ? [] : [{ name, row }]));

/** Layers with real inputs; layers with integer inputs have no gradient. */
export const differentiable = tested.filter(({ row }) => sampled(row, 1)[0].below === undefined);

export const subjects: readonly Subject[] = [
  ...differentiable.map(({ name, row }) => ({ name, cases: sampled(row, 3), training: true })),
  ...activations.map((activation) => ({
    name: `activation "${activation}"`,
    cases: [{ text: activation, shape: [5], make: () => layers.activation({ activation: activation as 'tanh' }) }],
    training: true,
  })),
  {
    name: 'batchNormalization with its moving averages',
    cases: sampled(layerRows.batchNormalization as fc.Arbitrary<LayerCase>, 2),
    training: false,
  },
];
