// The minimum arithmetic of an iteration, derived from the network shapes and not from a graph of any contender.
import type { BenchCase, DcganShape, MlpShape, ResnetShape } from './cases';

/**
 * The minimum number of floating-point operations in the matrix products and convolutions of one iteration.
 *
 * Let F and G be the cost of a forward pass of critic and generator, F₁ and G₁ that of their first layers. A critic
 * step generates samples (G), scores real and fake samples (2F), and computes gradients by the weights (2F) and by the
 * hidden activations (2(F - F₁)). The penalty costs a forward pass, ∇D(x̂), and the gradient of both (4F in total). The
 * second-order path through piecewise linear activations is exactly zero. A generator step costs G + 2F for the forward
 * pass and the gradient through the critic, and 2G - G₁ for the gradient through the generator.
 */
export function flopsPerIteration({ batchSize, latent, sample, network, criticSteps, constraint }: BenchCase): number {
  const players = { mlp: mlpProducts, dcgan: dcganProducts, resnet: resnetProducts };
  const products = players[network.kind] as (shape: typeof network, latent: number, sample: Sample) => Products;
  const { generator, critic } = products(network, latent, sample);
  const [G, F] = [total(generator), total(critic)];
  const penalty = constraint?.kind === 'gradient-penalty' ? 4 * F : 0;
  const criticStep = G + 6 * F - 2 * critic.first + penalty;
  const generatorStep = 3 * G - generator.first + 2 * F;
  return 2 * batchSize * (criticSteps * criticStep + generatorStep);
}

type Sample = BenchCase['sample'];

/** Multiplications of a forward pass of one sample: in the first layers, and in all others. */
interface Pass {
  readonly first: number;
  readonly rest: readonly number[];
}
interface Products {
  readonly generator: Pass;
  readonly critic: Pass;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const total = ({ first, rest }: Pass): number => first + sum(rest);
const pass = ([first, ...rest]: readonly number[]): Pass => ({ first, rest });

function mlpProducts({ depth, width }: MlpShape, latent: number, sample: Sample): Products {
  const length = sample.reduce((size, n) => size * n, 1);
  const dense = (input: number, output: number) => {
    const sizes = [input, ...new Array<number>(depth).fill(width), output];
    return pass(sizes.slice(1).map((size, i) => sizes[i] * size));
  };
  return { generator: dense(latent, length), critic: dense(length, 1) };
}

/** Convolutions halve the side down to 4 to 7 pixels, and double the filters each time. */
function dcganProducts({ filters, kernel }: DcganShape, latent: number, sample: Sample): Products {
  const convolutions: number[] = [];
  let [side, , channels] = sample;
  for (let count = filters; side >= 8; count *= 2) {
    side /= 2;
    convolutions.push(side * side * kernel * kernel * channels * count); // the same for a convolution and its transpose
    channels = count;
  }
  const code = side * side * channels;
  return { generator: pass([latent * code, ...convolutions.toReversed()]), critic: pass([...convolutions, code]) };
}

/**
 * The residual networks of Gulrajani et al. 2017 for 32 × 32 (gan_cifar_resnet.py): the three blocks of the generator
 * double the side, starting at 4; the first two blocks of the critic halve it and the last two keep it. Redundant work
 * is counted once: a 1 × 1 convolution is counted before upsampling, and a convolution with mean pooling as one of
 * stride 2 with a kernel larger by 1.
 */
function resnetProducts({ filters: f }: ResnetShape, latent: number, [side, , channels]: Sample): Products {
  const conv = (at: number, kernel: number, from: number, to: number) => at * at * kernel * kernel * from * to;
  const mean = (at: number, kernel: number, from: number, to: number) => conv(at, kernel + 1, from, to);
  const up = [8, 16, 32].flatMap((at) => [conv(at, 3, f, f), conv(at, 3, f, f), conv(at / 2, 1, f, f)]);
  const first = conv(side, 3, channels, f) + mean(side / 2, 1, channels, f);
  const down = [conv(side / 2, 3, f, f), mean(side / 4, 3, f, f), mean(side / 4, 1, f, f)];
  const keep = new Array<number>(4).fill(conv(side / 4, 3, f, f));
  const critic = [mean(side / 2, 3, f, f), ...down, ...keep, f];
  return {
    generator: { first: latent * 16 * f, rest: [...up, conv(side, 3, f, channels)] },
    critic: { first, rest: critic },
  };
}
