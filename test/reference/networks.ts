// Networks as plain data: a list of layers, or an architecture that is expanded into such a list.
import { leaves, outputOf, through, type ActivationName, type BatchStatistics, type Layer } from './layers';
import { assert, sameShape, sizeOf, type Shape, type Value } from './value';

/** Any sequence of layers; `input` is the shape of one sample. */
export interface Layers {
  readonly kind: 'layers';
  readonly input: Shape;
  readonly layers: readonly Layer[];
}

/** Dense layers of one width; an `input` or `output` that is not a vector is flattened or reshaped. */
export interface Mlp {
  readonly kind: 'mlp';
  readonly input: Shape;
  readonly output: Shape;
  /** Hidden layers. */
  readonly depth: number;
  readonly width: number;
  readonly activation: ActivationName;
  readonly outputActivation?: ActivationName;
  readonly slope?: number;
  /** Between a hidden layer, which then has no bias, and its activation. */
  readonly normalization?: NormalizationName;
}

/** Strided convolutions between an image of size × size × channels and a code (generator) or a logit (critic). */
export interface Dcgan {
  readonly kind: 'dcgan';
  readonly role: 'generator' | 'critic';
  readonly size: number;
  readonly channels: number;
  /** Length of z; only for a generator. */
  readonly latent?: number;
  /** Filters of the layer next to the image. */
  readonly filters: number;
  /** Factor on the number of filters at each halving of the image; default 2. */
  readonly growth?: 1 | 2;
  readonly kernel: number;
  readonly normalization: NormalizationName;
  readonly activation: ActivationName;
  readonly slope?: number;
}

/** The residual networks of gan_cifar_resnet.py; images of `size` are halved down to 4 to 7 pixels. */
export interface Resnet {
  readonly kind: 'resnet';
  readonly role: 'generator' | 'critic';
  readonly size: number;
  readonly channels: number;
  readonly latent?: number;
  /** Filters of every convolution. */
  readonly filters: number;
  readonly normalization: NormalizationName;
  readonly activation: ActivationName;
  readonly slope?: number;
}

export type NormalizationName = 'none' | 'batch' | 'layer' | 'instance';

export type Architecture = Layers | Mlp | Dcgan | Resnet;

export interface NamedShape {
  /** Layer number (counting layers with weights) and weight, such as '0.kernel'. */
  readonly name: string;
  readonly shape: Shape;
}

/** The layers of an architecture, with the input shape of one sample. */
export function layersOf(architecture: Architecture): Layers {
  if (architecture.kind === 'layers') return architecture;
  if (architecture.kind === 'mlp') return mlp(architecture);
  if (architecture.kind === 'resnet') return resnet(architecture);
  return architecture.role === 'generator' ? dcganGenerator(architecture) : dcganCritic(architecture);
}

/** The weights in the order in which `apply` takes them: layer by layer, kernel before bias, gamma before beta. */
export function weightShapes(architecture: Architecture): NamedShape[] {
  const { input, layers } = layersOf(architecture);
  return leaves(layers, input)
    .filter(({ weights }) => weights.length > 0)
    .flatMap(({ weights }, index) => weights.map(({ name, shape }) => ({ name: `${index}.${name}`, shape })));
}

/** The output shape of one sample. */
export function outputShape(architecture: Architecture): Shape {
  const { input, layers } = layersOf(architecture);
  return outputOf(layers, input);
}

/** x [B,...input] → [B,...output], with batch statistics in batch norm, which are reported to `seen`. */
export function apply(
  architecture: Architecture,
  weights: readonly Value[],
  x: Value,
  seen: (of: BatchStatistics) => void = () => {},
): Value {
  const { input, layers } = layersOf(architecture);
  assert(sameShape(x.shape.slice(1), input), () => `a batch of [${input}] was expected, not [${x.shape}]`);
  return through(layers, x, weights, seen);
}

function mlp({
  input,
  output,
  depth,
  width,
  activation,
  outputActivation,
  slope,
  normalization = 'none',
}: Mlp): Layers {
  const hidden: Layer[] = [
    { type: 'dense', units: width, bias: normalization === 'none' },
    ...between({ normalization, activation, slope }),
  ];
  const layers: Layer[] = [
    ...(input.length === 1 ? [] : [{ type: 'flatten' } as const]),
    ...new Array<Layer[]>(depth).fill(hidden).flat(),
    { type: 'dense', units: sizeOf(output), activation: outputActivation },
    ...(output.length === 1 ? [] : [{ type: 'reshape', shape: output } as const]),
  ];
  return { kind: 'layers', input, layers };
}

