// What is timed: one WGAN-GP iteration of a stated system, and how much arithmetic that is.

export interface MlpShape {
  readonly kind: 'mlp';
  /** Hidden layers. */
  readonly depth: number;
  readonly width: number;
}

export interface DcganShape {
  readonly kind: 'dcgan';
  /** Filters of the layer nearest the image. */
  readonly filters: number;
  readonly kernel: number;
}

/** One iteration: `criticSteps` updates of the critic with the gradient penalty, then one of the generator; fresh noise each. */
export interface BenchCase {
  readonly name: string;
  readonly batchSize: number;
  readonly latent: number;
  /** One sample: [length] or [height, width, channels]. */
  readonly sample: readonly number[];
  /** For both players. The mlp is relu throughout; dcgan is relu in the generator, leaky-relu (0.2) in the critic, no norm. */
  readonly network: MlpShape | DcganShape;
  readonly criticSteps: number;
  readonly lambda: number;
  readonly adam: {
    readonly learningRate: number;
    readonly beta1: number;
    readonly beta2: number;
    readonly epsilon: number;
  };
}

const wganGp = {
  batchSize: 64,
  latent: 100,
  criticSteps: 5,
  lambda: 10,
  adam: { learningRate: 1e-4, beta1: 0, beta2: 0.9, epsilon: 1e-8 },
};

export const cases: readonly BenchCase[] = [
  { name: 'wgan-gp-mlp', ...wganGp, sample: [784], network: { kind: 'mlp', depth: 3, width: 512 } },
  { name: 'wgan-gp-conv', ...wganGp, sample: [32, 32, 3], network: { kind: 'dcgan', filters: 64, kernel: 4 } },
];

/**
 * Floating-point operations of the matrix products and convolutions that one iteration cannot do without.
 *
 * With F and G the cost of a forward pass of critic and generator, F₁ and G₁ of their first layers: a critic step makes
 * samples (G), judges real and fake (2F), differentiates that by the weights (2F) and by the inners (2(F - F₁)); the penalty
 * costs a forward pass, ∇D(x^), and both halves of the gradient of that chain of products (4F). The path of second order
 * through the activations is exactly zero, since these are piecewise linear. A generator step is G + 2F forward and through
 * the critic, and 2G - G₁ through the generator.
 */
export function flopsPerIteration({ batchSize, latent, sample, network, criticSteps }: BenchCase): number {
  const { generator, critic } =
    network.kind === 'mlp' ? mlpProducts(network, latent, sample) : dcganProducts(network, latent, sample);
  const total = (products: readonly number[]) => products.reduce((sum, n) => sum + n, 0);
  const [G, F] = [total(generator), total(critic)];
  const criticStep = G + 10 * F - 2 * critic[0];
  const generatorStep = 3 * G - generator[0] + 2 * F;
  return 2 * batchSize * (criticSteps * criticStep + generatorStep);
}

interface Products {
  /** Multiplications of a forward pass of one sample, layer by layer. */
  readonly generator: readonly number[];
  readonly critic: readonly number[];
}

function mlpProducts({ depth, width }: MlpShape, latent: number, sample: readonly number[]): Products {
  const length = sample.reduce((size, n) => size * n, 1);
  const dense = (input: number, output: number) => {
    const sizes = [input, ...new Array<number>(depth).fill(width), output];
    return sizes.slice(1).map((size, i) => sizes[i] * size);
  };
  return { generator: dense(latent, length), critic: dense(length, 1) };
}

/** Side × side × channels halved down to a map of 4 to 7 pixels; filters double with each halving. */
function dcganProducts({ filters, kernel }: DcganShape, latent: number, sample: readonly number[]): Products {
  const convolutions: number[] = [];
  let [side, , channels] = sample;
  for (let count = filters; side >= 8; count *= 2) {
    side /= 2;
    convolutions.push(side * side * kernel * kernel * channels * count); // the same for a convolution and its transpose
    channels = count;
  }
  const code = side * side * channels;
  return { generator: [latent * code, ...convolutions.toReversed()], critic: [...convolutions, code] };
}
