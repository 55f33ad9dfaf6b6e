// A network that the user brings as an ONNX file, to compute features of images.
import { createHash } from 'node:crypto';
import type { FeatureRange } from '../../catalog';
import { openModelFile, type ModelFile, type ModelPort } from '../../engine/onnx/modelFile';
import { diskReason } from '../../files/diskReason';
import { readOrdinaryAsync } from '../../files/ordinaryFile';
import { bilinearResize } from '../../math/bilinearResize';
import type { FeatureProtocol } from '../../protocol/metricProtocol';
import { list } from '../../shared/text';
import { messageOf } from '../../shared/thrownValue';
import { UserError } from '../../shared/userError';
import type { SampleArray } from './sampleArray';

/** The values that the network expects: from a value v of [−1, 1], per channel. */
const ranges = {
  '-1..1': (v: number): number => v,
  '0..1': (v: number): number => (v + 1) / 2,
  '0..255': (v: number): number => (v + 1) * 127.5,
  imagenet: (v: number, channel: number): number =>
    ((v + 1) / 2 - imagenet.mean[channel % 3]) / imagenet.deviation[channel % 3],
} as const satisfies Record<FeatureRange, (v: number, channel: number) => number>;

/** Mean and standard deviation of ImageNet's channels, by which torchvision's networks normalize. */
const imagenet = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;

export interface FeatureOptions {
  readonly file: string;
  /** The name of the output; by default the only one. */
  readonly layer?: string;
  readonly range: FeatureRange;
  /** How messages call the options: "--features" and "--layer", or settings of the experiment. */
  readonly names: { readonly file: string; readonly layer: string };
  /** By default as many as there are cores. */
  readonly threads?: number;
}

export interface FeatureNetwork {
  /** Features [count, dimensions] of the first `count` samples, in memory that threads share. */
  features(samples: SampleArray, count: number, onProgress: (done: number) => void): Promise<Float32Array>;
  /** Known after the first features. */
  protocol(): FeatureProtocol;
  dispose(): Promise<void>;
}