/** z → dense to the smallest map → transposed convolutions that double it → tanh. */
function dcganGenerator(of: Dcgan): Layers {
  const { size, channels, latent, kernel } = of;
  const { smallest, filters } = pyramid(of);
  const layers: Layer[] = [
    { type: 'dense', units: smallest * smallest * filters[0], bias: of.normalization === 'none' },
    { type: 'reshape', shape: [smallest, smallest, filters[0]] },
    ...between(of),
  ];
  for (const count of filters.slice(1))
    layers.push(
      { type: 'convTranspose', filters: count, kernel, stride: 2, bias: of.normalization === 'none' },
      ...between(of),
    );
  layers.push({ type: 'convTranspose', filters: channels, kernel, stride: 2, activation: 'tanh' });
  assert(latent !== undefined && smallest << filters.length === size, () => 'a generator needs its latent size');
  return { kind: 'layers', input: [latent], layers };
}

/** Image → convolutions that halve it → flatten → dense to one logit; the first convolution is never normalized. */
function dcganCritic(of: Dcgan): Layers {
  const { size, channels, kernel } = of;
  const [first, ...others] = pyramid(of).filters.reverse();
  const layers: Layer[] = [
    { type: 'conv', filters: first, kernel, stride: 2 },
    { type: 'activation', name: of.activation, slope: of.slope },
  ];
  for (const count of others)
    layers.push({ type: 'conv', filters: count, kernel, stride: 2, bias: of.normalization === 'none' }, ...between(of));
  layers.push({ type: 'flatten' }, { type: 'dense', units: 1 });
  return { kind: 'layers', input: [size, size, channels], layers };
}

/** z → dense to the smallest map → blocks that double it → norm, activation → tanh; or an image → ... → one logit. */
function resnet(of: Resnet): Layers {
  const { role, size, channels, latent, filters } = of;
  const conv = (kernel: number, count = filters): Layer => ({ type: 'conv', filters: count, kernel, stride: 1 });
  const block = (resample: 'up' | 'down' | 'keep'): Layer => {
    const [before, after]: Layer[][] = [
      resample === 'up' ? [{ type: 'double' }] : [],
      resample === 'down' ? [{ type: 'meanPool' }] : [],
    ];
    return {
      type: 'residual',
      body: [...between(of), ...before, conv(3), ...between(of), conv(3), ...after],
      shortcut: resample === 'keep' ? [] : [...before, conv(1), ...after],
    };
  };
  const { smallest, filters: levels } = pyramid({ size, filters });
  if (role === 'generator') {
    assert(latent !== undefined, () => 'a generator needs its latent size');
    const layers: Layer[] = [
      { type: 'dense', units: smallest * smallest * filters },
      { type: 'reshape', shape: [smallest, smallest, filters] },
      ...levels.map(() => block('up')),
      ...between(of),
      conv(3, channels),
      { type: 'activation', name: 'tanh' },
    ];
    return { kind: 'layers', input: [latent], layers };
  }
  const activation: Layer = { type: 'activation', name: of.activation, slope: of.slope };
  const first: Layer = {
    type: 'residual',
    body: [conv(3), activation, conv(3), { type: 'meanPool' }],
    shortcut: [{ type: 'meanPool' }, conv(1)],
  };
  const downs: Layer[] = [];
  for (let side = size / 2; side > 8; side /= 2) downs.push(block('down'));
  const layers: Layer[] = [
    ...[first, ...downs, block('keep'), block('keep'), activation],
    ...([{ type: 'meanOverPixels' }, { type: 'dense', units: 1 }] as const),
  ];
  return { kind: 'layers', input: [size, size, channels], layers };
}

type Between = Pick<Dcgan, 'normalization' | 'activation' | 'slope'>;

/** Between two layers with weights: a normalization, if any, and the activation. */
function between({ normalization, activation, slope }: Between): Layer[] {
  const norms: { readonly [N in NormalizationName]: Layer[] } = {
    none: [],
    batch: [{ type: 'batchNorm' }],
    layer: [{ type: 'layerNorm' }],
    instance: [{ type: 'instanceNorm' }],
  };
  return [...norms[normalization], { type: 'activation', name: activation, slope }];
}

/** The side of the smallest map (4 to 7), and the filters from there to the layer next to the image. */
function pyramid({ size, filters, growth = 2 }: Pick<Dcgan, 'size' | 'filters' | 'growth'>): {
  smallest: number;
  filters: number[];
} {
  let smallest = size;
  let halvings = 0;
  for (; smallest >= 8; smallest /= 2) halvings++;
  assert(Number.isInteger(smallest) && halvings > 0, () => `${size} pixels cannot be halved down to 4 to 7`);
  return { smallest, filters: Array.from({ length: halvings }, (_, i) => filters * growth ** (halvings - 1 - i)) };
}
