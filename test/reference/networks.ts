// Networks as plain data: a list of layers, or one of the two families spelled out into such a list.
import { layerRules, type ActivationName, type BatchStatistics, type Layer, type WeightShape } from './layers';
import { assert, sameShape, sizeOf, type Shape, type Value } from './value';

/** Any layers in a row; `input` is the shape of one sample. */
export interface Layers {
  readonly kind: 'layers';
  readonly input: Shape;
  readonly layers: readonly Layer[];
}

/** Dense layers of one width; an `input` or `output` that is no vector is flattened or reshaped. */
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
}

/** Strided convolutions between an image of size × size × channels and a code (generator) or a logit (critic). */
export interface Dcgan {
  readonly kind: 'dcgan';
  readonly role: 'generator' | 'critic';
  readonly size: number;
  readonly channels: number;
  /** Length of z; a critic has none. */
  readonly latent?: number;
  /** Filters of the layer nearest the image; they double with each halving of the image. */
  readonly filters: number;
  readonly kernel: number;
  readonly normalization: 'none' | 'batch';
  readonly activation: ActivationName;
  readonly slope?: number;
}

export type Architecture = Layers | Mlp | Dcgan;

export interface NamedShape {
  /** Layer number (counting layers with weights) and weight, such as '0.kernel'. */
  readonly name: string;
  readonly shape: Shape;
}

/** The layers of an architecture with the shape of one sample that goes in. */
export function layersOf(architecture: Architecture): Layers {
  if (architecture.kind === 'layers') return architecture;
  if (architecture.kind === 'mlp') return mlp(architecture);
  return architecture.role === 'generator' ? dcganGenerator(architecture) : dcganCritic(architecture);
}

/** The weights in the order in which `apply` takes them: layer by layer, kernel before bias, gamma before beta. */
export function weightShapes(architecture: Architecture): NamedShape[] {
  return walk(architecture).flatMap(({ weights }, index) =>
    weights.map(({ name, shape }) => ({ name: `${index}.${name}`, shape })),
  );
}

/** The shape of one sample that comes out. */
export function outputShape(architecture: Architecture): Shape {
  const { input, layers } = layersOf(architecture);
  return layers.reduce((shape, layer) => rule(layer).output(layer, shape), input);
}

/** x [B,...input] → [B,...output], batch norm by the batch's own statistics, which are reported to `seen`. */
export function apply(
  architecture: Architecture,
  weights: readonly Value[],
  x: Value,
  seen: (of: BatchStatistics) => void = () => {},
): Value {
  const { input, layers } = layersOf(architecture);
  assert(sameShape(x.shape.slice(1), input), () => `a batch of [${input}] was expected, not [${x.shape}]`);
  let next = 0;
  let y = x;
  for (const layer of layers) {
    const shapes = rule(layer).weights(layer, y.shape.slice(1));
    const own = weights.slice(next, (next += shapes.length));
    shapes.forEach(({ name, shape }, i) =>
      assert(own[i] !== undefined && sameShape(own[i].shape, shape), () => {
        return `${layer.type} wants ${name} [${shape}], got [${own[i]?.shape}]`;
      }),
    );
    y = rule(layer).apply(layer, y, own, seen);
  }
  assert(next === weights.length, () => `${weights.length} weights for ${next} places`);
  return y;
}

interface Rule {
  readonly weights: (layer: Layer, input: Shape) => readonly WeightShape[];
  readonly apply: (layer: Layer, x: Value, weights: readonly Value[], seen: (of: BatchStatistics) => void) => Value;
  readonly output: (layer: Layer, input: Shape) => Shape;
}

/** The table is total over the union of layers; TypeScript cannot see that a layer meets its own rule. */
const rule = (layer: Layer): Rule => layerRules[layer.type] as Rule;

/** The layers that have weights, with their shapes. */
function walk(architecture: Architecture): { layer: Layer; weights: readonly WeightShape[] }[] {
  const { input, layers } = layersOf(architecture);
  let shape = input;
  const found = layers.map((layer) => {
    const weights = rule(layer).weights(layer, shape);
    shape = rule(layer).output(layer, shape);
    return { layer, weights };
  });
  return found.filter(({ weights }) => weights.length > 0);
}

function mlp({ input, output, depth, width, activation, outputActivation, slope }: Mlp): Layers {
  const hidden: Layer = { type: 'dense', units: width, activation, slope };
  const layers: Layer[] = [
    ...(input.length === 1 ? [] : [{ type: 'flatten' } as const]),
    ...new Array<Layer>(depth).fill(hidden),
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

/** What stands between two layers with weights: batch norm where asked for, then the activation. */
function between({ normalization, activation, slope }: Dcgan): Layer[] {
  const normal: Layer[] = normalization === 'batch' ? [{ type: 'batchNorm' }] : [];
  return [...normal, { type: 'activation', name: activation, slope }];
}

/** The smallest map's side (4 to 7) and the filters from there up to the layer nearest the image. */
function pyramid({ size, filters }: Dcgan): { smallest: number; filters: number[] } {
  let smallest = size;
  let halvings = 0;
  for (; smallest >= 8; smallest /= 2) halvings++;
  assert(Number.isInteger(smallest) && halvings > 0, () => `${size} pixels cannot be halved down to 4 to 7`);
  return { smallest, filters: Array.from({ length: halvings }, (_, i) => filters * 2 ** (halvings - 1 - i)) };
}