/** Opens the network for images of `shape`, [height, width, channels]. Throws a UserError if it is of no use. */
export async function openFeatureNetwork(options: FeatureOptions, shape: readonly number[]): Promise<FeatureNetwork> {
  const bytes = await readFile(options);
  const model = await openModelFile(bytes, options.threads).catch((error: unknown) => {
    throw featureError(options, `cannot be used: ${loadingAdvice(messageOf(error))}`);
  });
  try {
    return featureNetwork(model, options, shape, createHash('sha256').update(bytes).digest('hex'));
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

function featureNetwork(
  model: ModelFile,
  options: FeatureOptions,
  shape: readonly number[],
  sha256: string,
): FeatureNetwork {
  const input = inputOf(model, options, shape);
  const output = outputOf(model, options);
  const batch = input.batch ?? defaultBatch;
  const toValue = ranges[options.range];
  let dimensions: number | undefined;

  /** Images [n, ...shape] as the input of the network, of `batch` images. */
  const inputValues = (images: Float32Array): Float32Array => {
    const [height, width, channels] = shape;
    const size = { height: input.height ?? height, width: input.width ?? width };
    const resized = bilinearResize(images, { height, width, channels }, size);
    const pixels = size.height * size.width;
    const n = images.length / (height * width * channels);
    const values = new Float32Array(batch * pixels * input.channels);
    for (let i = 0; i < n; i++) {
      for (let p = 0; p < pixels; p++) {
        for (let c = 0; c < input.channels; c++) {
          // The one channel of gray images is used for all.
          const value = toValue(resized[(i * pixels + p) * channels + (channels === 1 ? 0 : c)], c);
          const at =
            input.layout === 'NCHW' ? (i * input.channels + c) * pixels + p : (i * pixels + p) * input.channels + c;
          values[at] = value;
        }
      }
    }
    return values;
  };
  const inputShape = (): number[] => {
    const [height, width] = [input.height ?? shape[0], input.width ?? shape[1]];
    return input.layout === 'NCHW' ? [batch, input.channels, height, width] : [batch, height, width, input.channels];
  };
  const run = async (images: Float32Array): Promise<Float32Array> => {
    const fed = { name: input.name, values: inputValues(images), shape: inputShape() };
    const { values, shape: found } = await model.run(fed, output).catch((error: unknown) => {
      throw featureError(options, `fails on an input of [${fed.shape.join(', ')}]: ${firstLine(messageOf(error))}`);
    });
    if (found[0] !== batch)
      throw featureError(
        options,
        `has the output "${output}" of [${found.join(', ')}] for ${batch} images; it must be [${batch}, features]`,
      );
    dimensions = values.length / batch;
    if (dimensions > maxFeatures)
      throw featureError(
        options,
        `gives ${dimensions} features per image in "${output}", and at most ${maxFeatures} can be used. Choose a pooled layer with ${options.names.layer}`,
      );
    return values;
  };
  return {
    features: async (samples, count, onProgress) => {
      let features: Float32Array | undefined;
      for (let from = 0; from < count; from += batch) {
        const to = Math.min(count, from + batch);
        const values = await run(samples.read(from, to));
        const d = values.length / batch;
        features ??= new Float32Array(new SharedArrayBuffer(Float32Array.BYTES_PER_ELEMENT * count * d));
        features.set(values.subarray(0, (to - from) * d), from * d);
        onProgress(to);
      }
      return features ?? new Float32Array(0);
    },
    protocol: () => {
      const isResized = (input.height ?? shape[0]) !== shape[0] || (input.width ?? shape[1]) !== shape[1];
      const size = `${input.height ?? shape[0]} x ${input.width ?? shape[1]}`;
      const resizing = isResized ? `bilinear to ${size}` : `not resized, ${size}`;
      return { sha256, layer: output, dimensions: dimensions ?? 0, input: `${resizing}, ${options.range}` };
    },
    dispose: () => model.dispose(),
  };
}

interface ImageInput {
  readonly name: string;
  readonly layout: 'NCHW' | 'NHWC';
  /** Null for any. */
  readonly batch: number | null;
  readonly height: number | null;
  readonly width: number | null;
  readonly channels: number;
}

function inputOf({ inputs }: ModelFile, options: FeatureOptions, [, , channels]: readonly number[]): ImageInput {
  const [port] = inputs;
  const needs =
    'It needs one float32 input of images, [batch, channels, height, width] or [batch, height, width, channels]';
  if (inputs.length !== 1 || port.type !== 'float32' || port.shape.length !== 4)
    throw featureError(
      options,
      `has the ${inputs.length === 1 ? 'input' : 'inputs'} ${list(inputs.map(describe))}. ${needs}`,
    );
  const [batch, ...rest] = port.shape;
  const isChannels = (length: number | null): boolean => length === 1 || length === 3;
  const layout = isChannels(rest[2]) && !isChannels(rest[0]) ? 'NHWC' : 'NCHW';
  const [found, height, width] = layout === 'NCHW' ? rest : [rest[2], rest[0], rest[1]];
  if (found !== null && found !== channels && !(found === 3 && channels === 1))
    throw featureError(options, `takes images of ${found} channels, but the data has ${channels}`);
  const length = [batch ?? defaultBatch, height, width, found].reduce<number>(
    (size, length) => size * (length ?? 1),
    1,
  );
  if (length > maxInput)
    throw featureError(
      options,
      `takes an input of [${port.shape.map((n) => n ?? 'any').join(', ')}], which is too large`,
    );
  return { name: port.name, layout, batch, height, width, channels: found ?? channels };
}

/** Images that are fed at once to a network that takes any number of them. */
const defaultBatch = 32;
/** Numbers of one input. */
const maxInput = 2 ** 28;

function outputOf({ outputs }: ModelFile, options: FeatureOptions): string {
  const names = outputs.map(({ name }) => name);
  const { layer } = options;
  if (layer === undefined && names.length === 1) return names[0];
  if (layer !== undefined && names.includes(layer)) return layer;
  const known = `It has ${names.length === 1 ? 'the output' : 'the outputs'} ${list(outputs.map(describe))}`;
  if (layer === undefined)
    throw featureError(options, `has several outputs. ${known}; choose one with ${options.names.layer}`);
  throw featureError(options, `has no output "${layer}". ${known}`);
}

const describe = ({ name, type, shape }: ModelPort): string =>
  `"${name}" (${type} [${shape.map((length) => length ?? 'any').join(', ')}])`;

async function readFile({ file, names }: FeatureOptions): Promise<Buffer> {
  try {
    return await readOrdinaryAsync(file, maxFileBytes, 'follow');
  } catch (error) {
    throw new UserError(
      'features',
      `Cannot read the feature network ${file}: ${diskReason(error)}. Check the path in ${names.file}.`,
    );
  }
}

const maxFileBytes = 2 ** 31 - 1;
const maxFeatures = 8192;

/** `problem` completes a sentence whose subject is the file, without its full stop. */
const featureError = ({ file }: FeatureOptions, problem: string): UserError =>
  new UserError('features', `The feature network ${file} ${problem}. See docs/metrics.md.`);

/** The weights in a second file are how PyTorch exports by default. */
const loadingAdvice = (message: string): string =>
  /external/i.test(message)
    ? 'its weights are in another file. Export it with the weights inside (external_data=False)'
    : firstLine(message);

const firstLine = (message: string): string => message.split('\n', 1)[0].replace(/\.\s*$/, '');
